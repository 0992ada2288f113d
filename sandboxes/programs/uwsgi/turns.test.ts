/** Which worker takes the next request: recorded of four workers, one request after the other and several at once. */
import { afterEach, describe, expect, test } from 'vitest';
import recorded from './fixtures/turns.json' with { type: 'json' };
import { BIG_BODY, body, holdWorker, ini, type Running, readStats, SOCKET, startUwsgi, until } from './testing.ts';

const SLOW = { timeout: 90_000 };
const WORKERS = 4;
const APP = `
import uwsgi
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    if environ['PATH_INFO'] == '/big':
        return ${BIG_BODY}
    return [str(uwsgi.worker_id()).encode()]
`;

let running: Running;
afterEach(() => running?.sandbox.dispose());

async function start(options = ''): Promise<void> {
  running = await startUwsgi({ app: APP, text: ini(`processes = ${WORKERS}\n${options}`) });
  await running.ready(WORKERS);
}

/** Who answers so many requests, one after the other. */
async function inTurn(times: number): Promise<number[]> {
  const workers: number[] = [];
  while (workers.length < times) workers.push(Number(body(await running.ask('/'))));
  return workers;
}

/** The workers that were called, in order. */
function called(): number[] {
  const numbers = new Map(running.sandbox.events.flatMap((event) => (event.type === 'uwsgi.ready' ? [[event.pid, event.worker]] : [])));
  return running.sandbox.events.flatMap(({ type, pid }) => (type === 'wsgi.call' ? [numbers.get(pid) ?? 0] : []));
}

/** Connections that have stood in the workers' queue. */
function queued(): number {
  const { events } = running.sandbox;
  const socket = events.find((event) => event.type === 'socket.listen' && event.address === `unix:${SOCKET}`);
  return events.filter((event) => event.type === 'conn.queued' && socket?.type === 'socket.listen' && event.listener === socket.listener)
    .length;
}

/** More requests that last until they are let go: as many as there are workers are being worked on, the others wait in their order. */
async function hold(held: (() => Promise<void>)[], more: number): Promise<void> {
  for (let n = 0; n < more; n++) {
    held.push(holdWorker(running.sandbox));
    await until(() => queued() === held.length && called().length === Math.min(held.length, WORKERS));
  }
}

/** At the end all four answer, again and again in the same order. */
function rotates(workers: readonly number[]): boolean {
  const end = workers.slice(-20);
  return new Set(end.slice(0, WORKERS)).size === WORKERS && end.every((worker, i) => worker === end[i % WORKERS]);
}

describe('one after the other', () => {
  test('the recordings: with thunder-lock in turn, without it never', () => {
    expect(recorded.thunderLock.map(rotates)).toEqual(recorded.thunderLock.map(() => true));
    expect(recorded.without.map(rotates)).toEqual(recorded.without.map(() => false));
  });

  test('with thunder-lock in turn', SLOW, async () => {
    await start('thunder-lock = true');
    const workers = await inTurn(40);
    expect(rotates(workers), String(workers)).toBe(true);
    expect([1, 2, 3, 4].map((worker) => workers.filter((one) => one === worker).length)).toEqual([10, 10, 10, 10]);
  });

  test('without it irregular', SLOW, async () => {
    await start();
    const workers = await inTurn(40);
    expect(rotates(workers), String(workers)).toBe(false);
    expect(new Set(workers).size).toBeGreaterThan(1);
  });

  test.each(['', 'thunder-lock = true'])('never one that is busy: %s', SLOW, async (options) => {
    await start(options);
    const held: (() => Promise<void>)[] = [];
    await hold(held, 1);
    const [busy] = called();
    const workers = await inTurn(30);
    expect(workers).not.toContain(busy);
    expect(new Set(workers).size).toBeGreaterThan(1);
    await held[0]?.();
  });
});

describe('several at once', () => {
  /** Who has no worker free waits for the first that is: the one of four requests before. */
  const inOrder = (workers: readonly number[]): boolean =>
    new Set(workers.slice(0, WORKERS)).size === Math.min(workers.length, WORKERS) &&
    workers.every((worker, i) => i < WORKERS || worker === workers[i - WORKERS]);

  test('the recordings', () => {
    expect(recorded.bursts.filter((workers) => !inOrder(workers))).toEqual([]);
  });

  test('eight on four: everything that the stats said of it', SLOW, async () => {
    await start('stats = 127.0.0.1:1717');
    type Sample = { listen_queue: number; load: number; workers: { status: string; requests: number }[] };
    /** In no order: which worker is which is chance. */
    const look = (statuses: readonly string[], requests: readonly number[]): string[] =>
      statuses.map((status, i) => `${status} ${requests[i]}`).sort();
    const moments = recorded.moments.map(({ listen_queue, load, statuses, requests }) => ({
      listen_queue,
      load,
      workers: look(statuses, requests),
    }));
    const now = async () => {
      const { listen_queue, load, workers } = await readStats<Sample>(running.sandbox);
      return {
        listen_queue,
        load,
        workers: look(
          workers.map(({ status }) => status),
          workers.map(({ requests }) => requests),
        ),
      };
    };
    const says = (moment: number) => expect.poll(now, { timeout: 20_000, interval: 20 }).toEqual(moments[moment]);

    await says(0);
    const held: (() => Promise<void>)[] = [];
    await hold(held, 1);
    await says(1);
    await hold(held, 2);
    await says(2);
    await hold(held, 5);
    await says(3);
    const letGo = async (from: number, to: number): Promise<void> => {
      // One after the other, as they came.
      for (const one of held.slice(from, to)) await one();
    };
    await letGo(0, 2);
    await says(4);
    await letGo(2, 4);
    await says(5);
    await letGo(4, 6);
    await says(6);
    await letGo(6, 8);
    await says(7);
    expect(moments).toHaveLength(8);
    expect(inOrder(called()), String(called())).toBe(true);
  });
});
