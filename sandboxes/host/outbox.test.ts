/** Messages go together, and one that cannot go costs no other, in this outbox or in those of the same turn. */
import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

/** Takes what can be copied, as a MessagePort does. */
function outlet(): { post(messages: unknown[]): void; got: unknown[] } {
  const got: unknown[] = [];
  return { got, post: (messages) => void got.push(structuredClone(messages)) };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test('what is said in one turn goes in one batch', async () => {
  const to = outlet();
  const outbox = new Outbox<number>(to);
  outbox.push(1);
  outbox.push(2);
  await turn();
  expect(to.got).toEqual([[1, 2]]);
});

test('in the place of a message that cannot be copied goes what tells of it', async () => {
  const to = outlet();
  const outbox = new Outbox<unknown>(to, (lost) => (typeof lost === 'function' ? 'instead' : null));
  outbox.push('before');
  outbox.push(() => {});
  await turn();
  expect(to.got).toEqual([['before'], ['instead']]);
});

test('a message that cannot be copied is lost alone', async () => {
  const [to, other] = [outlet(), outlet()];
  const [outbox, second] = [new Outbox<unknown>(to), new Outbox<unknown>(other)];
  outbox.push('before');
  outbox.push(() => {});
  outbox.push('after');
  second.push('beside');
  await turn();
  expect(to.got).toEqual([['before'], ['after']]);
  expect(other.got).toEqual([['beside']]);
  outbox.push('later');
  await turn();
  expect(to.got.at(-1)).toEqual(['later']);
});
