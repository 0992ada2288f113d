import { expect, test, vi } from 'vitest';
import engage from './engage.ts';

const page = new EventTarget();
vi.stubGlobal('window', page);
vi.stubGlobal('location', { hash: '' });
vi.stubGlobal('Worker', class {});

/** An island with the directive on it; `came` is told what it heard once its script was there. */
function island(value: true | 'now') {
  const came: unknown[] = [];
  const load = vi.fn(async () => async () => page.addEventListener('ftr:figure', (event) => came.push((event as CustomEvent).detail)));
  const marks = Object.assign(new EventTarget(), { setAttribute() {}, removeAttribute() {}, hasAttribute: () => false });
  engage(load, { name: 'Playground', value: value as string }, marks as unknown as HTMLElement);
  return { load, came };
}

test('a script is fetched when something is wanted of it, which then happens once', async () => {
  const { load, came } = island(true);
  expect(load).not.toHaveBeenCalled();
  page.dispatchEvent(new CustomEvent('ftr:figure', { detail: 'mine' }));
  expect(load).toHaveBeenCalledOnce();
  await vi.waitFor(() => expect(came).toEqual(['mine']));
});

test('what is to be fetched at once keeps what is wanted before it is there', async () => {
  const { load, came } = island('now');
  expect(load).toHaveBeenCalledOnce();
  page.dispatchEvent(new CustomEvent('ftr:figure', { detail: 'early' }));
  await vi.waitFor(() => expect(came).toEqual(['early']));
});
