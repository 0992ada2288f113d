import { expect, test } from 'vitest';
import type { TraceEvent } from '../../../sandboxes/host/events.ts';
import { small } from '../../trace/fixtures/small.ts';
import { frameAt } from '../../trace/frame.ts';
import { TraceLog } from '../../trace/log.ts';
import { indexOf } from '../../trace/trace-index.ts';
import { Traffic } from '../../trace/traffic.ts';
import { HELP, KEYS } from './keys.ts';
import { Player } from './player.ts';
import { summary } from './summary.ts';
import { rowsOf } from './table-rows.ts';

const sent = (n: number, t: number, url: string): TraceEvent =>
  ({ t, pid: 2, seq: n, type: 'client.request', conn: `c${n}`, n: 1, method: 'GET', url }) as TraceEvent;
const answered = (n: number, t: number, status: number): TraceEvent =>
  ({ t, pid: 2, seq: 100 + n, type: 'client.response', conn: `c${n}`, n: 1, status, bytes: 1, server: 'nginx' }) as TraceEvent;
const file = (n: number, t: number): TraceEvent =>
  ({ t, pid: 5, seq: n, type: 'nginx.file', conn: `c${n}`, n: 1, path: '/x', found: true }) as TraceEvent;

const mixed = new TraceLog([
  sent(1, 10, '/b'),
  answered(1, 30, 200),
  sent(2, 20, '/a'),
  file(2, 21),
  answered(2, 22, 304),
  sent(3, 40, '/c'),
  answered(3, 41, 502),
  sent(4, 50, '/d'),
]);
const numbers = (...of: Parameters<typeof rowsOf> extends [unknown, ...infer Rest] ? Rest : never): number[] =>
  rowsOf(new Traffic(mixed), ...of).map((row) => row.number);

test('the table sorts by any column, what is not known last either way, and filters', () => {
  expect(numbers('all', { by: 'number', direction: -1 })).toEqual([4, 3, 2, 1]);
  expect(numbers('all', { by: 'request', direction: 1 })).toEqual([2, 1, 3, 4]);
  expect(numbers('all', { by: 'total', direction: 1 })).toEqual([3, 2, 1, 4]);
  expect(numbers('all', { by: 'total', direction: -1 })).toEqual([1, 2, 3, 4]);
  expect(numbers('errors', { by: 'number', direction: 1 })).toEqual([3]);
  expect(numbers('static', { by: 'number', direction: 1 })).toEqual([2]);
  expect(numbers('waited', { by: 'number', direction: 1 })).toEqual([]);
});

test('the summary counts, and names who is not well', () => {
  const log = new TraceLog(small);
  const done = summary(frameAt(log, log.end), 'python');
  expect(done).toMatch(/^\d+ answered/);
  expect(done).not.toContain('wait');
  const waiting = indexOf(log).requests.list.flatMap((one) => one.hops.filter((hop) => hop.stage === 'queued'))[0]?.t ?? 0;
  expect(summary(frameAt(log, waiting), 'python')).toContain('1 waits');
  expect(summary(frameAt(log, log.end), 'iis')).not.toContain('worker');
  const frame = frameAt(log, 20);
  const workers = frame.workers.map((worker) => ({ ...worker, state: 'dead' as const }));
  expect(summary({ ...frame, workers }, 'python')).toContain('worker 1 is dead');
  const answers = { ...frame.answers, ok: 2, 'server-error': 1, failed: 1 };
  expect(summary({ ...frame, answers }, 'python')).toMatch(/^3 answered, 1 of them 5xx, 1 without an answer[,.]/);
});

test('marks are visited one after the other, both ways, and the clock stands still there', () => {
  const player = new Player(new TraceLog(small), false);
  player.playing = true;
  const marks = [12, 20, 33];
  expect([1, 1, 1, 1].map((by) => player.toMark(marks, by as 1))).toEqual([12, 20, 33, undefined]);
  expect(player.t).toBe(33);
  expect(player.playing).toBe(false);
  expect(player.toMark(marks, -1)).toBe(20);
});

test('a tenth of the whole is a tenth of the screen time', () => {
  const player = new Player(new TraceLog(small), false);
  player.seekPart(0.5);
  expect(player.screen).toBeCloseTo(player.end / 2, 6);
  player.seekPart(0);
  expect(player.screen).toBe(0);
});

test('a live figure says how far behind it is, and is not once it has jumped', () => {
  const log = new TraceLog(small.filter((event) => event.t < 10));
  const player = new Player(log, true);
  player.playing = false;
  log.add(small);
  player.grew(100);
  expect(player.behind).toBeGreaterThan(20);
  player.toLive();
  expect(player.behind).toBeLessThan(1);
  expect(new Player(log, false).behind).toBe(0);
});

test('the help names every key that the figure hears', () => {
  const named = new Set(HELP.flatMap(([keys]) => keys.split(/ and | or | to /)));
  const sign: Readonly<Record<string, string>> = { ' ': 'Space', ArrowLeft: '←', ArrowRight: '→' };
  expect(Object.keys(KEYS).filter((key) => !named.has(sign[key] ?? key))).toEqual([]);
});
