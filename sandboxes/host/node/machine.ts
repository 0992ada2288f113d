/**
 * The Node host's platform: the kernel is in this process, every sandbox process is an operating system process that
 * talks to it, and to its peers, over loopback TCP. No Unix sockets and no handle passing: it also runs where Node has
 * neither.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import type { Exit } from '../host.ts';
import { Kernel } from '../kernel.ts';
import type { KernelPlatform, ProcessDriver } from '../process-table.ts';
import type { Tree } from '../tree.ts';
import type { Start, ToProcess } from '../wire.ts';
import { Channel, type Down, type Hello, LOOPBACK, PORT_VARIABLE, TOKEN_VARIABLE, type Up } from './channel.ts';
import { Reaper } from './reaper.ts';

/** A process that has said good-bye may take so long to hand over its last words. */
const LEAVE_MS = 10_000;

export interface MachineOptions {
  readonly tree: Tree;
  /** Names of the programs that `processFile` knows; a live set. */
  readonly programs: ReadonlySet<string>;
  /** The module that runs a process: it calls `runProcess`. */
  readonly processFile: string;
  /** Takes events as text, see trace-lines.ts. */
  readonly onTrace?: (lines: string) => void;
  /** Hears what Node itself has to say of a process; without it that goes to standard error. */
  readonly onNoise?: (bytes: Buffer) => void;
  /** false where everything ends together anyway. */
  readonly reaper?: boolean;
}

interface Child {
  readonly pid: number;
  readonly os: ChildProcess;
  channel: Channel | null;
  /** Where it listens for its peers. */
  port: number;
  /** For the time until it has called. */
  waiting: Down[];
  exit: Exit | null;
  leaving: boolean;
}

export class Machine {
  readonly kernel: Kernel;
  /** Where processes call, on the loopback interface. */
  readonly port: number;
  #options: MachineOptions;
  #server: Server;
  #children = new Map<number, Child>();
  #expected = new Map<string, Child>();
  #reaper: Reaper | null;

  private constructor(options: MachineOptions, server: Server, port: number) {
    this.#options = options;
    this.#reaper = options.reaper === false ? null : new Reaper();
    this.#server = server;
    this.port = port;
    const clock = (): number => performance.timeOrigin + performance.now();
    const platform: KernelPlatform = {
      epoch: clock(),
      clock,
      programs: options.programs,
      start: (start) => this.#start(start),
      link: (a, b) => this.#link(a, b),
      emit: (lines) => options.onTrace?.(lines),
      // Processes find it themselves, see python.ts.
      python: () => Promise.resolve(null),
    };
    this.kernel = new Kernel(options.tree, platform);
    server.on('connection', (socket) => this.#called(new Channel(socket)));
  }

  static async open(options: MachineOptions): Promise<Machine> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, LOOPBACK, resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no loopback address');
    return new Machine(options, server, address.port);
  }

  /** Ends all processes at once. */
  close(): void {
    this.kernel.dispose();
    for (const { os } of this.#children.values()) os.kill('SIGKILL');
    this.#reaper?.close();
    this.#server.close();
  }

  #start(start: Start): ProcessDriver {
    const token = randomUUID();
    const { onNoise } = this.#options;
    const noise = onNoise === undefined ? 2 : 'pipe';
    const os = spawn(process.execPath, ['--no-warnings', this.#options.processFile], {
      env: { ...process.env, [PORT_VARIABLE]: String(this.port), [TOKEN_VARIABLE]: token },
      // What the program prints comes over the channel; this is for what Node itself has to say.
      stdio: ['ignore', noise, noise],
    });
    for (const stream of [os.stdout, os.stderr]) stream?.on('data', (bytes: Buffer) => onNoise?.(bytes));
    const child: Child = { pid: start.pid, os, channel: null, port: 0, waiting: [{ start }], exit: null, leaving: false };
    this.#children.set(child.pid, child);
    this.#expected.set(token, child);
    const { pid: id } = os;
    if (id !== undefined) this.#reaper?.add(id);
    const over = (exit: Exit): void => {
      child.exit = exit;
      this.#expected.delete(token);
      this.#children.delete(child.pid);
      if (id !== undefined) this.#reaper?.remove(id);
      this.#settle(child);
    };
    os.on('error', () => over({ code: 126, signal: null }));
    os.on('exit', (code, signal) => over(signal === null ? { code: code ?? 1, signal: null } : { code: null, signal: 'SIGKILL' }));
    return {
      post: (messages: ToProcess[]) => this.#send(child, messages),
      terminate: () => {
        if (!child.leaving) os.kill('SIGKILL');
        else setTimeout(() => os.kill('SIGKILL'), LEAVE_MS).unref();
      },
    };
  }

  #send(child: Child, message: Down): void {
    if (child.channel === null) child.waiting.push(message);
    else child.channel.send(message);
  }

  /** A process calls, or a stranger, who does not know a token. */
  #called(channel: Channel): void {
    channel.onMessage = (message): void => {
      const { token, port } = message as Hello;
      const child = this.#expected.get(token);
      if (child === undefined) {
        channel.destroy();
        return;
      }
      this.#expected.delete(token);
      child.channel = channel;
      child.port = port;
      channel.onMessage = (batch) => this.#hear(child, batch as Up);
      channel.onClose = () => this.#settle(child);
      for (const down of child.waiting.splice(0)) channel.send(down);
    };
  }

  #hear(child: Child, messages: Up): void {
    if (messages.some(({ op }) => op === 'exit')) child.leaving = true;
    this.kernel.receive(child.pid, messages);
  }

  /** A process that ended without saying so is over when it has exited and its last message has been read. */
  #settle({ pid, exit, channel }: Child): void {
    if (exit !== null && (channel === null || channel.closed)) this.kernel.ended(pid, exit);
  }

  #link(a: number, b: number): void {
    const [caller, called] = [this.#children.get(a), this.#children.get(b)];
    if (caller === undefined || called === undefined) return;
    const token = randomUUID();
    this.#send(called, { link: { pid: a, token, port: null } });
    this.#send(caller, { link: { pid: b, token, port: called.port } });
  }
}
