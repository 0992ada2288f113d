import { expect, it } from 'vitest';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { Traffic } from './traffic.ts';

const BROWSER = 2;
const NGINX = 5;
const WORKER = 8;

function events(...list: readonly (readonly [t: number, pid: number, type: TraceEvent['type'], data: object])[]): TraceEvent[] {
  return list.map(([t, pid, type, data], seq) => ({ t, pid, type, seq, ...data }) as TraceEvent);
}
const role = [1, WORKER, 'process.role', { role: 'worker', server: 'uwsgi', worker: 3 }] as const;
const sent = [10, BROWSER, 'client.request', { conn: 'c', n: 1, method: 'GET', url: 'http://localhost/slow' }] as const;
const upstream = [12, NGINX, 'nginx.upstream', { conn: 'c', n: 1, upstream: 'u', address: 'unix:x' }] as const;
const queued = [13, NGINX, 'conn.queued', { conn: 'u', listener: 1, waiting: 1 }] as const;
const accepted = [43, WORKER, 'conn.accepted', { conn: 'u', listener: 1, waiting: 0, client: NGINX }] as const;
const returned = [143, WORKER, 'wsgi.return', { conn: 'u', worker: 3, status: 200, bytes: 2, ms: 99, error: false }] as const;
const answered = [150, BROWSER, 'client.response', { conn: 'c', n: 1, status: 200, bytes: 2, server: 'nginx' }] as const;

it('says who took a request and where its time went', () => {
  const traffic = new Traffic();
  traffic.add(events(role, sent, upstream, queued, accepted, returned, answered));
  expect(traffic.find('c/1')).toEqual({
    key: 'c/1',
    number: 1,
    method: 'GET',
    url: 'http://localhost/slow',
    status: 200,
    pid: WORKER,
    worker: 3,
    waited: 30,
    ran: 100,
    total: 140,
  });
});

it('leaves open what is not over', () => {
  const traffic = new Traffic();
  traffic.add(events(role, sent, upstream, queued));
  expect(traffic.find('c/1')).toMatchObject({ status: null, worker: null, waited: null, ran: null, total: null });
  traffic.add(events([43, WORKER, 'conn.accepted', { conn: 'u', listener: 1, waiting: 0, client: NGINX }]));
  expect(traffic.find('c/1')).toMatchObject({ status: null, worker: 3, waited: 30, ran: null });
});

it('has no worker for a request that nginx answered itself', () => {
  const traffic = new Traffic();
  traffic.add(events(sent, answered));
  expect(traffic.newest(5)).toMatchObject([{ key: 'c/1', status: 200, pid: null, worker: null, waited: null, ran: null, total: 140 }]);
});

it('gives the newest first, as many as asked for', () => {
  const traffic = new Traffic();
  const request = (n: number) => [n * 10, BROWSER, 'client.request', { conn: 'c', n, method: 'GET', url: '/' }] as const;
  traffic.add(events(request(1), request(2), request(3)));
  expect(traffic.newest(2).map((row) => row.number)).toEqual([3, 2]);
});
