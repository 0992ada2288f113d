/** The stats server against samples of the real one's answers: the same keys in the same order, the same types, true values. */
import { afterEach, expect, test } from 'vitest';
import recorded from './fixtures/stats.json' with { type: 'json' };
import { BIG_BODY, holdWorker, ini, type Running, readStats, SOCKET, startUwsgi, until } from './testing.ts';

const APP = `
import os
def application(environ, start_response):
    path = environ['PATH_INFO']
    if path == '/raise':
        raise ValueError('no')
    if path == '/exit':
        os._exit(1)
    start_response('200 OK', [('Content-Type', 'text/plain')])
    if path == '/big':
        return ${BIG_BODY}
    return [b'hello']
`;
const STATS = 'stats = 127.0.0.1:1717\n';
const SLOW = { timeout: 60_000 };

/** What a value is made of: keys in their order, kinds of values, every kind of element that a list has. */
type Shape = string | { readonly [key: string]: Shape } | readonly Shape[];
function shape(value: unknown): Shape {
  if (Array.isArray(value)) {
    const kinds = new Set(value.map((element) => JSON.stringify(shape(element))));
    return [...kinds].sort();
  }
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]));
}
/** As text, because the order of keys counts. */
const shapeText = (value: unknown): string => JSON.stringify(shape(value));

type Sample = (typeof recorded)['idle-unix'];
let running: Running;
afterEach(() => running.sandbox.dispose());

async function start(options: string): Promise<void> {
  running = await startUwsgi({ app: APP, text: ini(options) });
  await until(() => running.process.stderr().includes('*** Stats server enabled on'));
}

const stats = (path?: string): Promise<Sample> => readStats<Sample>(running.sandbox, path);

/** Waits until what the stats say is so. */
async function says(what: (sample: Sample) => boolean): Promise<Sample> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    const sample = await stats();
    if (what(sample)) return sample;
  }
  throw new Error('the stats never said so');
}

test('every sample has the shape of ours: idle, busy, not yet started', SLOW, async () => {
  await start(`${STATS}processes = 2`);
  await running.ready(2);
  const idle = await stats();
  expect(shapeText(idle)).toBe(shapeText(recorded['idle-unix']));
  const letGo = holdWorker(running.sandbox);
  const busy = await says(({ workers }) => workers.some(({ status }) => status === 'busy'));
  const [working] = busy.workers.filter(({ status }) => status === 'busy');
  expect(working).toMatchObject({ requests: 0, apps: [{ requests: 1 }], cores: [{ in_request: 1 }] });
  expect(working?.cores[0]?.vars).toEqual(['REQUEST_METHOD=GET', 'PATH_INFO=/big', 'REQUEST_URI=/big', 'SERVER_PROTOCOL=HTTP/1.1', '']);
  await letGo();
  await says(({ workers }) => workers.every(({ status }) => status === 'idle'));

  const ours = new Set([...idle.workers, ...busy.workers].map(shapeText));
  const { workers: _, ...rest } = idle;
  for (const sample of Object.values(recorded)) {
    const { workers, ...theirs } = sample;
    expect(shapeText(theirs)).toBe(shapeText(rest));
    for (const worker of workers) expect(ours).toContain(shapeText(worker));
  }
});

test('counts requests, exceptions, bytes and times, over the lives of a worker', SLOW, async () => {
  await start(`${STATS}memory-report = true`);
  await running.ready();
  const [fresh] = (await stats()).workers;
  expect(fresh).toMatchObject({ id: 1, accepting: 1, requests: 0, respawn_count: 1, rss: 0, vsz: 0, status: 'idle', avg_rt: 0, tx: 0 });
  const answer = await running.ask('/');
  await running.ask('/');
  await running.ask('/raise');
  const [worker] = (await says(({ workers }) => workers[0]?.requests === 3)).workers;
  expect(worker).toMatchObject({ delta_requests: 3, exceptions: 1, tx: 2 * answer.length, last_spawn: fresh?.last_spawn });
  expect(worker?.apps).toEqual([expect.objectContaining({ requests: 3, exceptions: 1 })]);
  expect(worker?.cores).toEqual([expect.objectContaining({ requests: 3, in_request: 0, vars: [], req_info: {} })]);
  expect(worker?.rss).toBeGreaterThan(20_000_000);
  expect(worker?.vsz).toBeGreaterThanOrEqual(worker?.rss ?? 0);
  expect(worker?.running_time).toBeGreaterThan(0);
  expect(worker?.avg_rt).toBeLessThan(worker?.running_time ?? 0);

  await running.ask('/exit');
  await running.ready(2);
  const [next] = (await says(({ workers }) => workers[0]?.accepting === 1)).workers;
  // The request that it died in has begun and is not over.
  expect(next).toMatchObject({ requests: 3, delta_requests: 0, respawn_count: 2, tx: 2 * answer.length, rss: 0, apps: [{ requests: 4 }] });
  expect(next?.pid).not.toBe(fresh?.pid);
});

test('a TCP socket tells its queue, at each tick of the master', SLOW, async () => {
  running = await startUwsgi({
    app: APP,
    text: ini(`${STATS}listen = 2\nprocesses = 0`).replace(`socket = ${SOCKET}`, 'socket = 127.0.0.1:3031'),
  });
  await until(() => running.process.stderr().includes('*** Stats server enabled on 127.0.0.1:1717 fd: 7 ***'));
  expect((await stats()).sockets).toEqual([expect.objectContaining({ name: '127.0.0.1:3031', proto: 'uwsgi', queue: 0 })]);
  await running.sandbox.run(async (host) => {
    for (let i = 0; i < 2; i++) await host.connect({ port: 3031, ip: '127.0.0.1' });
    const full = await says(({ listen_queue }) => listen_queue === 2);
    expect(full).toMatchObject({ load: 2, sockets: [{ queue: 2, max_queue: 2 }] });
  });
  expect(running.logged()).toContain('DATE - *** uWSGI listen queue of socket "127.0.0.1:3031" (fd: 3) full !!! (2/2) ***\n');
});

test('a Unix socket for the stats, anew after a reload, and away with vacuum', SLOW, async () => {
  await start('stats = /run/shop/stats.sock\nvacuum = true');
  await running.ready();
  const { pid } = await stats('/run/shop/stats.sock');
  running.sandbox.kill(pid, 'SIGHUP');
  await running.ready(2);
  await until(() => running.process.stderr().match(/Stats server enabled on \/run\/shop\/stats.sock fd: 9/g)?.length === 2);
  expect((await stats('/run/shop/stats.sock')).workers).toEqual([expect.objectContaining({ respawn_count: 1, status: 'idle' })]);
  running.sandbox.kill(pid, 'SIGINT');
  expect(await running.process.exited).toEqual({ code: 0, signal: null });
  expect(running.process.stderr()).toContain(
    `VACUUM WARNING: unix socket ${SOCKET} changed inode. Skip removal\nVACUUM: unix socket /run/shop/stats.sock (stats) removed.\n`,
  );
});

test('its port is taken: the end, after the workers were started', SLOW, async () => {
  running = await startUwsgi({ app: APP, text: ini('stats = 127.0.0.1:3031').replace(`socket = ${SOCKET}`, 'socket = 127.0.0.1:3031') });
  expect(await running.process.exited).toEqual({ code: 1, signal: null });
  expect(running.process.stderr()).toMatch(
    /cores: 1\)\nprobably another instance of uWSGI is running on the same address \(127\.0\.0\.1:3031\)\.\nbind\(\): Address already in use \[core\/socket\.c line 769\]\n\.\.\.brutally killing workers\.\.\.\n$/,
  );
});
