import { expect, test } from 'vitest';
import type { TraceEvent } from '../../../sandboxes/host/events.ts';
import { TraceLog } from '../../../src/trace/log.ts';
import { account } from '../../../src/trace/text.ts';
import { REAL } from '../../../src/trace/vocabulary.ts';
import type { Hop } from '../hop-log.ts';
import { eventsOf } from './convert.ts';
import { ASKED, handledIn, isOfAsked, saidIn, takenIn, troubleIn } from './lines.ts';
import type { Measured } from './measured.ts';

const CLIENT = 7;
const ROOT = '/tmp/real-x';

/** uWSGI's own line for a request of the client's port 4000, worker 2. */
const HANDLED =
  '{"handled":"yes","at":"1000100250","micros":"500125","worker":"2","pid":"22","port":"4000","status":"200","bytes":"31","headers":"2","vars":"44","packet":"501","method":"GET","uri":"/slow?ms=500"}';
const taken = (port: number, worker: number, pid: number, uri = '/stuck'): string =>
  `{"taken":"yes","at":"1000100750","worker":"${worker}","pid":"${pid}","port":"${port}","method":"GET","uri":"${uri}"}`;
const line = (t: number, text: string, of: 'uwsgi' | 'nginx' = 'uwsgi'): Measured => ({
  what: 'line',
  t,
  of,
  pid: of === 'uwsgi' ? 20 : 30,
  text,
});
const started = (t: number, pid: number, program: 'uwsgi' | 'nginx', ppid = 0): Measured => ({
  ...{ what: 'started', t, pid, ppid, program, role: ppid === 0 ? 'master' : 'worker' },
  ...{ args: ['--ini', `${ROOT}/srv/shop/uwsgi.ini`], uid: 0 },
});
const hop = (port: number, more: Partial<Hop>): Hop => ({
  ...{
    at: 1000.603,
    seconds: 0.503,
    port,
    connection: 5,
    n: 1,
    pid: 31,
    request: 'GET /slow?ms=500 HTTP/1.1',
    status: 200,
    bytes: 180,
  },
  file: `${ROOT}/srv/shop/static/a.css`,
  upstreams: [{ address: `unix:${ROOT}/run/shop/shop.sock`, status: 200, connect: 0, header: 0.502, response: 0.502 }],
  ...more,
});

function made(facts: readonly Measured[], hops: readonly Hop[]): TraceEvent[] {
  const told = (text: string): string => text.replaceAll(ROOT, '');
  return eventsOf(facts, { hops, client: CLIENT, host: 'localhost', told, isFile: (path) => path.endsWith('a.css') });
}

/** The servers begin at 990 s, requests come at 1000.1 s. */
const BEGINNING: readonly Measured[] = [
  started(990_000, 20, 'uwsgi'),
  line(990_050, 'uwsgi socket 0 bound to UNIX address /tmp/real-x/run/shop/shop.sock fd 3'),
  line(990_050, 'your server socket listen backlog is limited to 100 connections'),
  line(990_100, 'spawned uWSGI master process (pid: 20)'),
  started(990_100, 22, 'uwsgi', 20),
  line(990_101, 'spawned uWSGI worker 2 (pid: 22, cores: 1)'),
  started(990_200, 30, 'nginx'),
  started(990_210, 31, 'nginx', 30),
];

test('a request, from the logs of all three', () => {
  const facts: Measured[] = [
    ...BEGINNING,
    { what: 'sent', t: 1_000_099.5, port: 4000, path: '/slow?ms=500' },
    line(1_000_100, taken(4000, 2, 22, '/slow?ms=500')),
    line(1_000_602, HANDLED),
    { what: 'answered', t: 1_000_603.5, port: 4000, status: 200, bytes: 14, server: 'nginx' },
  ];
  const log = new TraceLog(made(facts, [hop(4000, {})]));
  expect(account(log, REAL).slice(-7)).toEqual([
    '10.100 s: request 1 leaves the visitor: GET /slow?ms=500',
    '10.100 s: request 1 is at the gate, nginx has read it',
    '10.100 s: request 1: nginx passes it on to the socket',
    '10.100 s: worker 2 is at work on request 1',
    '10.600 s: worker 2 is done with request 1, status 200',
    '10.603 s: request 1: nginx answers 200',
    '10.604 s: request 1: 200, and the visitor has the answer',
  ]);
});

test('the servers, with the paths of the lesson; nothing about who accepts', () => {
  const events = made(BEGINNING, []);
  expect(account(new TraceLog(events), REAL)).toEqual([
    '0.000 s: uwsgi master (pid 20) starts',
    '0.050 s: uwsgi master (pid 20) listens on unix:/run/shop/shop.sock, at most 100 may wait',
    '0.100 s: worker 2 (pid 22) starts',
    '0.101 s: worker 2 (pid 22) is ready and waits for requests',
    '0.200 s: nginx master (pid 30) starts',
    '0.210 s: nginx worker (pid 31) starts',
  ]);
  expect(JSON.stringify(events)).not.toContain('/tmp/');
});

test('a worker that dies with a request: it said that it took it, nginx misses it, the master replaces it', () => {
  const facts: Measured[] = [
    ...BEGINNING,
    { what: 'sent', t: 1_000_099.5, port: 4000, path: '/stuck' },
    line(1_000_105, taken(4000, 2, 22)),
    line(1_003_000, 'Mon Nov 23 15:47:53 2026 - *** HARAKIRI ON WORKER 2 (pid: 22, try: 1) ***'),
    { what: 'ended', t: 1_003_001, pid: 22, code: null, signal: 'SIGKILL' },
    line(1_003_002, '2026/11/23 05:39:49 [error] 31#31: *5 upstream prematurely closed connection, client: 127.0.0.1, server: x', 'nginx'),
    line(1_003_800, 'DAMN ! worker 2 (pid: 22) died, killed by signal 9 :( trying respawn ...'),
    started(1_003_800, 23, 'uwsgi', 20),
    line(1_003_801, 'Respawned uWSGI worker 2 (new pid: 23)'),
    { what: 'answered', t: 1_003_003, port: 4000, status: 502, bytes: 150, server: 'nginx' },
  ];
  const up = [{ address: `unix:${ROOT}/run/shop/shop.sock`, status: 502, connect: 0, header: null, response: 2.9 }];
  const log = new TraceLog(made(facts, [hop(4000, { at: 1003.002, seconds: 2.902, status: 502, upstreams: up })]));
  expect(account(log, REAL).slice(9)).toEqual([
    '10.101 s: worker 2 is at work on request 1',
    '13.001 s: worker 2 (pid 22) is dead, killed by SIGKILL',
    '13.002 s: request 1: nginx gets no answer (upstream prematurely closed connection) and will say 502',
    '13.002 s: request 1: nginx answers 502',
    '13.003 s: request 1: 502, and the visitor has the answer',
    '13.800 s: worker 2 (pid 23) starts',
    '13.801 s: the master puts a new worker 2 in the place of the dead one: pid 23 after 22',
    '13.801 s: worker 2 (pid 23) is ready and waits for requests',
  ]);
  expect(log.events).toContainEqual(expect.objectContaining({ type: 'uwsgi.respawn', why: 'harakiri' }));
});

test('a worker has ended by the time that nginx misses it, however late that is seen', () => {
  const facts: Measured[] = [
    ...BEGINNING,
    { what: 'sent', t: 1_000_099.5, port: 4000, path: '/crash' },
    line(1_000_105, taken(4000, 2, 22, '/crash')),
    line(1_000_112, '2026/11/23 05:39:49 [error] 31#31: *5 upstream prematurely closed connection, client: 127.0.0.1, server: x', 'nginx'),
    { what: 'answered', t: 1_000_112, port: 4000, status: 502, bytes: 150, server: 'nginx' },
    { what: 'ended', t: 1_000_116, pid: 22, code: 1, signal: null },
  ];
  const up = [{ address: `unix:${ROOT}/run/shop/shop.sock`, status: 502, connect: 0, header: null, response: 0.01 }];
  const crashed = hop(4000, { at: 1000.11, seconds: 0.01, status: 502, upstreams: up });
  const ends = (more: readonly Measured[] = []): (number | undefined)[] => {
    const events = made([...facts, ...more], [crashed]);
    return ['process.exit', 'nginx.upstream.failed'].map((type) => events.find((event) => event.type === type)?.t);
  };
  expect(ends()).toEqual([10_109.998, 10_110]);
  // but not before what ended it
  expect(ends([{ what: 'signal', t: 1_000_111, pid: 22, signal: 'SIGKILL' }])).toEqual([10_111.002, 10_110]);

  // nginx' clock may stand still between the request and its end: the worker had it before it died
  const early = made(facts, [hop(4000, { ...crashed, at: 1000.1, seconds: 0 })]);
  const order = ['nginx.request', 'uwsgi.seen', 'process.exit', 'nginx.upstream.failed'];
  expect(early.map(({ type }) => type).filter((type) => order.includes(type))).toEqual(order);

  // uWSGI says that it ends a worker before it does, however late its line is read
  const harakiri = line(1_000_120, 'Mon Nov 23 15:47:53 2026 - *** HARAKIRI ON WORKER 2 (pid: 22, try: 1) ***');
  const told = made([...facts, harakiri], [crashed]).filter(({ type, t }) => t > 10_105 && (type === 'log' || type === 'process.exit'));
  expect(told.map(({ type }) => type)).toEqual(['log', 'process.exit', 'log']);
});

test('what nginx dates badly is put where it must have been: no request waits that did not', () => {
  const facts: Measured[] = [
    ...BEGINNING,
    { what: 'sent', t: 1_000_099.5, port: 4000, path: '/slow?ms=500' },
    line(1_000_602, HANDLED),
    { what: 'answered', t: 1_000_601.5, port: 4000, status: 200, bytes: 14, server: 'nginx' },
  ];
  // by its clock it read the request before it was sent, and answered after the client had all
  const log = new TraceLog(made(facts, [hop(4000, { at: 1000.602, seconds: 0.51 })]));
  const order = log.events.filter(({ t }) => t > 1000).map(({ type, t }) => [type, t]);
  expect(order).toEqual([
    ['client.request', 10_099.5],
    ['nginx.request', 10_099.502],
    ['nginx.upstream', 10_099.502],
    ['uwsgi.request', 10_100.25],
    ['wsgi.return', 10_600.375],
    ['nginx.response', 10_601.498],
    ['client.response', 10_601.5],
  ]);
});

test('a worker starts before it is ready, though Linux dates its start later', () => {
  const early = BEGINNING.map((fact) => (fact.what === 'started' && fact.pid === 22 ? { ...fact, t: 990_110 } : fact));
  const events = made(early, []).filter(({ pid }) => pid === 22);
  expect(events.map(({ type, t }) => [type, t])).toEqual([
    ['process.start', 101],
    ['process.role', 101],
    ['uwsgi.ready', 101],
  ]);
});

test('static files: one that is there, one that is not', () => {
  const sent = (port: number): Measured => ({ what: 'sent', t: 1_000_099, port, path: '/static/a.css' });
  const missing =
    '2026/11/23 05:39:49 [error] 31#31: *6 open() "/tmp/real-x/srv/no" failed (2: No such file or directory), client: 127.0.0.1';
  const hops = [hop(4000, { upstreams: [] }), hop(4001, { upstreams: [], status: 404, connection: 6 })];
  const files = made([sent(4000), sent(4001), line(1_000_603, missing, 'nginx')], hops).filter(({ type }) => type === 'nginx.file');
  expect(files).toEqual([
    expect.objectContaining({ conn: '7.1', path: '/srv/shop/static/a.css', found: true }),
    expect.objectContaining({ conn: '7.2', path: '/srv/no', found: false }),
  ]);
});

test('lines', () => {
  expect(ASKED[1]).toContain('"at":"%(tmicros)"');
  expect(ASKED[3]).toContain('log:{"taken":"yes","at":"${time[micros]}"');
  expect(takenIn(taken(4000, 2, 22))).toMatchObject({ at: 1_000_100_750, worker: 2, pid: 22, port: 4000, uri: '/stuck' });
  expect(() => takenIn(taken(4000, 2, 22).replace('"4000"', '""'))).toThrow('uWSGI says no port');
  expect(isOfAsked(`[rule: 0] action: ${ASKED[3]}`)).toBe(true);
  expect(handledIn('[pid: 22|app: 0|req: 1/1] ...')).toBeNull();
  expect(() => handledIn(HANDLED.replace('"22"', '"-"'))).toThrow('uWSGI says no pid');
  expect(saidIn('spawned uWSGI worker 1 (and the only) (pid: 9, cores: 1)')).toEqual({ is: 'worker', worker: 1, pid: 9, again: false });
  expect(saidIn('*** uWSGI is running in multiple interpreter mode ***')).toBeNull();
  expect(troubleIn('2026/11/23 05:39:49 [notice] 30#30: signal 15 (SIGTERM) received from 1, exiting')).toBeNull();
});
