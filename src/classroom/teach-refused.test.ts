import { afterEach, expect, test, vi } from 'vitest';
import type { Count } from './place.ts';
import { Teaching, WRONG_KEY } from './teach.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A relay that always answers so; how often it was asked, and what the teacher heard. */
function relayThatSays(status: number, body: object) {
  vi.useFakeTimers();
  const asked = vi.fn(() => Promise.resolve(Response.json(body, { status })));
  vi.stubGlobal('fetch', asked);
  const heard: string[] = [];
  const teaching = new Teaching({ room: 'room1', key: 'k' }, (_count: Count | null, trouble: string) => heard.push(trouble));
  return { asked, heard, teaching };
}

const place = { lesson: 'gil', step: 1, moment: null };

test('a key that is not this class’s is said, and not tried again', async () => {
  const { asked, heard, teaching } = relayThatSays(403, { error: 'Only the presenter can move the class.' });
  teaching.tell(place);
  await vi.advanceTimersByTimeAsync(60_000);
  teaching.tell({ ...place, step: 2 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard).toEqual([WRONG_KEY]);
  expect(asked).toHaveBeenCalledTimes(1);
});

test('a relay that is away for a while is tried again', async () => {
  const { asked, heard, teaching } = relayThatSays(503, { error: 'The relay has lost its connection.' });
  teaching.tell(place);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard[0]).toBe('The class is not reached: The relay has lost its connection.');
  expect(asked.mock.calls.length).toBeGreaterThan(2);
});
