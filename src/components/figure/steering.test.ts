import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { small } from '../../trace/fixtures/small.ts';
import { TraceLog } from '../../trace/log.ts';
import { Player } from './player.ts';
import { type Moment, Steering } from './steering.ts';

beforeEach(() => {
  vi.stubGlobal('window', new EventTarget());
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function begin(log = new TraceLog(small), loaded = Promise.resolve(), live = false) {
  const player = new Player(log, live);
  const root = new EventTarget();
  const moved = vi.fn<(moment: Moment) => void>();
  const sight = { seen: true };
  root.addEventListener('ftr:moved', (event) => moved((event as CustomEvent<Moment>).detail));
  const steering: Steering = new Steering(root as HTMLElement, {
    player: () => player,
    loaded: () => loaded.then(() => player),
    act(what) {
      what();
      steering.moved(true);
    },
    seen: () => sight.seen,
  });
  const run = (ms: number): void => {
    for (let now = 0; now < ms; now += 16) player.tick(16, now);
  };
  return { player, steering, moved, run, sight };
}

test('a part of the recording stops where it ends, and play goes on from there', async () => {
  const { player, steering, run } = begin();
  await steering.go({ t: 0, until: 20, playing: true });
  run(20_000);
  expect([player.playing, player.t]).toEqual([false, expect.closeTo(20, 1)]);
  await steering.go({ playing: true });
  run(100);
  expect([player.playing, player.t > 20]).toEqual([true, true]);
  await steering.go({ playing: false });
  expect(player.playing).toBe(false);
});

test('play at the end begins anew; a moment at the end stays there', async () => {
  const { player, steering } = begin();
  await steering.go({ t: 45, playing: true });
  expect([player.playing, player.atEnd]).toEqual([false, true]);
  await steering.go({ playing: true });
  expect([player.playing, player.t]).toEqual([true, expect.closeTo(0, 6)]);
});

test('who comes late is where the others are, also when the recording has come only later', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
  const { player, steering } = begin();
  await steering.go({ t: 0, playing: true, speed: 0.5, at: 800 });
  expect([player.playing, player.screen - player.story.screenTime(0)]).toEqual([true, 100]);
  await steering.go({ t: 0, playing: false, at: 800 });
  expect([player.playing, player.t]).toEqual([false, expect.closeTo(0, 6)]);

  const log = new TraceLog();
  let come = (): void => {};
  const late = begin(log, new Promise((resolve) => (come = resolve)));
  const gone = late.steering.go({ t: 0, playing: true, speed: 0.5, at: 800 });
  clock.mockReturnValue(1400);
  log.add(small);
  late.player.grew(1400);
  come();
  await gone;
  expect([late.player.playing, late.player.screen - late.player.story.screenTime(0)]).toEqual([true, 300]);
});

test('played once more from the same time is said, paused at the same time is not', async () => {
  const { steering, moved } = begin();
  await steering.go({ t: 5, playing: true });
  await steering.go({ t: 5, playing: true });
  expect(moved).toHaveBeenCalledTimes(2);
  await steering.go({ t: 5, playing: false });
  await steering.go({ t: 5, playing: false });
  expect(moved).toHaveBeenCalledTimes(3);
});

test('out of sight it stands still and says so, and again when it plays on', async () => {
  const { steering, moved, sight, run } = begin();
  await steering.go({ t: 5, playing: true });
  run(100);
  const told = (seen: boolean): Moment | undefined => {
    sight.seen = seen;
    steering.moved(false);
    return moved.mock.lastCall?.[0];
  };
  const left = told(false);
  expect(left).toMatchObject({ playing: false });
  expect(told(true)).toEqual({ ...left, playing: true });
  expect(told(true)).toBe(moved.mock.calls[2]?.[0]);
});

test('an event moves a recording and no live log, whoever holds the figure either', async () => {
  const [recording, live] = [begin(), begin(new TraceLog(small), Promise.resolve(), true)];
  window.dispatchEvent(new CustomEvent('ftr:move', { detail: { speed: 2 } }));
  await Promise.resolve();
  await live.steering.go({ playing: false });
  expect([recording.player.speed, live.player.speed, live.player.playing]).toEqual([2, 1, false]);
  expect(await live.steering.now()).toMatchObject({ playing: false, speed: 1 });
});
