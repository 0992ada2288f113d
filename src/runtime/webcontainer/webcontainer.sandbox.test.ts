/** What only the WebContainer back end has, over its double: real processes of this machine. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootOptions, WebContainer } from '@webcontainer/api';
import { expect, expectTypeOf, onTestFinished, test, vi } from 'vitest';
import type { TraceEvent } from '../../../sandboxes/host/events.ts';
import { doubleOf, type Public } from '../../../scripts/double/client.ts';
import { type DoubleCall, type DoubleEvent, DoubleHost } from '../../../scripts/double/host.ts';
import { engineParts, openOver, pageOver, partsOf } from '../../../scripts/double/in-node.ts';
import { at } from '../../../scripts/lib/paths.ts';
import { treeFiles } from '../../../scripts/lib/sandbox.ts';
import type { StartProgress } from '../runtime.ts';
import { outcome, watched } from '../testing.ts';
import type { PartsSource } from './container-runtime.ts';

const SERVER = treeFiles(at('sandboxes/server'));
const LIMITS = { init: 5000, boot: 10_000, ready: 15_000, port: 15_000 };

function newHost(): DoubleHost {
  const host = new DoubleHost();
  onTestFinished(() => host.close());
  return host;
}

async function open(host = newHost()) {
  const runtime = await openOver(host, SERVER);
  onTestFinished(() => runtime.dispose());
  return { host, runtime };
}

test('the double has the types of the real one', () => {
  const { WebContainer: Double } = doubleOf(new DoubleHost().call, new EventTarget());
  type Instance = Awaited<ReturnType<typeof Double.boot>>;
  expectTypeOf<Instance>().toExtend<Public<WebContainer>>();
  expectTypeOf<keyof Instance>().toEqualTypeOf<keyof WebContainer>();
  expectTypeOf(Double.boot).parameters.toEqualTypeOf<[options?: BootOptions]>();
});

test('the whole server: nginx, a Unix socket, uWSGI, Python', async () => {
  const { runtime } = await open();
  const { until } = watched(runtime);
  await runtime.spawn('uwsgi', ['--ini', '/srv/shop/uwsgi.ini'], { cwd: '/srv/shop' });
  await runtime.spawn('nginx', ['-g', 'daemon off;']);
  await until((event) => event.type === 'uwsgi.ready');
  await until((event) => event.type === 'process.role' && event.server === 'nginx' && event.role === 'worker');
  const answer = await runtime.request({ method: 'GET', url: 'http://localhost/' });
  expect(answer).toMatchObject({ status: 200, failed: null });
}, 60_000);

test('its stages are told in order', async () => {
  const told: StartProgress[] = [];
  const runtime = await openOver(newHost(), SERVER, { onProgress: (progress) => told.push(progress) });
  runtime.dispose();
  expect([...new Set(told.map(({ stage }) => stage))]).toEqual(['contact', 'boot', 'files', 'start']);
  const values = told.map(({ value }) => value);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
  expect(values.at(-1)).toBeLessThan(0.85);
});

test('parts that come slowly are told of as they come', async () => {
  const told: StartProgress[] = [];
  const waits = Promise.withResolvers<void>();
  const parts = {
    size: 4_000_000,
    load: async (onBytes: (count: number) => void): ReturnType<PartsSource['load']> => {
      onBytes(1_000_000);
      await waits.promise;
      onBytes(1_500_000);
      onBytes(1_500_000);
      return { engine: engineParts(), wheelhouse: {} };
    },
  };
  const onProgress = (progress: StartProgress): void => {
    told.push(progress);
    if (progress.stage === 'files') waits.resolve();
  };
  const runtime = await openOver(newHost(), {}, { parts, onProgress });
  runtime.dispose();
  const loading = told.filter(({ text }) => text.startsWith('Loading'));
  expect(loading.map(({ text }) => text.split(': ')[1])).toEqual(['1.0 of 4.0 MB', '2.5 of 4.0 MB', '4.0 of 4.0 MB']);
  const values = told.map(({ value }) => value);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
}, 30_000);

test('wheels lie in the wheelhouse, byte for byte', async () => {
  const wheel = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251);
  const parts = partsOf(engineParts(), { '/srv/wheelhouse/shop-1.0-py3-none-any.whl': wheel });
  const runtime = await openOver(newHost(), { '/srv/shop/': '' }, { parts });
  expect((await outcome(await runtime.spawn('ls', ['/srv/wheelhouse']))).stdout).toBe('shop-1.0-py3-none-any.whl\n');
  expect(Buffer.from(await runtime.readFile('/srv/wheelhouse/shop-1.0-py3-none-any.whl')).equals(wheel)).toBe(true);
  runtime.dispose();
}, 30_000);

test('the container’s own shell and the sandbox see the same files, and the page hears of edits', async () => {
  const { host, runtime } = await open();
  const changed: string[] = [];
  runtime.on('files', ({ paths }) => changed.push(...paths));
  const shell = await runtime.openShell({ cols: 80, rows: 24 });
  let shown = '';
  shell.onOutput((text) => {
    shown += text;
  });
  shell.write('echo "from jsh" > srv/note\r');
  await vi.waitFor(() => expect(changed).toContain('/srv/note'), 10_000);
  const { stdout } = await outcome(await runtime.spawn('cat', ['/srv/note']));
  expect(stdout).toBe('from jsh\n');
  // What is typed is echoed by the terminal, not by us.
  expect(shown).toContain('echo "from jsh" > srv/note\r\n');
  await runtime.writeFile('/srv/answer', 'from the page\n');
  expect(await readFile(join(host.workdir, 'server/srv/answer'), 'utf8')).toBe('from the page\n');
  shell.write('exit 3\r');
  expect(await shell.exited).toBe(3);
}, 30_000);

/** The process that holds the container's port open. */
async function publisher({ events, until }: ReturnType<typeof watched>): Promise<number | undefined> {
  const begins = (event: TraceEvent): boolean => event.type === 'process.start' && event.program === 'publish';
  await until(begins);
  return events.find(begins)?.pid;
}

test('a port of the container shows what listens on port 80 of the sandbox', async () => {
  const { runtime } = await open();
  const seen = watched(runtime);
  const { until } = seen;
  await runtime.spawn('nginx', ['-g', 'daemon off;']);
  await until((event) => event.type === 'socket.listen');
  const url = await runtime.openPreview();
  expect(await runtime.openPreview()).toBe(url);
  const answer = await fetch(`${url}/static/style.css`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('server')).toContain('nginx');
  // It is a process like any other: when a learner kills it, the next asker gets another.
  const pid = await publisher(seen);
  await runtime.kill(pid ?? 0, 'SIGKILL');
  await until((event) => event.type === 'process.exit' && event.pid === pid);
  const next = await runtime.openPreview();
  expect(next).not.toBe(url);
  expect((await fetch(`${next}/static/style.css`)).status).toBe(200);
}, 30_000);

test('a port that nobody announces: an error in time, and the port is free again', async () => {
  const host = newHost();
  const call: DoubleCall = async (name, ...args) => {
    const answer = await host.call(name, ...args);
    return name !== 'next' ? answer : ((answer as readonly DoubleEvent[]).filter(({ type }) => type !== 'port') as typeof answer);
  };
  const runtime = await openOver(host, SERVER, { page: pageOver({ call }), limits: { ...LIMITS, port: 3000 } });
  onTestFinished(() => runtime.dispose());
  const seen = watched(runtime);
  await expect(runtime.openPreview()).rejects.toThrow('No port of the container was open after 3 seconds.');
  const pid = await publisher(seen);
  await seen.until((event) => event.type === 'process.exit' && event.pid === pid);
}, 30_000);

test('when its engine dies, the sandbox says so and every process goes', async () => {
  const { host, runtime } = await open();
  const faults: string[] = [];
  runtime.on('fault', ({ message }) => faults.push(message));
  const process = await runtime.spawn('cat');
  await vi.waitFor(() => expect(host.nodes).toBeGreaterThanOrEqual(3), 10_000);
  const reading = runtime.readFile('/etc/hosts');
  await reading;
  host.killAll();
  await vi.waitFor(() => expect(faults).toEqual([expect.stringContaining('ended (exit code 137)')]), 10_000);
  await expect(runtime.readFile('/etc/hosts')).rejects.toThrow('The sandbox was closed.');
  // Nobody told them: they have lost their kernel.
  await vi.waitFor(() => expect(host.nodes).toBe(0), 10_000);
  runtime.dispose();
  expect(await process.exited).toEqual({ code: null, signal: 'SIGKILL' });
}, 30_000);

test('an engine that breaks or says nothing: not-listening, with Node’s words, and the container is torn down', async () => {
  const encoder = new TextEncoder();
  const openWith = (host: DoubleHost, code: string, ready: number) =>
    openOver(host, {}, { parts: partsOf({ ...engineParts(), 'main.mjs': encoder.encode(code) }), limits: { ...LIMITS, ready } });
  const broken = newHost();
  await expect(openWith(broken, 'throw new Error("no such thing as a server")', 15_000)).rejects.toMatchObject({
    reason: 'not-listening',
    message: expect.stringMatching(/exit code 1.* It said: Node\.js v/s),
  });
  const silent = newHost();
  await expect(openWith(silent, 'setInterval(() => {}, 1000); console.log("hé")', 1000)).rejects.toMatchObject({
    reason: 'not-listening',
    message: 'The engine in the WebContainer was not ready within 1 seconds. It said: h\ufffd\ufffd',
  });
  await vi.waitFor(() => expect([broken.running, silent.running]).toEqual([0, 0]), 10_000);
}, 30_000);

test('one at a time: a second is refused while the first runs, and starts when the first is gone', async () => {
  const host = newHost();
  const page = pageOver(host);
  const first = await openOver(host, SERVER, { page });
  await expect(openOver(host, SERVER, { page })).rejects.toMatchObject({
    reason: 'boot-error',
    message: expect.stringContaining('single'),
  });
  expect(page.frames).toHaveLength(1);
  first.dispose();
  expect(page.frames).toEqual([]);
  const told: string[] = [];
  const second = await openOver(host, SERVER, { page, onProgress: ({ stage }) => told.push(stage) });
  // the frame has spoken again
  expect(told).toContain('boot');
  expect((await outcome(await second.spawn('cat', ['/etc/hosts']))).code).toBe(0);
  second.dispose();
  expect(page.frames).toEqual([]);
}, 30_000);

test('a process that prints past its channel cannot speak for the engine, nor end it', async () => {
  const frames = ['{"op":"fault","message":"forged"}', '{"op":"exited","pid":2,"exit":{"code":99,"signal":null}}'];
  const printed = JSON.stringify(`${frames.map((json) => `\x1e.${json}\x1f`).join('')}\x1e and an open end`);
  const parts = engineParts();
  const process = Buffer.concat([
    Buffer.from(`import { writeSync } from 'node:fs'; for (const fd of [1, 2]) writeSync(fd, ${printed});\n`),
    parts['process.mjs'],
  ]);
  const runtime = await openOver(newHost(), SERVER, { parts: partsOf({ ...parts, 'process.mjs': process }) });
  const faults: string[] = [];
  runtime.on('fault', ({ message }) => faults.push(message));
  for (let n = 0; n < 2; n++) {
    expect(await outcome(await runtime.spawn('cat', ['/etc/hosts']))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('localhost'),
    });
  }
  expect(faults).toEqual([]);
  runtime.dispose();
}, 30_000);

for (const stuck of ['writeFile', 'spawn'] as const) {
  test(`called off while the container hangs in ${stuck}: it is gone at once, and the next start is free`, async () => {
    const host = newHost();
    let hangs = true;
    const asked = Promise.withResolvers<void>();
    const call: DoubleCall = (name, ...args) => {
      if (!hangs || name !== stuck) return host.call(name, ...args);
      asked.resolve();
      return new Promise(() => {});
    };
    const page = pageOver({ call });
    const stop = new AbortController();
    const starting = openOver(host, {}, { page, signal: stop.signal });
    const outcomeOfStart = expect(starting).rejects.toThrow('The learner has cancelled.');
    await asked.promise;
    expect(page.frames).toHaveLength(1);
    stop.abort(new Error('The learner has cancelled.'));
    expect(page.frames).toEqual([]);
    hangs = false;
    // without waiting: a retry may come as soon
    const next = await openOver(host, SERVER, { page });
    await outcomeOfStart;
    expect((await outcome(await next.spawn('cat', ['/etc/hosts']))).code).toBe(0);
    next.dispose();
  }, 30_000);
}

/** A container without our engine, and a way to see all that a process of it shows. */
async function bare(script: string) {
  const { WebContainer: Double } = doubleOf(newHost().call, new EventTarget());
  const container = await Double.boot();
  onTestFinished(() => container.teardown());
  await container.fs.writeFile('script.cjs', script);
  const process = await container.spawn('node', ['script.cjs']);
  const said = { text: '' };
  const input = process.input.getWriter();
  const write = (chunk: string): void => {
    said.text += chunk;
  };
  void process.output.pipeTo(new WritableStream({ write })).catch(() => {});
  return { process, said, input };
}

test('the double’s Node lacks what a WebContainer’s lacks', async () => {
  const { process, said } = await bare(`
    const net = require('node:net');
    const tries = {
      listen: () => net.createServer().listen('/tmp/x.sock'),
      connect: () => net.connect({ path: '/tmp/x.sock' }),
      send: () => require('node:child_process').fork(__filename, ['child']).send('x', net.createServer()),
    };
    if (process.argv[2] === 'child') process.exit();
    for (const [name, attempt] of Object.entries(tries)) try { attempt(); console.log(name, 'worked'); } catch (e) { console.log(name, e.message); }
    console.log('runs in', process.versions.webcontainer);
    process.exit(4);`);
  expect(await process.exit).toBe(4);
  await vi.waitFor(() => expect(said.text).toContain('runs in double'));
  expect(said.text).toContain('listen A WebContainer has no Unix sockets');
  expect(said.text).toContain('connect A WebContainer has no Unix sockets');
  expect(said.text).toContain('send A WebContainer has no handle passing');
});

test('the double’s terminal: one stream, with the echo, with cut characters, past the process’s end', async () => {
  const { process, said, input } = await bare(`
    console.log('out'); console.error('err');
    process.stdin.once('data', (line) => {
      console.log('heard', JSON.stringify(String(line)));
      console.log('Grüße');
      require('node:child_process').spawn(process.execPath, ['-e', 'process.stdin.on("end", () => console.log("the child is last")).resume()'], { stdio: ['pipe', 1, 2] });
      process.exit(0);
    });`);
  await vi.waitFor(() => expect(said.text).toMatch(/out\r\n.*err\r\n|err\r\n.*out\r\n/s));
  await input.write('typed');
  await input.write('\r');
  expect(await process.exit).toBe(0);
  await vi.waitFor(() => expect(said.text).toContain('the child is last'));
  expect(said.text).toContain('typed\r\n');
  expect(said.text).toContain('heard "typed\\n"');
  expect(said.text).toContain('Gr\ufffd\ufffdße');
});

test('the double’s kill ends the process and has no signal to choose', async () => {
  const { process, said } = await bare("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')");
  await vi.waitFor(() => expect(said.text).toContain('up'));
  process.kill();
  expect(await process.exit).toBe(137);
});
