/** Reloads under load, where no request may be lost; and hundreds of deaths, after which nothing may be left over. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { createLocalSandbox, type LocalSandbox } from '../../host/local.ts';
import faults from './fixtures/faults.json' with { type: 'json' };
import { encodePacket } from './protocol.ts';
import { ini, PASSWD, type Running, SOCKET, startUwsgi, until } from './testing.ts';

const SLOW = { timeout: 90_000 };
const APP = `
import os
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [str(os.getpid()).encode()]
`;
const CLIENTS = 6;
const PACKET = encodePacket([
  ['REQUEST_METHOD', 'GET'],
  ['PATH_INFO', '/'],
  ['REQUEST_URI', '/'],
  ['SERVER_PROTOCOL', 'HTTP/1.1'],
]);

let sandbox: LocalSandbox;
afterEach(() => sandbox.dispose());

/** Several clients ask again and again until `enough`. Gives every answer, by its first line and the pid that answered. */
function load(enough: () => boolean): Promise<{ status: string; pid: number }[]> {
  return sandbox.run(async (host) => {
    const answers: { status: string; pid: number }[] = [];
    const one = async (): Promise<void> => {
      const connection = await host.connect({ path: SOCKET });
      await connection.write(PACKET);
      let text = '';
      for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read()) text += new TextDecoder().decode(bytes);
      connection.close();
      answers.push({ status: text.split('\r\n')[0] ?? '', pid: Number(text.split('\r\n\r\n')[1]) });
    };
    const client = async (): Promise<void> => {
      while (!enough()) {
        await one().catch((error: unknown) => answers.push({ status: String(error), pid: 0 }));
        await host.sleep(5);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    return answers;
  });
}

test.each([
  ['SIGHUP to the master', '', (running: Running) => sandbox.kill(running.process.pid, 'SIGHUP')],
  ['touch-reload', 'touch-reload = /srv/shop/again', () => touch('/srv/shop/again')],
  ['touch-chain-reload', 'touch-chain-reload = /srv/shop/again\nlazy-apps = true', () => touch('/srv/shop/again')],
])('%s under load: every request is answered with 200, at first by old workers and then by new ones', SLOW, async (_, option, reload) => {
  const running = await startUwsgi({ app: APP, text: ini(`processes = 2\n${option}`) });
  ({ sandbox } = running);
  touch('/srv/shop/again');
  await running.ready(2);
  const ready = (): number => sandbox.events.filter(({ type }) => type === 'uwsgi.ready').length;
  const returned = (): number => sandbox.events.filter(({ type }) => type === 'wsgi.return').length;
  let after: number | null = null;
  const loading = load(() => {
    if (after === null && ready() >= 4) after = returned();
    return after !== null && returned() >= after + 50;
  });
  await until(() => returned() >= 50);
  reload(running);
  const answers = await loading;
  expect(answers.filter(({ status }) => status !== 'HTTP/1.1 200 OK')).toEqual([]);
  expect(answers.length).toBe(returned());
  expect(answers.length).toBeGreaterThan(100);
  // The two of the start and the two of after.
  expect(new Set(answers.map(({ pid }) => pid)).size).toBeGreaterThan(2);
  const [first, last] = [answers[0]?.pid ?? 0, answers.at(-1)?.pid ?? 0];
  expect(last).toBeGreaterThan(first);
});

function touch(path: string): void {
  sandbox.files.write(path, String(Math.random()));
}

/** What the machine has at this moment: its processes and what the kernel keeps of each, and its sockets and ports with who holds them. */
function inventory() {
  const { kernel } = sandbox;
  return sandbox.run(async (host) => ({
    // Without the one that looks.
    processes: (await host.processes())
      .filter(({ pid }) => pid !== host.pid)
      .map(({ pid }) => kernel.process(pid))
      .map((one) => ({
        title: one?.title,
        pipes: [...(one?.childPipes.values() ?? [])].length,
        peers: one?.peers.size,
        files: one?.files.size,
      }))
      .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    sockets: (await host.sockets())
      .map(({ address, holders, waiting }) => ({ at: JSON.stringify(address), holders: holders.length, waiting }))
      .sort((a, b) => a.at.localeCompare(b.at)),
  }));
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Nothing that is left refers to these any more: the memory of all of them can be had again. */
async function expectFreed(refs: readonly WeakRef<object>[]): Promise<void> {
  const left = async (): Promise<number> => {
    collect();
    return refs.filter((ref) => ref.deref() !== undefined).length;
  };
  await expect.poll(left, { timeout: 20_000, interval: 100 }).toBe(0);
}

test('after two hundred deaths, forty at once, there is as much of everything as before', { timeout: 180_000 }, async () => {
  const instances = 5;
  const processes = 8;
  // Ports and Unix sockets.
  const names = Array.from({ length: instances }, (_, i) => (i % 2 === 0 ? `127.0.0.1:${3031 + i}` : `/run/shop/${i}.sock`));
  sandbox = createLocalSandbox({
    files: {
      ...PASSWD,
      '/run/shop/': '',
      // Without Python: it is the master that is tried here, and two hundred of them would take minutes.
      ...Object.fromEntries(
        names.map((name, i) => [`/srv/${i}.ini`, `[uwsgi]\nmaster = true\nprocesses = ${processes}\nsocket = ${name}\n`]),
      ),
    },
  });
  const masters = await Promise.all(names.map((_, i) => sandbox.spawn('uwsgi', ['--ini', `/srv/${i}.ini`])));
  const ready = () => sandbox.events.filter((event) => event.type === 'uwsgi.ready');
  await until(() => ready().length === instances * processes);
  const before = await inventory();
  expect(before.processes).toHaveLength(instances * (processes + 1));
  expect(before.sockets.map(({ holders }) => holders)).toEqual(names.map(() => processes + 1));
  const dead: WeakRef<object>[] = [];
  // A function of its own, so that no variable of this one holds on to the last of them.
  const kill = (pid: number): void => {
    const process = sandbox.kernel.process(pid);
    if (process !== undefined) dead.push(new WeakRef(process), new WeakRef(process.outbox), new WeakRef(process.driver));
    sandbox.kill(pid, 'SIGKILL');
  };
  for (let round = 1; round <= 5; round++) {
    for (const { pid } of ready().slice(-instances * processes)) kill(pid);
    await until(() => ready().length === (round + 1) * instances * processes);
  }
  expect(dead).toHaveLength(3 * 5 * instances * processes);
  await expectFreed(dead);
  expect(masters.map((master) => master.stderr().match(/^Respawned/gm)?.length)).toEqual(Array(instances).fill(5 * processes));
  expect(await inventory()).toEqual(before);
  for (const { pid } of masters) sandbox.kill(pid, 'SIGINT');
  expect(await Promise.all(masters.map(({ exited }) => exited))).toEqual(Array(instances).fill({ code: 0, signal: null }));
  expect(await inventory()).toEqual({ processes: [], sockets: [] });
  // The ports are free again.
  await sandbox.run(async (host) => {
    for (const name of names) if (name.includes(':')) (await host.listen({ port: Number(name.split(':')[1]), ip: '127.0.0.1' })).close();
  });
});

test('the same with Python, which crashes in its requests', SLOW, async () => {
  const app = `import os\ndef application(environ, start_response):\n    os._exit(1)\n`;
  const running = await startUwsgi({ app, text: ini('processes = 4') });
  ({ sandbox } = running);
  await running.ready(4);
  const before = await inventory();
  for (let round = 1; round <= 3; round++) {
    const answers = await Promise.all(Array.from({ length: 4 }, () => running.ask('/').catch(() => 'reset')));
    expect(answers.every((answer) => answer === '' || answer === 'reset')).toBe(true);
    await running.ready(4 * (round + 1));
  }
  expect(await inventory()).toEqual(before);
  // What each worker had when it started: the last ones no more than the first.
  const fresh = new Map<number, number>();
  for (const event of sandbox.events) if (event.type === 'process.memory' && !fresh.has(event.pid)) fresh.set(event.pid, event.bytes);
  expect([...fresh.values()]).toHaveLength(16);
  expect(Math.max(...fresh.values()) - Math.min(...fresh.values())).toBeLessThan(1024 * 1024);
});

const CRASH_LOOPS = [
  [1, faults.crash_loop_1w],
  [2, faults.crash_loop_2w],
  [4, faults.crash_loop_4w],
] as const;

test.each(CRASH_LOOPS)('too many deaths of %i in a row: the master sleeps, when it was recorded to', SLOW, async (processes, { log }) => {
  sandbox = createLocalSandbox({
    files: { ...PASSWD, '/run/shop/': '', '/srv/u.ini': `[uwsgi]\nmaster = true\nprocesses = ${processes}\nsocket = ${SOCKET}\n` },
  });
  const master = await sandbox.spawn('uwsgi', ['--ini', '/srv/u.ini']);
  const ready = () => sandbox.events.filter((event) => event.type === 'uwsgi.ready');
  const plain = (line: string): string => line.replace(/pid: \d+/, 'P').replace(', killed by signal 9', '');
  const expected = log.slice(
    0,
    log.findIndex((line) => line.startsWith('SIGINT')),
  );
  const deaths = (): string[] => master.stderr().trimEnd().split('\n').slice(lines).map(plain);
  await until(() => ready().length === processes);
  const lines = master.stderr().trimEnd().split('\n').length;
  // All of them at once, and again as soon as they are there.
  for (let life = 1; deaths().length < expected.length; life++) {
    for (const { pid } of ready().slice(-processes)) sandbox.kill(pid, 'SIGKILL');
    await until(() => ready().length === (life + 1) * processes || deaths().length >= expected.length);
  }
  expect(deaths().slice(0, expected.length)).toEqual(expected.map(plain));
});

test('py-autoreload: a changed module reloads the instance', SLOW, async () => {
  const running = await startUwsgi({ app: APP, text: ini('py-autoreload = 1') });
  ({ sandbox } = running);
  await running.ready();
  const said = (): RegExpMatchArray | null => running.process.stderr().match(/^\[uwsgi-python-reloader\] .*$/gm);
  // What was changed before the first look is not noticed.
  for (let n = 0; said() === null; n++) {
    sandbox.files.write('/srv/shop/app/wsgi.py', `${APP.replace('str(os.getpid())', "'new'")}# ${n}\n`);
    await sandbox.run((host) => host.sleep(100));
  }
  await running.ready(2);
  expect(said()).toEqual(['[uwsgi-python-reloader] module/file /srv/shop/app/wsgi.py has been modified']);
  expect(await running.ask('/')).toMatch(/\r\n\r\nnew$/);
  expect(running.process.stderr()).toMatch(/^Python auto-reloader enabled$/m);
  expect(running.process.stderr()).not.toContain('threads support is disabled');
});
