import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Told } from './place.ts';
import { type Class, Teaching, watchClass } from './teach.ts';

const told: Told[] = [];
let relay: 'there' | 'away' | 'new' = 'there';

beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
  relay = 'there';
  vi.stubGlobal('fetch', async (_address: string, { body }: { readonly body: string }) => {
    if (relay === 'away') throw new Error('refused');
    const { place } = JSON.parse(body) as { readonly place?: Told };
    if (place) told.push(place);
    const placed = relay === 'there' || place !== undefined;
    return Response.json({ here: 0, following: 0, passed: {}, address: 'http://teacher/r/room1', placed });
  });
});

afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const begin = () => new Teaching({ room: 'room1', key: 'key' }, () => {});
const playing = () => ({ t: 100, playing: true, speed: 1 });

test('the same place again is not said, the same moment on another step is, with its age', async () => {
  const teaching = begin();
  const moment = playing();
  teaching.tell({ lesson: 'gil', step: 1, moment });
  await vi.advanceTimersByTimeAsync(3000);
  teaching.tell({ lesson: 'gil', step: 1, moment });
  await vi.advanceTimersByTimeAsync(1000);
  expect(told).toEqual([{ lesson: 'gil', step: 1, moment, ago: 0 }]);
  teaching.tell({ lesson: 'gil', step: 2, moment });
  await vi.advanceTimersByTimeAsync(0);
  // played once more from the same time: that is new
  teaching.tell({ lesson: 'gil', step: 2, moment: playing() });
  await vi.advanceTimersByTimeAsync(0);
  expect(told.slice(1).map(({ step, ago }) => [step, ago])).toEqual([
    [2, 4000],
    [2, 0],
  ]);
});

test('a stage that is left while it plays leaves the class standing where it is then', async () => {
  const teaching = begin();
  teaching.leave();
  teaching.tell({ lesson: 'gil', step: 1, moment: { t: 100, playing: true, speed: 0.5 } });
  await vi.advanceTimersByTimeAsync(1000);
  teaching.leave();
  // nothing waits for a timer: the page has none any more
  expect(told.slice(1)).toEqual([{ lesson: 'gil', step: 1, moment: { t: 600, playing: false, speed: 0.5 }, ago: 0 }]);
  teaching.leave();
  expect(told.length).toBe(2);
});

test('a class that another has taken the place of is told nothing, and says nothing', async () => {
  const heard = vi.fn();
  const teaching = new Teaching({ room: 'room1', key: 'key' }, heard);
  teaching.tell({ lesson: 'gil', step: 1, moment: null });
  teaching.end();
  teaching.tell({ lesson: 'gil', step: 2, moment: null });
  await vi.advanceTimersByTimeAsync(30_000);
  expect([told.length, heard.mock.calls]).toEqual([1, []]);
});

test('what a relay missed, because it was away or began anew, is said again with its age', async () => {
  const teaching = begin();
  relay = 'away';
  teaching.tell({ lesson: 'gil', step: 1, moment: playing() });
  await vi.advanceTimersByTimeAsync(0);
  relay = 'there';
  await vi.advanceTimersByTimeAsync(1000);
  expect(told.length).toBe(1);
  expect(told[0]?.ago).toBeGreaterThanOrEqual(250);
  relay = 'new';
  await vi.advanceTimersByTimeAsync(2100);
  expect(told[1]).toMatchObject({ step: 1, moment: playing() });
  expect(told[1]?.ago).toBeGreaterThanOrEqual(2000);
});

test('the key goes out of the address, also when it is pasted into the open page', () => {
  const window = new EventTarget();
  const address = { hash: '#room=room1&key=one', pathname: '/present/', search: '' };
  const kept = new Map<string, string>();
  vi.stubGlobal('location', address);
  vi.stubGlobal('history', { state: null, replaceState: () => (address.hash = '') });
  const sessionStorage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) };
  vi.stubGlobal('window', Object.assign(window, { sessionStorage }));
  const heard = vi.fn<(mine: Class) => void>();
  watchClass(heard);
  expect(address.hash).toBe('');
  address.hash = '#room=room2&key=two';
  window.dispatchEvent(new Event('hashchange'));
  expect(address.hash).toBe('');
  expect(heard.mock.calls).toEqual([[{ room: 'room1', key: 'one' }], [{ room: 'room2', key: 'two' }]]);
});
