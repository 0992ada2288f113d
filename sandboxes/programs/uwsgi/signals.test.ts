/** Signals and starts that come at the wrong moment, as recorded of the real one; and a socket that another instance has taken. */
import { afterEach, expect, test } from 'vitest';
import { createLocalSandbox, type LocalSandbox } from '../../host/local.ts';
import { Deadlines } from './deadlines.ts';
import { Log } from './log.ts';
import { defaults } from './options.ts';
import { newSlot } from './slot.ts';
import { newTally } from './tally.ts';
import { askUwsgi, body, ini, PASSWD, type Running, SOCKET, startUwsgi, until } from './testing.ts';

const SLOW = { timeout: 60_000 };
const APP = `
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'hello']
`;

let sandbox: LocalSandbox;
afterEach(() => sandbox.dispose());

/** An instance that is starting anew: its master has let go of everything and not set its handlers yet. */
async function reloading(): Promise<Running> {
  const running = await startUwsgi({ app: APP });
  ({ sandbox } = running);
  await running.ready();
  sandbox.kill(running.process.pid, 'SIGHUP');
  await until(() => running.process.stderr().includes('running /usr/bin/uwsgi-core'));
  return running;
}

test('during a reload SIGTERM and SIGHUP are ignored', SLOW, async () => {
  const running = await reloading();
  sandbox.kill(running.process.pid, 'SIGTERM');
  sandbox.kill(running.process.pid, 'SIGHUP');
  await running.ready(2);
  expect(running.process.stderr().match(/killing workers/g)).toHaveLength(1);
  expect(body(await running.ask('/'))).toBe('hello');
});

test('a worker that was stopped takes no request, and goes on after SIGCONT', SLOW, async () => {
  const running = await startUwsgi({ app: APP, text: ini().replace('processes = 1', 'processes = 2') });
  ({ sandbox } = running);
  await running.ready(2);
  const workers = sandbox.events.filter((event) => event.type === 'uwsgi.ready').map(({ pid }) => pid);
  const [one = 0, two = 0] = workers;
  const takers = (): number[] => sandbox.events.filter((event) => event.type === 'conn.accepted').map(({ pid }) => pid);
  sandbox.kill(one, 'SIGSTOP');
  for (let n = 0; n < 8; n++) expect(body(await running.ask('/'))).toBe('hello');
  expect(new Set(takers())).toEqual(new Set([two]));
  sandbox.kill(two, 'SIGSTOP');
  const waiting = running.ask('/');
  await until(() => sandbox.events.filter((event) => event.type === 'conn.queued').length === 9);
  sandbox.kill(one, 'SIGCONT');
  expect(body(await waiting)).toBe('hello');
  expect(takers().at(-1)).toBe(one);
});

test('during a reload SIGINT ends the process', SLOW, async () => {
  const running = await reloading();
  sandbox.kill(running.process.pid, 'SIGINT');
  expect(await running.process.exited).toEqual({ code: null, signal: 'SIGINT' });
});

for (const [signal, end] of [
  ['SIGINT', 'goodbye to uWSGI.'],
  ['SIGHUP', 'binary reloading uWSGI...'],
] as const) {
  test(`${signal} while the workers are still being started reaches all of them`, SLOW, async () => {
    const running = await startUwsgi({ app: APP, text: ini('plugins = http\nhttp = :8300\n').replace('processes = 1', 'processes = 4') });
    ({ sandbox } = running);
    await until(() => running.process.stderr().includes('spawned uWSGI worker 1'));
    sandbox.kill(running.process.pid, signal);
    await until(() => running.process.stderr().includes(end));
    if (signal === 'SIGHUP') {
      await until(() => running.process.stderr().split(end)[1]?.includes('spawned uWSGI http 1') === true);
      sandbox.kill(running.process.pid, 'SIGINT');
    }
    expect(await running.process.exited).toEqual({ code: 0, signal: null });
    expect(await sandbox.run(async (host) => (await host.sockets()).length)).toBe(0);
  });
}

test('a reload whose workers are not gone yet can still be stopped, and not be ordered again', SLOW, async () => {
  const running = await startUwsgi({ app: APP });
  ({ sandbox } = running);
  await running.ready();
  for (const signal of ['SIGHUP', 'SIGHUP', 'SIGTERM', 'SIGINT', 'SIGINT'] as const) sandbox.kill(running.process.pid, signal);
  expect(await running.process.exited).toEqual({ code: 0, signal: null });
  const said = running.process.stderr().match(/.*(killing workers|buried after|goodbye|binary reloading).*/g);
  expect(said?.map((line) => line.replace(/\d seconds/, 'N seconds'))).toEqual([
    '...gracefully killing workers...',
    'SIGINT/SIGTERM received...killing workers...',
    'worker 1 buried after N seconds',
    'goodbye to uWSGI.',
  ]);
});

test('an order while the master sleeps over a row of deaths is obeyed at once, and nobody is started any more', SLOW, async () => {
  sandbox = createLocalSandbox({
    files: { ...PASSWD, '/run/shop/': '', '/srv/u.ini': `[uwsgi]\nmaster = true\nprocesses = 1\nsocket = ${SOCKET}\n` },
  });
  const master = await sandbox.spawn('uwsgi', ['--ini', '/srv/u.ini']);
  const ready = () => sandbox.events.filter((event) => event.type === 'uwsgi.ready');
  for (let life = 1; !master.stderr().includes('respawning too fast'); life++) {
    await until(() => ready().length === life || master.stderr().includes('respawning too fast'));
    if (ready().length === life) sandbox.kill(ready().at(-1)?.pid ?? 0, 'SIGKILL');
  }
  const lives = master.stderr().match(/^Respawned/gm)?.length;
  sandbox.kill(master.pid, 'SIGINT');
  expect(await master.exited).toEqual({ code: 0, signal: null });
  expect(master.stderr().match(/^Respawned/gm)?.length).toBe(lives);
  expect(master.stderr()).toMatch(/too fast.*\nSIGINT\/SIGTERM received\.\.\.killing workers\.\.\.\ngoodbye to uWSGI\.\n$/);
});

test('a worker whose Python does not start is ended, with a line that says why', SLOW, async () => {
  sandbox = createLocalSandbox({ files: PASSWD, programs: { hangs: () => new Promise<never>(() => undefined) } });
  const process = await sandbox.run(async (host) => {
    const child = await host.spawn('hangs');
    const since = Math.floor(host.date() / 1000);
    const slotSince = (second: number): ReturnType<typeof newSlot> =>
      newSlot(1, child, { tally: newTally(), since: second, appStartup: null, before: null }, () => undefined);
    const lines: string[] = [];
    const log = new Log(host, (entry) => void lines.push(String(entry)));
    const deadlines = new Deadlines(host, log, defaults());
    deadlines.look(slotSince(since));
    deadlines.look(Object.assign(slotSince(since - 100), { python: true }));
    expect(lines).toEqual([]);
    deadlines.look(slotSince(since - 61));
    expect(lines).toEqual([`uwsgi: [sandbox] worker 1 (pid: ${child.pid}) had 60 seconds to start Python, and did not: once more\n`]);
    return child.exited;
  });
  expect(process).toEqual({ code: null, signal: 'SIGKILL' });
});

test('vacuum leaves a socket alone that another instance has taken meanwhile', SLOW, async () => {
  const text = `[uwsgi]\nmaster = true\nprocesses = 1\nvacuum = true\nsocket = ${SOCKET}\n`;
  sandbox = createLocalSandbox({ files: { ...PASSWD, '/run/shop/': '', '/srv/u.ini': text } });
  const start = async (n: number) => {
    const process = await sandbox.spawn('uwsgi', ['--ini', '/srv/u.ini']);
    await until(() => sandbox.events.filter(({ type }) => type === 'uwsgi.ready').length === n);
    return process;
  };
  const [first, second] = [await start(1), await start(2)];
  sandbox.kill(first.pid, 'SIGINT');
  await first.exited;
  expect(first.stderr()).toContain(`goodbye to uWSGI.\nVACUUM WARNING: unix socket ${SOCKET} changed inode. Skip removal\n`);
  await sandbox.run((host) => host.connect({ path: SOCKET }).then((connection) => connection.close()));
  sandbox.kill(second.pid, 'SIGINT');
  await second.exited;
  expect(second.stderr()).toContain(`VACUUM: unix socket ${SOCKET} removed.\n`);
  await expect(askUwsgi(sandbox, '/')).rejects.toThrow('No such file');
});
