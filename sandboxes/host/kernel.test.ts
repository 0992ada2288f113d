/** The kernel against processes that do not keep to the rules: raw messages, as a broken or hostile program could send them. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { TraceEvent } from './events.ts';
import type { Exit } from './host.ts';
import { Kernel } from './kernel.ts';
import { MemoryTree } from './memory-tree.ts';
import { eventsOf } from './trace-lines.ts';
import type { CallName, SpawnRequest, ToKernel, ToProcess } from './wire.ts';

const sent = new Map<number, ToProcess[]>();
const links: [number, number][] = [];
let terminated: number[] = [];
let terminals: boolean[] = [];
let noRoom = false;
let events: TraceEvent[] = [];
let kernel: Kernel;

const spawnRequest = (differs: Partial<SpawnRequest>): SpawnRequest => ({
  ...{ program: 'any', args: [], env: {}, cwd: '/', listeners: [], image: null, diesWithParent: false, uid: null, gid: null },
  ...{ stdin: 'null', stdout: 'null', stderr: 'null' },
  ...differs,
});

beforeEach(() => {
  sent.clear();
  links.length = 0;
  terminated = [];
  terminals = [];
  noRoom = false;
  events = [];
  kernel = new Kernel(new MemoryTree(), {
    epoch: 0,
    clock: () => 0,
    programs: new Set(['any']),
    start: ({ pid, terminal }) => {
      if (noRoom) throw new RangeError('no more threads');
      terminals.push(terminal);
      sent.set(pid, []);
      return { post: (messages) => void sent.get(pid)?.push(...messages), terminate: () => void terminated.push(pid) };
    },
    link: (a, b) => void links.push([a, b]),
    emit: (lines) => void events.push(...eventsOf(lines)),
    python: () => Promise.resolve(null),
  });
});

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function spawn(): { pid: number; ended: Promise<Exit> } {
  const { promise, resolve } = Promise.withResolvers<Exit>();
  return { pid: kernel.spawnOutside({ program: 'any', write: () => {}, exited: resolve }).pid, ended: promise };
}

const traceOf = (...reports: readonly object[]): ToKernel => ({
  op: 'trace',
  lines: reports.map((one) => `${JSON.stringify(one)}\n`).join(''),
});

let id = 0;
/** Makes a call in the name of `pid` and gives the answer: a value, or an error's code. */
async function call(pid: number, name: CallName, ...args: unknown[]): Promise<unknown> {
  id++;
  kernel.receive(pid, [{ op: 'call', id, name, args } as unknown as ToKernel]);
  await settled();
  const answer = sent.get(pid)?.find((message) => 'id' in message && message.id === id);
  if (answer?.op === 'reply') return answer.value;
  return answer?.op === 'error' ? answer.code : 'no answer';
}

const last = (pid: number): ToProcess | undefined => sent.get(pid)?.at(-1);
const exit = (held: readonly unknown[] = [], byes: readonly number[] = []): ToKernel =>
  ({ op: 'exit', code: 0, held, byes }) as unknown as ToKernel;

describe('kernel', () => {
  it("takes no other process's name for a connection", async () => {
    const [server, client, thief] = [spawn().pid, spawn().pid, spawn().pid];
    expect(await call(server, 'listen', { port: 80 }, 5, null)).toMatchObject({ id: 1 });
    expect(await call(client, 'connect', `${client}.1`, { port: 80 }, null, null)).toEqual({ peer: null });
    expect(await call(thief, 'connect', `${client}.1`, { port: 80 }, null, null)).toBe('EPERM');
    expect(await call(thief, 'connect', `${client}.2`, { port: 80 }, null, null)).toBe('EPERM');
  });

  it("lets nobody accept from, look into or close another's listener", async () => {
    const [server, client, thief] = [spawn().pid, spawn().pid, spawn().pid];
    await call(server, 'listen', { port: 80 }, 5, null);
    await call(client, 'connect', `${client}.1`, { port: 80 }, null, null);
    expect(await call(thief, 'accept', 1)).toBe(null);
    expect(await call(thief, 'waiting', 1)).toBe(0);
    kernel.receive(thief, [{ op: 'unlisten', listener: 1 }]);
    const request = spawnRequest({ listeners: [1] });
    expect(await call(thief, 'spawn', request)).toBe('EINVAL');
    expect(await call(server, 'accept', 1)).toMatchObject({ conn: `${client}.1`, pid: client });
    expect(links).toEqual([[client, server]]);
  });

  it('does not read the pipe of a child that is not the caller’s', async () => {
    const [parent, thief] = [spawn().pid, spawn().pid];
    const request = spawnRequest({ stdout: 'pipe' });
    const { pid: child } = (await call(parent, 'spawn', request)) as { pid: number };
    await call(child, 'output.write', 1, new Uint8Array([1]));
    expect(await call(thief, 'pipe.read', child)).toBe(null);
    expect(await call(parent, 'pipe.read', child)).toEqual(new Uint8Array([1]));
  });

  it('hears nothing that the dead still say', async () => {
    const { pid } = spawn();
    kernel.kill(pid, 'SIGKILL', null);
    kernel.receive(pid, [traceOf({ type: 'log', t: 0, text: 'from beyond' })]);
    expect(await call(pid, 'listen', { port: 80 }, 5, null)).toBe('no answer');
    expect(await call(spawn().pid, 'connect', '302.1', { port: 80 }, null, null)).toBe('ECONNREFUSED');
    expect(events.some(({ type }) => type === 'log')).toBe(false);
    expect(terminated).toEqual([pid]);
  });

  it('records events under the name of their sender, and its own from nobody else', async () => {
    const [one, other] = [spawn().pid, spawn().pid];
    const forged = [
      { type: 'log', t: 1, text: 'hello', pid: other, seq: -5 },
      { type: 'process.exit', t: 1, code: 0, signal: null },
      { type: 'conn.accepted', t: 1, conn: '1.1', listener: 1, waiting: 0, client: other },
      { type: 'socket.listen', t: 1, listener: 7, address: '0.0.0.0:80', backlog: 1 },
    ];
    kernel.receive(one, [traceOf(...forged)]);
    await settled();
    expect(events.map(({ type, pid }) => [type, pid])).toEqual([
      ['process.start', one],
      ['process.start', other],
      ['log', one],
    ]);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('ends a process that speaks nonsense, and no other', async () => {
    const [one, other] = [spawn(), spawn()];
    kernel.receive(one.pid, [{ op: 'trace' } as unknown as ToKernel]);
    kernel.receive(other.pid, [{ op: 'what?' } as unknown as ToKernel]);
    expect(await one.ended).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await call(other.pid, 'fs.read', 42)).toBe('EINVAL');
    expect(await call(other.pid, 'constructor' as CallName)).toBe('EINVAL');
    expect(await call(other.pid, 'chdir', '/')).toBe('/');
  });

  it('tells peers whether last words may still come', async () => {
    const [server, client] = [spawn().pid, spawn().pid];
    await call(server, 'listen', { port: 80 }, 5, null);
    for (const said of [true, false]) {
      const visitor = said ? client : spawn().pid;
      await call(visitor, 'connect', `${visitor}.1`, { port: 80 }, null, null);
      await call(server, 'accept', 1);
      kernel.receive(visitor, [exit([], said ? [server] : [])]);
      await settled();
      expect(last(server)).toEqual({ op: 'gone', pid: visitor, orderly: said });
    }
  });

  it('passes on what a client had held back when it was accepted as it left', async () => {
    const [server, client] = [spawn().pid, spawn().pid];
    await call(server, 'listen', { port: 80 }, 5, null);
    await call(client, 'connect', `${client}.1`, { port: 80 }, null, null);
    await call(server, 'accept', 1);
    const held = [{ conn: `${client}.1`, to: 'server', data: new Uint8Array([1]) }];
    kernel.receive(client, [exit(held)]);
    await settled();
    expect(sent.get(server)?.slice(-2)).toEqual([
      { op: 'late', pid: client, messages: held },
      { op: 'gone', pid: client, orderly: false },
    ]);
  });

  it('hands nobody what is not of our form: no last words, no bytes', async () => {
    const [server, client] = [spawn().pid, spawn().pid];
    await call(server, 'listen', { port: 80 }, 5, null);
    expect(await call(client, 'connect', `${client}.1`, { port: 80 }, null, 'no bytes')).toBe('EINVAL');
    expect(await call(client, 'connect', `${client}.2`, { port: 80 }, null, null)).toEqual({ peer: null });
    await call(server, 'accept', 1);
    expect(await call(client, 'fs.write', '/file', { length: 3 }, false, null)).toBe('EINVAL');
    expect(await call(client, 'output.write', 1, 'no bytes')).toBe('EINVAL');
    const held = [null, 42, { conn: 5 }, { conn: `${client}.2`, to: 'server', data: 'no bytes' }];
    kernel.receive(client, [exit(held)]);
    await settled();
    expect(sent.get(server)?.filter(({ op }) => op === 'late')).toEqual([]);
    expect(last(server)).toEqual({ op: 'gone', pid: client, orderly: false });
  });

  it('lets a process exit once, however it words it', async () => {
    const { pid, ended } = spawn();
    kernel.receive(pid, [{ op: 'exit', code: 0 } as unknown as ToKernel]);
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
    await settled();
    expect(events.filter(({ type }) => type === 'process.exit')).toHaveLength(1);
    expect(terminated).toEqual([pid]);
  });

  it('passes on nothing that cannot be copied, whoever slipped it in', async () => {
    const [hostile, listening] = [spawn().pid, spawn().pid];
    await call(listening, 'listen', { port: 80 }, 5, null);
    const port = (): void => {};
    kernel.receive(hostile, [{ op: 'title', title: port } as unknown as ToKernel]);
    expect(await call(hostile, 'setUser', port as never, 0)).toBe('EINVAL');
    expect(await call(hostile, 'listen', { port: 81 }, port as never, null)).toBe('EINVAL');
    await call(hostile, 'connect', `${hostile}.1`, { port: 80 }, null, null);
    const held = [{ conn: `${hostile}.1`, to: 'server', data: new Uint8Array([1]), port }];
    kernel.receive(hostile, [{ op: 'exit', code: 0, held, byes: [] } as unknown as ToKernel]);
    expect(structuredClone(await call(listening, 'accept', 1, false))).toMatchObject({ left: [{ data: new Uint8Array([1]) }] });
    expect(structuredClone(await call(listening, 'processes'))).toHaveLength(1);
  });

  it('records no event without a time', async () => {
    const { pid } = spawn();
    for (const t of [Number.NaN, Number.POSITIVE_INFINITY, '5', undefined])
      kernel.receive(pid, [traceOf({ type: 'log', t, text: 'when?' })]);
    await settled();
    expect(events.map(({ type }) => type)).toEqual(['process.start']);
  });

  it('gives a child all its listeners or none: a refused start leaves no hold on a socket', async () => {
    const { pid } = spawn();
    await call(pid, 'listen', { port: 80 }, 5, null);
    const request = spawnRequest({ listeners: [1, 99] });
    expect(await call(pid, 'spawn', request)).toBe('EINVAL');
    kernel.receive(pid, [{ op: 'unlisten', listener: 1 }]);
    expect(await call(pid, 'connect', `${pid}.1`, { port: 80 }, null, null)).toBe('ECONNREFUSED');
  });

  it('ends one read of a terminal with Ctrl-D, and goes on', async () => {
    const { pid, input } = kernel.spawnOutside({ program: 'any', write: () => {}, exited: () => {} });
    expect(input.terminal).toBe(true);
    input.endOfFile();
    await input.write(new Uint8Array([65]));
    expect(await call(pid, 'input.read')).toBeNull();
    expect(await call(pid, 'input.read')).toEqual(new Uint8Array([65]));
    const waiting = call(pid, 'input.read');
    input.endOfFile();
    expect(await waiting).toBeNull();
  });

  it('tells a process whether its input is a terminal', async () => {
    const { pid } = spawn();
    for (const stdin of ['inherit', 'pipe', 'null'] as const) await call(pid, 'spawn', spawnRequest({ stdin }));
    kernel.spawnOutside({ program: 'any', terminal: false, write: () => {}, exited: () => {} });
    expect(terminals).toEqual([true, true, false, false, false]);
  });

  it('leaves no hold on a socket when the platform cannot start the child, and says that it is gone', async () => {
    const { pid } = spawn();
    const { id: listener } = (await call(pid, 'listen', { path: '/s' }, 5, null)) as { id: number };
    noRoom = true;
    expect(await call(pid, 'spawn', spawnRequest({ listeners: [listener] }))).toBe('EINVAL');
    expect(kernel.sockets.list().map(({ holders }) => holders.map((holder) => holder.pid))).toEqual([[pid]]);
    expect(events.at(-1)).toMatchObject({ type: 'process.exit', pid: pid + 1 });
  });

  it('ends with its parent who is meant to, and nobody else', async () => {
    const { pid } = spawn();
    const { pid: bound } = (await call(pid, 'spawn', spawnRequest({ diesWithParent: true }))) as { pid: number };
    const { pid: free } = (await call(pid, 'spawn', spawnRequest({}))) as { pid: number };
    kernel.kill(pid, 'SIGKILL', null);
    expect(kernel.list().map((one) => one.pid)).toEqual([free]);
    expect(events.at(-1)).toMatchObject({ type: 'process.exit', pid: bound, signal: 'SIGKILL' });
  });
});
