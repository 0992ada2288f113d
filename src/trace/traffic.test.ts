import { expect, it } from 'vitest';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { TraceLog } from './log.ts';
import { indexOf } from './trace-index.ts';
import { Traffic } from './traffic.ts';

const BROWSER = 2;
const NGINX = 5;
const WORKER = 8;

function events(...list: readonly (readonly [t: number, pid: number, type: TraceEvent['type'], data: object])[]): TraceEvent[] {
  return list.map(([t, pid, type, data], seq) => ({ t, pid, type, seq, ...data }) as TraceEvent);
}
const trafficOf = (list: TraceEvent[]) => new Traffic(new TraceLog(list));
const role = [1, WORKER, 'process.role', { role: 'worker', server: 'uwsgi', worker: 3 }] as const;
const sent = [10, BROWSER, 'client.request', { conn: 'c', n: 1, method: 'GET', url: 'http://localhost/slow' }] as const;
const upstream = [12, NGINX, 'nginx.upstream', { conn: 'c', n: 1, upstream: 'u', address: 'unix:x' }] as const;
const queued = [13, NGINX, 'conn.queued', { conn: 'u', listener: 1, waiting: 1 }] as const;
const accepted = [43, WORKER, 'conn.accepted', { conn: 'u', listener: 1, waiting: 0, client: NGINX }] as const;
const called = [44, WORKER, 'wsgi.call', { conn: 'u', worker: 3, method: 'GET', uri: '/slow' }] as const;
const returned = [143, WORKER, 'wsgi.return', { conn: 'u', worker: 3, status: 200, bytes: 2, ms: 99, error: false }] as const;
const answered = [150, BROWSER, 'client.response', { conn: 'c', n: 1, status: 200, bytes: 2, server: 'nginx' }] as const;

it('says who took a request and where its time went', () => {
  const traffic = trafficOf(events(role, sent, upstream, queued, accepted, called, returned, answered));
  expect(traffic.find('c/1')).toEqual({
    key: 'c/1',
    number: 1,
    method: 'GET',
    url: 'http://localhost/slow',
    status: 200,
    pid: WORKER,
    worker: 3,
    isStatic: false,
    waits: false,
    waited: 30,
    ran: 99,
    total: 140,
  });
});

it('leaves open what is not over', () => {
  const log = new TraceLog(events(role, sent, upstream, queued));
  const traffic = new Traffic(log);
  expect(traffic.find('c/1')).toMatchObject({ status: null, worker: null, waits: true, waited: null, ran: null, total: null });
  log.add(events([43, WORKER, 'conn.accepted', { conn: 'u', listener: 1, waiting: 0, client: NGINX }]));
  expect(traffic.find('c/1')).toMatchObject({ status: null, worker: 3, waits: false, waited: 30, ran: null });
});

it('has no worker for a request that nginx answered itself', () => {
  const traffic = trafficOf(events(sent, answered));
  expect(traffic.newest(5)).toMatchObject([{ key: 'c/1', status: 200, pid: null, worker: null, waited: null, ran: null, total: 140 }]);
});

it('names what was refused, though it never left', () => {
  const refused = { conn: '', n: 0, reason: 'localhost refused to connect.', method: 'POST', url: 'http://localhost:81/x' };
  const traffic = trafficOf(events([10, BROWSER, 'client.failed', refused], [11, BROWSER, 'client.failed', refused]));
  expect(traffic.newest(5)).toMatchObject([
    { method: 'POST', url: 'http://localhost:81/x', status: 0 },
    { method: 'POST', url: 'http://localhost:81/x', status: 0 },
  ]);
});

it('gives the newest first, as many as asked for', () => {
  const request = (n: number) => [n * 10, BROWSER, 'client.request', { conn: 'c', n, method: 'GET', url: '/' }] as const;
  const traffic = trafficOf(events(request(1), request(2), request(3)));
  expect(traffic.newest(2).map((row) => row.number)).toEqual([3, 2]);
});

it('has no part that is longer than the whole, though a worker says late that it is done', () => {
  const late = [155, ...returned.slice(1)] as unknown as typeof returned;
  const [row] = trafficOf(events(role, sent, upstream, queued, accepted, called, late, answered)).newest(1);
  expect([row?.waited, row?.ran, row?.total].map((ms) => Math.floor(ms ?? 0))).toEqual([30, 106, 140]);
});

it('gives a request the number that the figure gives it, in whatever order it became known', () => {
  const log = new TraceLog(events(sent));
  const traffic = new Traffic(log);
  expect(traffic.find('c/1')?.number).toBe(1);
  log.add(events([5, 3, 'client.request', { conn: 'x', n: 1, method: 'GET', url: '/' }]));
  expect(traffic.newest(2).map(({ key, number }) => [key, number])).toEqual([
    ['c/1', 1],
    ['x/1', 2],
  ]);
  expect(indexOf(log).requests.list.map(({ number }) => number)).toEqual([2, 1]);
});
