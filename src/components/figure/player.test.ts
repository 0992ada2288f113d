import { expect, test } from 'vitest';
import { small } from '../../trace/fixtures/small.ts';
import { frameAt } from '../../trace/frame.ts';
import { TraceLog } from '../../trace/log.ts';
import { ringOf } from '../../trace/ring.ts';
import { indexOf } from '../../trace/trace-index.ts';
import { Player } from './player.ts';

function run(player: Player, from: number, ms: number): number {
  let now = from;
  for (; now < from + ms; now += 16) player.tick(16, now);
  return now;
}

test('a recording plays to its end, stops, and plays again from the start', () => {
  const player = new Player(new TraceLog(small), false);
  expect(player.playing).toBe(false);
  player.toggle();
  run(player, 0, 500);
  expect(player.playing).toBe(true);
  expect(player.screen).toBeGreaterThan(480);
  run(player, 500, 20_000);
  expect(player.playing).toBe(false);
  expect(player.t).toBeCloseTo(45, 3);
  player.toggle();
  expect(player.t).toBeCloseTo(0, 6);
  player.speed = 0.25;
  run(player, 0, 400);
  expect(player.screen).toBeLessThan(120);
});

test('steps visit every moment forwards and the same ones backwards', () => {
  const log = new TraceLog(small);
  const player = new Player(log, false, -1);
  const times = [...new Set(indexOf(log).moments.map((moment) => moment.t))];
  const forwards: number[] = [];
  for (let i = 0; i < times.length; i++) {
    player.step(1);
    forwards.push(player.t);
  }
  expect(forwards).toEqual(times);
  const backwards = [player.t];
  for (let i = 1; i < times.length; i++) {
    player.step(-1);
    backwards.push(player.t);
  }
  expect(backwards.reverse()).toEqual(times);
  expect(player.playing).toBe(false);
});

test('a live figure follows, can be paused while things go on, and catches up', () => {
  const log = new TraceLog(small.filter((event) => event.t < 10));
  const player = new Player(log, true);
  const feed = (from: number, to: number, now: number): void => {
    // The worker takes three seconds over its request, so all that comes after it is later by that much.
    log.add(
      small.filter((event) => event.t >= from && event.t < to).map((event) => ({ ...event, t: event.t < 18 ? event.t : event.t + 3000 })),
    );
    player.grew(now);
  };
  expect(player.playing).toBe(true);
  feed(10, 18, 1018);
  const now = run(player, 1018, 3000);
  // The worker is still at it: time goes on by itself, a little behind the present.
  expect(player.t).toBeGreaterThan(1000);
  expect(player.t).toBeLessThan(3017 - 140);
  player.toggle();
  const held = player.t;
  feed(18, 50, now);
  run(player, now, 500);
  expect(player.t).toBe(held);
  expect(player.atEnd).toBe(false);
  player.toLive();
  expect(player.playing).toBe(true);
  expect(player.t).toBeCloseTo(3045, 3);
});

test('a live figure that has nothing to show does not ask for another frame', () => {
  const log = new TraceLog(small);
  const player = new Player(log, true);
  expect(player.tick(16, 16)).toBe(false);
});

test('speeds go step by step and stay within their range', () => {
  const player = new Player(new TraceLog(small), false);
  for (const expected of [2, 4, 4]) {
    player.changeSpeed(1);
    expect(player.speed).toBe(expected);
  }
  for (let i = 0; i < 9; i++) player.changeSpeed(-1);
  expect(player.speed).toBe(0.1);
});

test('a live figure shows what happened a blink after the last thing it showed', () => {
  const log = new TraceLog(small);
  const player = new Player(log, true);
  log.add([{ type: 'uwsgi.ready', t: log.end + 0.2, pid: 9, seq: 900, worker: 4 }]);
  player.grew(1000);
  // a frame that was asked for in the middle of the one before it has no time of its own
  for (let now = 1000, passed = 0; player.tick(passed, now); now += 16) passed = 16;
  expect(player.t).toBe(log.end);
});

test('a live figure does not stop before the worker has ended its part, though the visitor has the answer', () => {
  const late = small
    .filter((event) => event.t < 16)
    .concat(
      { type: 'client.response', t: 21, pid: 5, seq: 90, conn: 'a', n: 1, status: 200, bytes: 2, server: 'nginx' },
      { type: 'wsgi.return', t: 21.4, pid: 3, seq: 91, conn: 'ua', worker: 1, status: 200, bytes: 2, ms: 6, error: false },
    );
  const log = new TraceLog(late.slice(0, 9));
  const player = new Player(log, true);
  log.add(late);
  player.grew(1000);
  run(player, 1000, 5000);
  expect(frameAt(log, player.t).workers).toMatchObject([{ state: 'idle', served: 1 }]);
});

test('nothing leads to before what a live log still has, and where it stood moves on with it', () => {
  const log = new TraceLog([], null, ringOf(60));
  const player = new Player(log, true);
  player.playing = false;
  let now = 1000;
  for (let round = 0; round < 12; round++, now += 100) {
    log.add(
      small.map((event) => {
        const moved = { ...event, t: event.t + round * 100, seq: event.seq + round * 1000 };
        return 'conn' in moved ? { ...moved, conn: `${moved.conn}${round}` } : moved;
      }),
    );
    player.grew(now);
  }
  expect(log.whole).toBeGreaterThan(0);
  const inside = (): void => expect(player.t).toBeGreaterThanOrEqual(log.whole - 0.001);
  inside();
  const moves = [() => player.restart(), () => player.seek(0), () => player.seekPart(0), () => player.seekTo(0)];
  for (const move of moves) {
    player.toLive();
    move();
    inside();
    expect(player.screen).toBe(player.first);
  }
  for (let i = 0; i < 500; i++) player.step(-1);
  inside();
});

test('a live run that is looked at again goes at the chosen speed, and keeps up again from the end on', () => {
  const log = new TraceLog(small.map((event) => ({ ...event, t: event.t * 400 })));
  const player = new Player(log, true);
  player.grew(0);
  player.restart();
  player.speed = 0.1;
  const from = player.screen;
  run(player, 0, 1600);
  expect(player.screen - from).toBeGreaterThan(120);
  expect(player.screen - from).toBeLessThan(200);
  player.toLive();
  player.seek(player.end - 9000);
  const again = player.screen;
  player.speed = 1;
  run(player, 1600, 800);
  expect(player.screen - again).toBeLessThan(900);
});
