import { expect, test } from 'vitest';
import { random, shuffled } from './fixtures/random.ts';
import { numbered, small } from './fixtures/small.ts';
import { frameAt } from './frame.ts';
import { TraceLog } from './log.ts';
import { account } from './text.ts';
import { indexOf } from './trace-index.ts';
import { REAL } from './vocabulary.ts';

const log = new TraceLog(small);
const stages = (t: number): string[] => frameAt(log, t).requests.map((request) => `${request.number} ${request.stage}`);
const worker = (t: number) => {
  const { pid, state, served, request } = frameAt(log, t).workers[0] ?? {};
  return { pid, state, served, request };
};

test('a request is joined over all processes and each hop has its time', () => {
  const hops = indexOf(log).requests.list.map((request) => request.hops.map((hop) => `${hop.stage} ${hop.t}`));
  expect(hops[0]).toEqual([
    'sent 10',
    'gate 11',
    'upstream 12',
    'queued 12.001',
    'accepted 13',
    'room 15',
    'returned 20',
    'response 21',
    'done 21.001',
  ]);
  expect(hops[1]).toEqual([
    'sent 16',
    'gate 16.001',
    'upstream 17',
    'queued 17.001',
    'accepted 23',
    'room 24',
    'failed 32',
    'response 33',
    'done 34',
  ]);
});

test('a connection that its client gave up keeps its place in the queue until somebody takes it', () => {
  const gaveUp = numbered([
    { type: 'socket.listen', t: 1, pid: 2, listener: 1, address: 'unix:/run/shop/shop.sock', backlog: 100 },
    { type: 'conn.queued', t: 5, pid: 4, conn: 'u', listener: 1, waiting: 1 },
    { type: 'conn.close', t: 10, pid: 4, conn: 'u', reset: false },
    { type: 'conn.accepted', t: 20, pid: 3, conn: 'u', listener: 1, waiting: 0, client: 4 },
  ]);
  for (const events of [gaveUp, shuffled(gaveUp, random(1))]) {
    const [early, late, taken] = [9, 15, 25].map((t) => frameAt(new TraceLog(events), t).listeners[0]?.givenUp);
    expect([early, late, taken]).toEqual([0, 1, 0]);
  }
});

test('a request is where the last thing that happened to it put it', () => {
  expect(stages(9)).toEqual([]);
  expect(stages(10.5)).toEqual(['1 sent']);
  expect(frameAt(log, 10.5).requests[0]?.progress).toBe(0.5);
  expect(stages(18)).toEqual(['1 room', '2 queued']);
  expect(frameAt(log, 18).listeners[0]).toMatchObject({
    address: 'unix:/run/shop/shop.sock',
    backlog: 100,
    server: 'uwsgi',
    waiting: ['b/1'],
  });
  expect(frameAt(log, 18).requests[1]?.place).toBe(1);
  expect(stages(32.5)).toEqual(['2 failed']);
  expect(stages(34)).toEqual([]);
  expect(frameAt(log, 34).answers).toMatchObject({ ok: 1, 'server-error': 1, failed: 0 });
});

test('a worker starts, works, dies and is replaced; the new process has served nobody yet', () => {
  expect(worker(3)).toMatchObject({ pid: 3, state: 'starting' });
  expect(worker(9)).toMatchObject({ pid: 3, state: 'idle', served: 0 });
  expect(worker(18)).toMatchObject({ pid: 3, state: 'busy', request: 'a/1' });
  expect(worker(22)).toMatchObject({ pid: 3, state: 'idle', served: 1, request: null });
  expect(worker(30.5)).toMatchObject({ pid: 3, state: 'dying' });
  expect(worker(35)).toMatchObject({ pid: 3, state: 'dead' });
  expect(worker(42)).toMatchObject({ pid: 6, state: 'respawning' });
  expect(worker(46)).toMatchObject({ pid: 6, state: 'idle', served: 0 });
  expect(frameAt(log, 46).master).toMatchObject({ pid: 2, state: 'idle' });
});

test('a worker whose client is gone is stuck, not free', () => {
  const until24 = small.filter((event) => event.t <= 24);
  const gone = new TraceLog([...until24, { type: 'client.failed', t: 26, pid: 5, seq: 90, conn: 'b', n: 1, reason: 'gave up' }]);
  expect(frameAt(gone, 27).workers[0]).toMatchObject({ state: 'stuck', request: 'b/1' });
  expect(frameAt(gone, 27).requests).toEqual([]);
  expect(frameAt(gone, 27).answers.failed).toBe(1);
});

test('a request straight to a socket of uWSGI that speaks HTTP goes by no gate, and its worker has served it', () => {
  const events = numbered([
    ...small.filter((event) => event.t <= 5),
    { type: 'socket.listen', t: 6, pid: 2, listener: 2, address: '127.0.0.1:8000', backlog: 100 },
    { type: 'process.start', t: 7, pid: 5, ppid: 1, program: 'curl', args: [], uid: 0 },
    { type: 'conn.queued', t: 8, pid: 5, conn: 'h', listener: 2, waiting: 1 },
    { type: 'conn.accepted', t: 9, pid: 3, conn: 'h', listener: 2, waiting: 0, client: 5 },
    { type: 'client.request', t: 10, pid: 5, conn: 'h', n: 1, method: 'GET', url: 'http://127.0.0.1:8000/' },
    { type: 'uwsgi.request', t: 12, pid: 3, conn: 'h', worker: 1, bytes: 300, vars: 12, method: 'GET', uri: '/' },
    { type: 'wsgi.call', t: 12, pid: 3, conn: 'h', worker: 1, method: 'GET', uri: '/' },
    { type: 'wsgi.return', t: 20, pid: 3, conn: 'h', worker: 1, status: 200, bytes: 2, ms: 8, error: false },
    { type: 'conn.close', t: 21, pid: 3, conn: 'h', reset: false },
    { type: 'client.response', t: 22, pid: 5, conn: 'h', n: 1, status: 200, bytes: 2, server: '' },
  ]);
  for (const all of [events, shuffled(events, random(3))]) {
    const direct = new TraceLog(all);
    expect(indexOf(direct).requests.list.map(({ hops }) => hops.map(({ stage }) => stage).join(' '))).toEqual([
      'sent queued accepted room returned done',
    ]);
    expect(frameAt(direct, 15).workers[0]).toMatchObject({ state: 'busy', request: 'h/1', served: 0 });
    expect(frameAt(direct, 23)).toMatchObject({ workers: [{ state: 'idle', served: 1 }], answers: { ok: 1 } });
  }
});

test('a worker that takes a request whose visitor has gone works at it, and it is said whose it is', () => {
  const left = numbered([
    ...small.filter((event) => event.t <= 17),
    { type: 'client.failed', t: 18, pid: 5, conn: 'b', n: 1, reason: 'gave up' },
    { type: 'conn.close', t: 18, pid: 4, conn: 'ub', reset: false },
    ...small.filter((event) => event.t >= 20 && event.t <= 31),
    { type: 'wsgi.return', t: 50, pid: 3, conn: 'ub', worker: 1, status: 200, bytes: 2, ms: 26, error: false },
  ]).filter((event) => event.type !== 'process.signal' && event.type !== 'process.exit');
  for (const events of [left, shuffled(left, random(2))]) {
    const gone = new TraceLog(events);
    expect(frameAt(gone, 19)).toMatchObject({ requests: [{ key: 'a/1' }], listeners: [{ givenUp: 1 }] });
    expect(frameAt(gone, 30)).toMatchObject({ requests: [], listeners: [{ givenUp: 0 }] });
    expect(frameAt(gone, 30).workers[0]).toMatchObject({ state: 'stuck', request: 'b/1', since: 23, served: 1, trace: { number: 2 } });
    expect(frameAt(gone, 51).workers[0]).toMatchObject({ state: 'idle', request: null, served: 2 });
    expect(account(gone, REAL)).toContain(
      '0.023 s: worker 1 takes request 2 from the listen queue, though nobody waits for the answer any more',
    );
  }
});

test('a worker that dies at work has not answered, and a socket that is not there fails at the gate', () => {
  const crash = new TraceLog([
    ...small.filter((event) => event.t < 30),
    { type: 'conn.close', t: 30, pid: 3, seq: 90, conn: 'ub', reset: false },
    { type: 'process.exit', t: 31, pid: 3, seq: 91, code: 1, signal: null },
    { type: 'nginx.upstream.failed', t: 32, pid: 4, seq: 90, conn: 'b', n: 1, upstream: 'ub', reason: 'closed', status: 502 },
    { type: 'client.request', t: 40, pid: 5, seq: 92, conn: 'c', n: 1, method: 'GET', url: '/' },
    { type: 'nginx.request', t: 41, pid: 4, seq: 92, conn: 'c', n: 1, method: 'GET', uri: '/', host: 'x' },
    { type: 'nginx.upstream.failed', t: 42, pid: 4, seq: 93, conn: 'c', n: 1, upstream: '', reason: 'connect() failed', status: 502 },
  ]);
  const stagesOf = (i: number) => indexOf(crash).requests.list[i]?.hops.map((hop) => hop.stage);
  expect(stagesOf(1)).toEqual(['sent', 'gate', 'upstream', 'queued', 'accepted', 'room', 'failed']);
  expect(stagesOf(2)).toEqual(['sent', 'gate', 'failed']);
  expect(frameAt(crash, 43).workers[0]).toMatchObject({ state: 'dead', served: 1, request: null });
});

test('a request whose client ended is lost, whether that is heard of before or after', () => {
  const begun = small.filter((event) => event.t <= 18);
  const exit = { type: 'process.exit', t: 18, pid: 5, seq: 90, code: 0, signal: null } as const;
  const late = new TraceLog(begun);
  expect(frameAt(late, 18.5).requests).toHaveLength(2);
  late.add([exit]);
  for (const log of [late, new TraceLog([...begun, exit])]) {
    expect(frameAt(log, 18.5)).toMatchObject({ requests: [], answers: { failed: 2 } });
    expect(frameAt(log, 18.5).workers[0]).toMatchObject({ state: 'stuck', request: 'a/1' });
  }
});

/** The uwsgi of one run: its first process and its workers. `first` is the process's role, said a moment after its start. */
const run = (t: number, pid: number, first: 'master' | 'worker' | null, workers: readonly number[]) => [
  { type: 'process.start' as const, t, pid, ppid: 1, program: 'uwsgi', args: [], uid: 0 },
  ...(first
    ? [{ type: 'process.role' as const, t: t + 1, pid, role: first, server: 'uwsgi', ...(first === 'worker' ? { worker: 1 } : {}) }]
    : []),
  ...workers.flatMap((id) => [
    { type: 'process.start' as const, t: t + 2, pid: pid + id, ppid: pid, program: 'uwsgi', args: [], uid: 33 },
    { type: 'process.role' as const, t: t + 3, pid: pid + id, role: 'worker', server: 'uwsgi', worker: id },
    { type: 'uwsgi.ready' as const, t: t + 4, pid: pid + id, worker: id },
  ]),
];
const deaths = (t: number, pids: readonly number[]) =>
  pids.map((pid) => ({ type: 'process.exit' as const, t, pid, code: 0, signal: null }));
const pidsAt = (one: TraceLog, t: number) => frameAt(one, t).workers.map((process) => process.pid);

test('a new uwsgi takes the place of the one before it from its start, whatever becomes of it', () => {
  const old = [...run(0, 10, 'master', [1, 2, 3, 4]), ...deaths(20, [10, 11, 12, 13, 14])];
  expect(frameAt(new TraceLog(numbered(old)), 25)).toMatchObject({ master: { pid: 10, state: 'dead' }, workers: [{}, {}, {}, {}] });
  const hanging = new TraceLog(numbered([...old, ...run(30, 20, null, [])]));
  expect(frameAt(hanging, 40)).toMatchObject({ master: { pid: 20, state: 'starting' }, workers: [] });
  expect(frameAt(hanging, 40).processes.map((process) => process.pid)).toEqual([20]);
  const ended = new TraceLog(numbered([...old, ...run(30, 20, null, []), ...deaths(50, [20])]));
  expect(frameAt(ended, 60)).toMatchObject({ master: null, workers: [] });
  const fewer = new TraceLog(numbered([...old, ...run(30, 20, 'master', [1, 2])]));
  expect(frameAt(fewer, 30.5).workers).toEqual([]);
  expect(pidsAt(fewer, 35)).toEqual([21, 22]);
});

test('a uwsgi that is only asked for its version does not hide the one that serves', () => {
  const both = new TraceLog(numbered([...run(0, 10, 'master', [1, 2]), ...run(30, 20, null, [])]));
  expect(frameAt(both, 40)).toMatchObject({ master: { pid: 10 }, workers: [{ pid: 11 }, { pid: 12 }] });
});

test('a reload leaves no rooms of before it', () => {
  const again = { type: 'process.role' as const, t: 40, pid: 10, role: 'master', server: 'uwsgi' };
  const log = new TraceLog(numbered([...run(0, 10, 'master', [1, 2, 3, 4]), ...deaths(30, [11, 12, 13, 14]), again]));
  expect(frameAt(log, 20).master?.state).toBe('idle');
  expect(pidsAt(log, 35)).toEqual([11, 12, 13, 14]);
  expect(pidsAt(log, 45)).toEqual([]);
});

test('a worker that was started, as Linux dates it, before its master spoke is dead when it dies, not gone', () => {
  const early = run(30, 10, 'master', [1, 2]).map((event) =>
    event.type === 'process.start' && event.pid > 10 ? { ...event, t: 25 } : event,
  );
  const log = new TraceLog(numbered([...early, ...deaths(50, [11])]));
  expect(frameAt(log, 60).workers.map(({ pid, state }) => [pid, state])).toEqual([
    [11, 'dead'],
    [12, 'idle'],
  ]);
});

test('without a master the first process is a worker like the others', () => {
  const alone = new TraceLog(numbered(run(0, 10, 'worker', [2, 3])));
  expect(frameAt(alone, 20).master).toBeNull();
  expect(pidsAt(alone, 20)).toEqual([10, 12, 13]);
});

test('a socket that nobody holds any more is deserted until somebody listens again', () => {
  const listen = (t: number, listener: number) => ({
    type: 'socket.listen' as const,
    t,
    pid: 10,
    listener,
    address: 'unix:/s',
    backlog: 1,
  });
  const log = new TraceLog(
    numbered([...run(0, 10, 'master', []), listen(2, 1), { type: 'socket.close', t: 5, pid: 10, listener: 1 }, listen(9, 2)]),
  );
  expect([1, 3, 6, 10].map((t) => frameAt(log, t).deserted)).toEqual([[], [], ['uwsgi'], []]);
});

test('refused connections are requests of their own, and a request keeps its number', () => {
  const refused = (t: number, seq: number) => ({ type: 'client.failed' as const, t, pid: 5, seq, conn: '', n: 0, reason: 'refused' });
  const sent = (t: number, seq: number, conn: string) => ({
    type: 'client.request' as const,
    t,
    pid: 7,
    seq,
    conn,
    n: 1,
    method: 'GET',
    url: '/',
  });
  const log = new TraceLog();
  log.add([sent(10, 1, 'a'), refused(12, 1)]);
  const numbers = () => Object.fromEntries(indexOf(log).requests.list.map((request) => [request.key, request.number]));
  const first = numbers();
  expect(Object.values(first)).toEqual([1, 2]);
  log.add([sent(11, 2, 'b'), refused(14, 2)]);
  expect(numbers()).toMatchObject(first);
  expect(Object.values(numbers()).sort()).toEqual([1, 2, 3, 4]);
  expect(frameAt(log, 20).answers.failed).toBe(2);
});

test('every state of a worker is reached by events', () => {
  const seen = new Set<string>();
  for (let t = 0; t < 60; t += 0.5) for (const process of frameAt(log, t).workers) seen.add(process.state);
  const slow = new TraceLog(small.filter((event) => event.t <= 24));
  for (const process of frameAt(slow, 24 + 10_001).workers) seen.add(process.state);
  expect([...seen].sort()).toEqual(['busy', 'dead', 'dying', 'idle', 'respawning', 'starting', 'stuck']);
});

test('a process has the memory that it last said, and nobody else has it', () => {
  const memory = (t: number, bytes: number, seq: number) => ({ type: 'process.memory' as const, t, pid: 3, seq, bytes });
  const log = new TraceLog([...small, memory(22, 30, 91), memory(5, 20, 90)]);
  expect([4, 5, 21, 22].map((t) => frameAt(log, t).workers[0]?.memory)).toEqual([null, 20, 20, 30]);
  // the one that takes its place has not said anything yet
  expect(frameAt(log, 46).workers[0]?.memory).toBeNull();
});

test('connections are open until either end lets go or dies', () => {
  const at = (t: number) => frameAt(log, t).connections.upstream;
  expect([11, 12, 17, 20.5, 30.5, 31].map(at)).toEqual([0, 1, 2, 1, 1, 0]);
  expect(frameAt(log, 17).listeners[0]?.open).toBe(2);
  const web = new TraceLog([
    ...small,
    { type: 'socket.listen', t: 8, pid: 4, seq: 90, listener: 2, address: '0.0.0.0:80', backlog: 511 },
    { type: 'conn.queued', t: 9, pid: 5, seq: 91, conn: 'a', listener: 2, waiting: 1 },
    { type: 'conn.accepted', t: 9, pid: 4, seq: 92, conn: 'a', listener: 2, waiting: 0, client: 5 },
    { type: 'conn.close', t: 22, pid: 5, seq: 93, conn: 'a', reset: false },
  ]);
  expect([8, 9, 21, 22].map((t) => frameAt(web, t).connections.clients)).toEqual([0, 1, 1, 0]);
  web.add([{ type: 'conn.close', t: 20, pid: 4, seq: 94, conn: 'a', reset: true }]);
  expect([19, 20].map((t) => frameAt(web, t).connections.clients)).toEqual([1, 0]);
});
