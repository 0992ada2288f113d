/**
 * A process's side of the sandbox: implements `Host` by talking to the kernel and, over direct links, to other processes.
 * The same for every kind of process; what differs (threads, ports, sockets) is behind `GuestPlatform`.
 */
import { Gate } from './gate.ts';
import { GuestFiles } from './guest-files.ts';
import { GuestKernel } from './guest-kernel.ts';
import { GuestNetwork } from './guest-network.ts';
import { type GuestPlatform, ProcessExit } from './guest-platform.ts';
import { GuestProcesses, toBytes } from './guest-processes.ts';
import type { Address, Child, Connection, Host, Listener, Program, Signal, SpawnOptions } from './host.ts';
import { KeptBytes } from './kept-bytes.ts';
import { idsByName } from './users.ts';
import type { LinkMessage, Outlet, Start, ToProcess } from './wire.ts';

export class Guest implements Host {
  readonly pid: number;
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly inherited: readonly Listener[];
  readonly image: Uint8Array | null;
  readonly terminal: boolean;
  readonly fs: GuestFiles;
  ppid: number;
  cwd: string;
  uid: number;
  gid: number;

  #platform: GuestPlatform;
  #kernel: GuestKernel;
  #network: GuestNetwork;
  #epoch: number;
  #kept = new KeptBytes(() => this.now());
  #processes: GuestProcesses;
  #gate = new Gate();
  #leaving = false;
  #over = false;

  constructor(start: Start, platform: GuestPlatform) {
    this.pid = start.pid;
    this.ppid = start.ppid;
    this.name = start.program;
    this.args = start.args;
    this.env = start.env;
    this.cwd = start.cwd;
    this.uid = start.uid;
    this.gid = start.gid;
    this.image = start.image;
    this.terminal = start.terminal;
    this.#epoch = start.epoch;
    this.#platform = platform;
    this.#kernel = new GuestKernel(platform.kernel, () => this.now());
    this.fs = new GuestFiles(
      (name, ...args) => this.#kernel.call(name, ...args),
      (file) => this.#kernel.push({ op: 'file.close', file }),
    );
    this.#processes = new GuestProcesses({
      env: this.env,
      cwd: () => this.cwd,
      call: (name, ...args) => this.#kernel.call(name, ...args),
      push: (message) => this.#kernel.push(message),
    });
    this.#network = new GuestNetwork({
      pid: this.pid,
      call: (name, ...args) => this.#kernel.call(name, ...args),
      say: (type, data) => this.#kernel.say(type, data),
      mayKeep: (bytes) => this.mayKeep(bytes),
      protect: (work) => this.#protect(work),
      unlisten: (listener) => this.#kernel.push({ op: 'unlisten', listener }),
    });
    this.inherited = start.listeners.map(({ id, address, backlog }) => this.#network.listener(id, address, backlog));
  }

  /** Runs the program to its end and tells the kernel. */
  async run(program: Program): Promise<void> {
    let code: number;
    try {
      code = await program(this);
    } catch (error) {
      if (!(error instanceof ProcessExit)) return this.fail(error);
      code = error.code;
    }
    await this.#leave(code);
  }

  /** The program broke: an error that it did not catch. */
  async fail(error: unknown): Promise<void> {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    // Where nobody reads standard error any more there is nobody to tell.
    await this.printError(`${this.name}: ${text}\n`).catch(() => {});
    await this.#leave(1);
  }

  /** The process was ended from outside: the program, if it still runs in this thread, hears nothing more. */
  stop(): void {
    this.#over = true;
    this.#kernel.close();
  }

  // ---- the kernel's and the peers' words ----

  receive(messages: readonly ToProcess[]): void {
    if (this.#over) return;
    for (const message of messages) {
      if (message.op === 'stop') this.#gate.close();
      else if (message.op === 'continue') this.#gate.open();
      else this.#gate.pass(() => this.#over || this.#protect(() => this.#receiveOne(message)));
    }
  }

  /** A direct link to another process was laid. */
  link(pid: number, outlet: Outlet<LinkMessage>): void {
    this.#network.link(pid, outlet);
  }

  receiveFrom(pid: number, messages: readonly LinkMessage[]): void {
    this.#gate.pass(() => this.#over || this.#network.receiveFrom(pid, messages));
  }

  /** Handlers and callbacks of the program run inside: what they throw ends the process, as it would in any runtime. */
  #protect(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ProcessExit)) void this.fail(error);
    }
  }

  #receiveOne(message: Exclude<ToProcess, { op: 'stop' | 'continue' }>): void {
    switch (message.op) {
      case 'reply':
        this.#kernel.answered(message.id, message.value);
        break;
      case 'error':
        this.#kernel.refused(message.id, message.code, message.what);
        break;
      case 'taken':
        // A process that leaves has given the kernel what it had held back.
        if (!this.#leaving) this.#network.taken(message.conn, message.pid);
        break;
      case 'dropped':
        this.#network.dropped(message.conn);
        break;
      case 'changed':
        this.fs.forget();
        break;
      case 'late':
        this.#network.late(message.pid, message.messages);
        break;
      case 'signal':
        this.#processes.signalled(message.signal, message.sender);
        break;
      case 'child':
        this.#processes.exited(message.pid, message.exit);
        break;
      case 'child.stopped':
        this.#processes.stopped(message.pid, message.stopped);
        break;
      case 'gone':
        this.#network.peerLeft(message.pid, message.orderly);
        if (message.pid === this.ppid) this.ppid = 1;
        break;
    }
  }

  // ---- Host: network ----

  async listen(address: Address, options: { backlog?: number; mode?: number } = {}): Promise<Listener> {
    const backlog = options.backlog ?? 128;
    const made = await this.#kernel.call('listen', address, backlog, options.mode ?? null);
    return this.#network.listener(made.id, made.address, backlog);
  }

  connect(address: Address, options: { timeout?: number; first?: Uint8Array } = {}): Promise<Connection> {
    return this.#network.connect(address, options);
  }

  // ---- Host: processes ----

  spawn(program: string, args: readonly string[] = [], options: SpawnOptions = {}): Promise<Child> {
    return this.#processes.spawn(program, args, options);
  }

  async kill(pid: number, signal: Signal | 0): Promise<void> {
    await this.#kernel.call('kill', pid, signal);
  }

  processes() {
    return this.#kernel.call('processes');
  }

  sockets() {
    return this.#kernel.call('sockets');
  }

  onSignal: Host['onSignal'] = (signal, handler) => this.#processes.onSignal(signal, handler);

  async setUser(uid: number, gid: number): Promise<void> {
    await this.#kernel.call('setUser', uid, gid);
    this.fs.forget();
    this.uid = uid;
    this.gid = gid;
  }

  user(name: string): Promise<number | null> {
    return this.#idOf('/etc/passwd', name);
  }

  group(name: string): Promise<number | null> {
    return this.#idOf('/etc/group', name);
  }

  async #idOf(file: string, name: string): Promise<number | null> {
    return idsByName(await this.fs.readText(file)).get(name) ?? null;
  }

  async chdir(path: string): Promise<void> {
    this.cwd = await this.#kernel.call('chdir', path);
    this.fs.forget();
  }

  setTitle(title: string): void {
    this.#kernel.push({ op: 'title', title });
  }

  exit(code: number): never {
    void this.#leave(code);
    throw new ProcessExit(code);
  }

  async #leave(code: number): Promise<void> {
    if (this.#leaving || this.#over) return;
    this.#leaving = true;
    this.#kernel.close();
    const { held, byes } = this.#network.leave();
    this.#kernel.flush(true);
    await this.#platform.drained();
    this.#kernel.push({ op: 'exit', code, held, byes });
    this.#kernel.flush(true);
    this.#over = true;
  }

  // ---- Host: input, output, time, trace ----

  readInput(): Promise<Uint8Array | null> {
    return this.#kernel.call('input.read');
  }

  async print(text: string | Uint8Array): Promise<void> {
    await this.#kernel.call('output.write', 1, toBytes(text));
  }

  async printError(text: string | Uint8Array): Promise<void> {
    await this.#kernel.call('output.write', 2, toBytes(text));
  }

  now(): number {
    return this.#platform.clock() - this.#epoch;
  }

  date(): number {
    return Date.now();
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(() => this.#gate.pass(() => this.#over || resolve()), ms));
  }

  random(length: number): Uint8Array {
    return crypto.getRandomValues(new Uint8Array(length));
  }

  event: Host['event'] = (type, data) => {
    if (!this.#leaving) this.#kernel.say(type, data);
  };

  mayKeep(bytes: number): boolean {
    return this.#kept.take(bytes);
  }

  flush(standStill = false): void {
    this.#network.flush();
    this.#kernel.flush(standStill);
  }

  python() {
    return this.#platform.python?.() ?? this.#kernel.call('python', this.image === null);
  }
}
