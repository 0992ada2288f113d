import { expect, test } from 'vitest';
import { random, shuffled } from './fixtures/random.ts';
import { numbered, small } from './fixtures/small.ts';
import { TraceLog } from './log.ts';
import { markersOf } from './markers.ts';
import { REAL } from './vocabulary.ts';

const marks = (events: Parameters<typeof numbered>[0]) => {
  const all = numbered(events);
  const list = markersOf(new TraceLog(all), REAL).map(({ t, kind, text }) => `${t} ${kind}: ${text}`);
  // told in any order it comes to the same
  const mixed = new TraceLog();
  for (const event of shuffled(all, random(1))) {
    mixed.add([event]);
    markersOf(mixed, REAL);
  }
  expect(markersOf(mixed, REAL).map(({ t, kind, text }) => `${t} ${kind}: ${text}`)).toEqual(list);
  return list;
};
const master = (t: number) => ({ type: 'process.role' as const, t, pid: 2, role: 'master', server: 'uwsgi' });
const worker = (t: number, pid: number, id: number) => [
  { type: 'process.start' as const, t, pid, ppid: 2, program: 'uwsgi', args: [], uid: 33 },
  { type: 'process.role' as const, t, pid, role: 'worker', server: 'uwsgi', worker: id },
  { type: 'uwsgi.ready' as const, t, pid, worker: id },
];
const exit = (t: number, pid: number, code: number | null, signal: string | null) => ({
  type: 'process.exit' as const,
  t,
  pid,
  code,
  signal,
});
const respawn = (t: number, oldPid: number, newPid: number, why: string) => ({
  type: 'uwsgi.respawn' as const,
  t,
  pid: 2,
  worker: 1,
  oldPid,
  newPid,
  why,
});

test('a worker that is killed and the 502 that comes of it', () => {
  expect(markersOf(new TraceLog(small), REAL)).toEqual([{ t: 31, kind: 'crash', text: 'worker 1 killed by SIGKILL, request 2 gets 502' }]);
});

test('a worker that dies of itself or takes too long has crashed; one that is worn out or stopped has not', () => {
  const start = [master(0), ...worker(1, 3, 1), ...worker(1, 4, 2)];
  expect(marks([...start, exit(5, 3, 1, null)])).toEqual(['5 crash: worker 1 ended with code 1']);
  expect(marks([...start, exit(5, 3, 0, null), respawn(6, 3, 9, 'died')])).toEqual(['5 crash: worker 1 ended with code 0']);
  expect(marks([...start, exit(5, 3, null, 'SIGKILL'), respawn(6, 3, 9, 'harakiri')])).toEqual([
    '5 crash: worker 1 killed: it took too long',
  ]);
  expect(marks([...start, exit(5, 3, 0, null)])).toEqual([]);
  expect(marks([...start, exit(5, 3, null, 'SIGKILL'), respawn(6, 3, 9, 'memory')])).toEqual([]);
  expect(marks([...start, exit(5, 3, 17, null), respawn(6, 3, 9, 'recycled')])).toEqual([]);
  // its master says so
  expect(marks([...start, { type: 'process.signal', t: 4, pid: 3, signal: 'SIGINT', from: 2 }, exit(5, 3, null, 'SIGINT')])).toEqual([]);
  // somebody else does
  expect(marks([...start, { type: 'process.signal', t: 4, pid: 3, signal: 'SIGINT', from: 9 }, exit(5, 3, null, 'SIGINT')])).toEqual([
    '5 crash: worker 1 killed by SIGINT',
  ]);
  // everything is stopped
  expect(marks([...start, { type: 'process.signal', t: 4, pid: 2, signal: 'SIGTERM', from: 0 }, exit(5, 3, null, 'SIGKILL')])).toEqual([]);
});

test('a reload is marked once, when it was asked for, or else when the master began anew', () => {
  const hup = (t: number, pid: number) => ({ type: 'process.signal' as const, t, pid, signal: 'SIGHUP', from: 9 });
  expect(marks([master(0), hup(10, 2), master(20), master(30)])).toEqual(['10 reload: uwsgi reloads', '30 reload: uwsgi reloads']);
  expect(marks([{ type: 'process.role', t: 0, pid: 7, role: 'master', server: 'nginx' }, hup(5, 7)])).toEqual(['5 reload: nginx reloads']);
  expect(marks([master(0), ...worker(1, 3, 1), hup(5, 3)])).toEqual([]);
});

test('a full listen queue is one marker as long as it stays full', () => {
  const listen = { type: 'socket.listen' as const, t: 0, pid: 2, listener: 1, address: 'unix:/s', backlog: 2 };
  const queued = (t: number, waiting: number) => ({ type: 'conn.queued' as const, t, pid: 4, conn: `u${t}`, listener: 1, waiting });
  const refused = (t: number, code = 'EAGAIN') => ({ type: 'conn.failed' as const, t, pid: 4, conn: `x${t}`, address: 'unix:/s', code });
  expect(marks([listen, queued(1, 1), refused(2, 'ECONNREFUSED')])).toEqual([]);
  expect(marks([listen, queued(1, 1), queued(5, 2), refused(6), refused(900), queued(1700, 2), queued(4000, 1), refused(5000)])).toEqual([
    '5 full: listen queue of unix:/s full: 2 wait, 2 refused',
    '5000 full: listen queue of unix:/s full: 2 wait, 1 refused',
  ]);
});

test('in other words the same markers', () => {
  const words = { ...REAL, worker: 'w3wp', pool: 'the pool', queue: 'request queue' };
  const log = new TraceLog(
    numbered([
      { type: 'socket.listen', t: 0, pid: 2, listener: 1, address: 'unix:/worker', backlog: 1 },
      master(1),
      { type: 'process.signal', t: 2, pid: 2, signal: 'SIGHUP', from: 9 },
      ...worker(3, 3, 1),
      exit(5, 3, 1, null),
      { type: 'conn.queued', t: 6, pid: 4, conn: 'u', listener: 1, waiting: 1 },
    ]),
  );
  const texts = (names: typeof REAL) => markersOf(log, names).map(({ text }) => text);
  expect(texts(words)).toEqual(['the pool reloads', 'w3wp 1 ended with code 1', 'request queue of unix:/worker full: 1 wait']);
  expect(texts(REAL)).toEqual(['uwsgi reloads', 'worker 1 ended with code 1', 'listen queue of unix:/worker full: 1 wait']);
  expect(markersOf(log, words)).toBe(markersOf(log, words));
});

test('the list is the same one until something changes', () => {
  const log = new TraceLog(small);
  const list = markersOf(log, REAL);
  expect(markersOf(log, REAL)).toBe(list);
  log.add([{ type: 'process.signal', t: 50, pid: 2, seq: 90, signal: 'SIGHUP', from: 9 }]);
  expect(markersOf(log, REAL)).toHaveLength(2);
});
