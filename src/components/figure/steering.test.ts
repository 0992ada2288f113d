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

function begin(log = new TraceLog(small)) {
  const player = new Player(log, false);
  const root = new EventTarget();
  const moved = vi.fn<(moment: Moment) => void>();
  root.addEventListener('ftr:moved', (event) => moved((event as CustomEvent<Moment>).detail));
  const steering: Steering = new Steering(
    root as HTMLElement,
    () => player,
    (what) => {
      what();
      steering.moved(true);
    },
  );
  const run = (ms: number): void => {
    for (let now = 0; now < ms; now += 16) player.tick(16, now);
  };
  return { player, steering, moved, run };
}

test('a part of the recording stops where it ends, and play goes on from there', () => {
  const { player, steering, run } = begin();
  steering.go({ t: 0, until: 20, playing: true });
  run(20_000);
  expect([player.playing, player.t]).toEqual([false, expect.closeTo(20, 1)]);
  steering.go({ playing: true });
  run(100);
  expect([player.playing, player.t > 20]).toEqual([true, true]);
  steering.go({ playing: false });
  expect(player.playing).toBe(false);
});

test('play at the end begins anew; a moment at the end stays there', () => {
  const { player, steering } = begin();
  steering.go({ t: 45, playing: true });
  expect([player.playing, player.atEnd]).toEqual([false, true]);
  steering.go({ playing: true });
  expect([player.playing, player.t]).toEqual([true, expect.closeTo(0, 6)]);
});

test('who comes late is where the others are, also when the recording has come only later', () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
  const { player, steering } = begin();
  steering.go({ t: 0, playing: true, speed: 0.5, at: 800 });
  expect([player.playing, player.screen - player.story.screenTime(0)]).toEqual([true, 100]);
  steering.go({ t: 0, playing: false, at: 800 });
  expect([player.playing, player.t]).toEqual([false, expect.closeTo(0, 6)]);

  const log = new TraceLog();
  const late = begin(log);
  late.steering.go({ t: 0, playing: true, speed: 0.5, at: 800 });
  clock.mockReturnValue(1400);
  log.add(small);
  late.player.grew(1400);
  late.steering.began();
  expect([late.player.playing, late.player.screen - late.player.story.screenTime(0)]).toEqual([true, 300]);
});

test('played once more from the same time is said, paused at the same time is not', () => {
  const { steering, moved } = begin();
  steering.go({ t: 5, playing: true });
  steering.go({ t: 5, playing: true });
  expect(moved).toHaveBeenCalledTimes(2);
  steering.go({ t: 5, playing: false });
  steering.go({ t: 5, playing: false });
  expect(moved).toHaveBeenCalledTimes(3);
});
