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
