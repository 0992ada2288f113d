import { expect, test } from 'vitest';
import type { TraceEvent } from '../../../sandboxes/host/events.ts';
import { Runs } from './runs.ts';

/** A pool of uWSGI: workers 1, 2 … with these pids, from `t` on; those of another pool end then. */
function pool(t: number, pids: readonly number[], ended: readonly number[] = []): TraceEvent[] {
  const role = { type: 'process.role', t, seq: 1, role: 'worker', server: 'uwsgi' } as const;
  return [
    ...ended.map((pid): TraceEvent => ({ type: 'process.exit', t, pid, seq: 9, code: 0, signal: null })),
    ...pids.map((pid, i): TraceEvent => ({ ...role, pid, worker: i + 1 })),
  ];
}
const ONE = [10];
const FOUR = [20, 21, 22, 23];

/** Four requests, each sent a millisecond after the one before; `plan` says which worker has it, from when to when. */
function events(url: string, start: number, plan: readonly (readonly [worker: number, from: number, to: number])[]): TraceEvent[] {
  return plan.flatMap(([worker, from, to], index): TraceEvent[] => {
    const n = start * 10 + index;
    const conn = `up.${n}`;
    return [
      { type: 'client.request', t: start + index, pid: 1, seq: n, conn: 'c', n, method: 'GET', url: `http://localhost${url}` },
      { type: 'nginx.upstream', t: start + index, pid: 2, seq: n, conn: 'c', n, upstream: conn, address: 'unix:/run/shop/shop.sock' },
      { type: 'wsgi.call', t: start + from, pid: 2 + worker, seq: n, conn, worker, method: 'GET', uri: url },
      { type: 'wsgi.return', t: start + to, pid: 2 + worker, seq: n + 1, conn, worker, status: 200, bytes: 2, ms: to - from, error: false },
      { type: 'client.response', t: start + to + 1, pid: 1, seq: n + 1, conn: 'c', n, status: 200, bytes: 2, server: 'nginx' },
    ];
  });
}

const IN_TURN = [
  [1, 4, 104],
  [1, 105, 205],
  [1, 206, 306],
  [1, 307, 407],
] as const;
const AT_ONCE = [
  [3, 4, 104],
  [1, 5, 105],
  [4, 6, 106],
  [2, 7, 107],
] as const;

function latest(...batches: readonly (readonly TraceEvent[])[]) {
  const runs = new Runs();
  for (const batch of batches) runs.add(batch);
  return runs.latest();
}

test('four at once are a run, in one worker or in several, and the last of each is kept', () => {
  const one = { kind: 'wait', workers: 1, wall: 408 };
  const more = { kind: 'wait', workers: 4, wall: 108 };
  expect(latest(pool(-1, ONE), events('/wait?ms=100', 0, IN_TURN))).toMatchObject([one]);
  const both = latest(
    pool(-1, FOUR),
    events('/wait?ms=100', 0, AT_ONCE),
    pool(900, ONE, FOUR),
    events('/wait?ms=100', 1000, IN_TURN),
    pool(1900, [30, 31, 32, 33], ONE),
    events('/wait?ms=100', 2000, AT_ONCE),
  );
  expect(both).toMatchObject([more, one]);
  expect(both[0]?.requests).toEqual([
    { sent: 0, from: 4, to: 104 },
    { sent: 1, from: 5, to: 105 },
    { sent: 2, from: 6, to: 106 },
    { sent: 3, from: 7, to: 107 },
  ]);
});

test('how many there were counts, not how many took part, nor who came before or after', () => {
  const all = [...pool(-9, [7]), ...pool(-1, FOUR, [7]), ...events('/wait?ms=100', 0, IN_TURN), ...pool(900, ONE, FOUR)];
  expect(latest(all)).toMatchObject([{ workers: 4, wall: 408 }]);
  expect(latest([...all].reverse())).toMatchObject([{ workers: 4, wall: 408 }]);
});

test('hundreds of other requests, and a client that ended without an answer, leave the next runs alone', () => {
  const others = Array.from({ length: 300 }, (_, i) => events('/', 1000 + i * 1000, AT_ONCE)).flat();
  const [lost] = events('/wait?ms=100', 500, IN_TURN) as [TraceEvent];
  const gone: TraceEvent = { type: 'process.exit', t: 600, pid: 8, seq: 1, code: null, signal: 'SIGINT' };
  const runs = new Runs();
  for (const batch of [pool(-1, FOUR), events('/wait?ms=100', 0, AT_ONCE), [{ ...lost, pid: 8 }, gone], others]) runs.add(batch);
  expect(runs.latest()).toMatchObject([{ workers: 4, wall: 108 }]);
  runs.add([...pool(400_000, ONE, FOUR), ...events('/wait?ms=100', 400_001, IN_TURN)]);
  expect(runs.latest()).toMatchObject([{ workers: 4 }, { workers: 1, wall: 408 }]);
});

test('what waits and what computes are apart, and other pages are none of them', () => {
  const both = [...events('/wait?ms=100', 0, AT_ONCE), ...events('/burn?n=9', 1, AT_ONCE), ...events('/burning', 2, AT_ONCE)];
  expect(latest(both).map(({ kind, requests }) => [kind, requests.length])).toEqual([
    ['wait', 4],
    ['burn', 4],
  ]);
});

test('the order in which batches come changes nothing', () => {
  const all = events('/burn?n=9', 0, AT_ONCE);
  const whole = latest(all);
  expect(whole).toHaveLength(1);
  expect(latest([...all].reverse())).toEqual(whole);
  expect(latest(...all.map((event) => [event]).reverse())).toEqual(whole);
});

test('fewer than four, one that failed and one under way make no run', () => {
  const all = events('/wait?ms=100', 0, AT_ONCE);
  expect(latest(all.filter(({ t }) => t !== 107 && t !== 108 && t !== 3))).toEqual([]);
  const lastAnswer = all.at(-1) as TraceEvent;
  expect(latest(all.slice(0, -1))).toEqual([]);
  expect(latest(all, [lastAnswer])).toHaveLength(1);
  const failed: TraceEvent[] = all.flatMap((event): TraceEvent[] =>
    event.type === 'client.response' && event.t === 108
      ? [{ type: 'client.failed', t: 108, pid: 1, seq: 99, conn: event.conn, n: event.n, reason: 'gone' }]
      : event.type === 'wsgi.return' && event.t === 107
        ? []
        : [event],
  );
  expect(latest(failed)).toEqual([]);
});

test('a long session forgets what is old, and not what came last', () => {
  const runs = new Runs();
  for (let i = 0; i < 200; i++) {
    const [now, before] = i % 2 ? [FOUR, ONE] : [ONE, FOUR];
    // every pool has processes of its own
    const pids = (some: readonly number[], turn: number): number[] => some.map((pid) => pid + turn * 100);
    runs.add([...pool(i * 1000 - 1, pids(now, i), pids(before, i - 1)), ...events('/wait?ms=100', i * 1000, i % 2 ? AT_ONCE : IN_TURN)]);
  }
  expect(runs.latest().map(({ workers }) => workers)).toEqual([1, 4]);
});

test('only an end can complete a run', () => {
  const [sent, upstream, called, returned] = events('/wait?ms=100', 0, AT_ONCE) as [TraceEvent, TraceEvent, TraceEvent, TraceEvent];
  const runs = new Runs();
  expect(runs.add([sent, upstream, called])).toBe(false);
  expect(runs.add([returned])).toBe(true);
});
