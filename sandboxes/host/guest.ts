/**
 * A process's side of the sandbox: implements `Host` by talking to the kernel and, over direct links, to other processes.
 * The same for every kind of process; what differs (threads, ports, sockets) is behind `GuestPlatform`.
 */
import { ConnectionEnd, type ConnectionOwner } from './connection.ts';
import { GuestFiles } from './guest-files.ts';
import {
  type Address,
  type Child,
  type Connection,
  type Exit,
  type Host,
  type Listener,
  type Program,
  type PythonRuntime,
  type Signal,
  type SpawnOptions,
  SystemError,
} from './host.ts';
import { LINGER_MS, Outbox } from './outbox.ts';
import {
  type CallArgs,
  type CallName,
  type CallResult,
  compact,
  type LinkMessage,
  type Outlet,
  type Start,
  type ToKernel,
  type ToProcess,
  type TraceLines,
  wellFormed,
} from './wire.ts';

/** What a kind of process provides. */
export interface GuestPlatform {
  readonly kernel: Outlet<ToKernel>;
  /** Milliseconds on the clock that `Start.epoch` is read on. */
  clock(): number;
  /** Resolves when everything posted so far has left the process. */
  drained(): Promise<void>;
  /** Where a compiled WebAssembly module cannot travel, each process brings Python itself. Otherwise the kernel is asked. */
  readonly python?: () => Promise<PythonRuntime | null>;
}

/** Thrown by `host.exit`, so that nothing after it runs; a platform ignores it where it surfaces. */
export class ProcessExit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

interface Peer {
  readonly outbox: Outbox<LinkMessage>;
  /** It has sent its last message on the link. */
  bye: boolean;
  /** It has left, says the kernel. */
  left: boolean;
  /** It is no more: nothing that it still says counts. */
  gone: boolean;
}

const encoder = new TextEncoder();
const toBytes = (data: Uint8Array | string): Uint8Array => (typeof data === 'string' ? encoder.encode(data) : compact(data));
const never = new Promise<never>(() => {});

export class Guest implements Host, ConnectionOwner {
  readonly pid: number;
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly inherited: readonly Listener[];
  readonly image: Uint8Array | null;
  readonly fs: GuestFiles;
  ppid: number;
  cwd: string;
  uid: number;
  gid: number;

  #platform: GuestPlatform;
  #kernel: Outbox<ToKernel>;
  #epoch: number;
  #nextCall = 1;
  #nextConnection = 1;
  #calls = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #connections = new Map<string, ConnectionEnd>();
  #early = new Map<string, { pid: number; message: LinkMessage }[]>();
  #peers = new Map<number, Peer>();
  #children = new Map<number, PromiseWithResolvers<Exit>>();
  #handlers = new Map<Signal, () => void>();
  #image: Uint8Array | null = null;
  #flushed = 0;
  /** Events that have not gone to the kernel yet. */
  #trace: TraceLines | null = null;
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
    this.#epoch = start.epoch;
    this.#platform = platform;
    this.#kernel = new Outbox({
      post: (messages) => {
        this.#trace = null;
        platform.kernel.post(messages);
      },
    });
    this.fs = new GuestFiles((name, ...args) => this.#call(name, ...args));
    this.inherited = start.listeners.map(({ id, address, backlog }) => this.#listener(id, address, backlog));
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
  }

  // ---- the kernel's and the peers' words ----

  receive(messages: readonly ToProcess[]): void {
    if (this.#over) return;
    for (const message of messages) this.#protect(() => this.#receiveOne(message));
  }

  /** A direct link to another process was laid. */
  link(pid: number, outlet: Outlet<LinkMessage>): void {
    this.#peers.set(pid, { outbox: new Outbox(outlet), bye: false, left: false, gone: false });
  }

  /** Handlers and callbacks of the program run inside: what they throw ends the process, as it would in any runtime. */
  #protect(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ProcessExit)) void this.fail(error);
    }
  }

  receiveFrom(pid: number, messages: readonly LinkMessage[]): void {
    const peer = this.#peers.get(pid);
    if (this.#over || peer === undefined || peer.gone) return;
    for (const message of wellFormed(messages)) {
      if (message.state === 'bye') {
        peer.bye = true;
        if (peer.left) this.#dropPeer(pid);
      } else this.#protect(() => this.#hearFrom(pid, message));
    }
  }

  /**
   * A peer may only speak about connections that it is the other end of. It may be faster than the kernel's answer to our
   * accept() or connect(): then its words wait until the kernel has said who the peer is.
   */
  #hearFrom(pid: number, message: LinkMessage): void {
    const key = `${message.conn} ${message.to}`;
    const end = this.#connections.get(key);
    if (end?.peerPid === pid) end.receive(message);
    else if (end === undefined ? message.to === 'server' && message.conn.startsWith(`${pid}.`) : end.peerPid === null) {
      const early = this.#early.get(key);
      if (early === undefined) this.#early.set(key, [{ pid, message }]);
      else early.push({ pid, message });
    }
  }

  /** The kernel has said who the peer of this end is: now its early words count. */
  #hear(end: ConnectionEnd): void {
    const key = `${end.id} ${end.side}`;
    const early = this.#early.get(key);
    this.#early.delete(key);
    for (const { pid, message } of early ?? []) if (pid === end.peerPid) end.receive(message);
    if (end.peerPid !== null && this.#peers.get(end.peerPid)?.gone) end.peerIsGone(false);
  }

  #receiveOne(message: ToProcess): void {
    switch (message.op) {
      case 'reply': {
        const call = this.#calls.get(message.id);
        this.#calls.delete(message.id);
        call?.resolve(message.value as never);
        break;
      }
      case 'error': {
        const call = this.#calls.get(message.id);
        this.#calls.delete(message.id);
        call?.reject(new SystemError(message.code, message.what));
        break;
      }
      case 'taken':
        // A process that leaves has given the kernel what it had held back.
        if (!this.#leaving) this.#taken(this.#connections.get(`${message.conn} client`), message.pid);
        break;
      case 'dropped':
        this.#connections.get(`${message.conn} client`)?.peerIsGone(true);
        break;
      case 'late':
        for (const late of message.messages) {
          const end = this.#connections.get(`${late.conn} ${late.to}`);
          if (end?.peerPid === message.pid) end.receive(late);
        }
        break;
      case 'signal':
        this.#handlers.get(message.signal)?.();
        break;
      case 'child':
        this.#child(message.pid).resolve(message.exit);
        break;
      case 'gone': {
        const peer = this.#peers.get(message.pid);
        if (peer !== undefined) peer.left = true;
        if (!message.orderly || peer?.bye) this.#dropPeer(message.pid);
        if (message.pid === this.ppid) this.ppid = 1;
        break;
      }
    }
  }

  #dropPeer(pid: number): void {
    const peer = this.#peers.get(pid);
    if (peer === undefined || peer.gone) return;
    peer.gone = true;
    for (const end of [...this.#connections.values()]) if (end.peerPid === pid) end.peerIsGone(false);
  }

  // ---- ConnectionOwner ----

  send(end: ConnectionEnd, message: LinkMessage, later: boolean): boolean {
    if (end.peerPid === null) return false;
    if (end.peerPid === this.pid) queueMicrotask(() => this.#protect(() => this.#hearFrom(this.pid, message)));
    else if (later) this.#peers.get(end.peerPid)?.outbox.pushLater(message);
    else this.#peers.get(end.peerPid)?.outbox.push(message);
    return true;
  }

  release(end: ConnectionEnd): void {
    this.#connections.delete(`${end.id} ${end.side}`);
  }

  wrote(end: ConnectionEnd, bytes: number): void {
    this.#say('conn.data', { conn: end.id, bytes });
  }

  closed(end: ConnectionEnd, reset: boolean): void {
    this.#say('conn.close', { conn: end.id, reset });
  }

  // ---- Host: network ----

  async listen(address: Address, options: { backlog?: number; mode?: number } = {}): Promise<Listener> {
    const backlog = options.backlog ?? 128;
    const made = await this.#call('listen', address, backlog, options.mode ?? null);
    return this.#listener(made.id, made.address, backlog);
  }

  #listener(id: number, address: Address, backlog: number): Listener & { readonly id: number } {
    return {
      id,
      address,
      backlog,
      accept: async (options) => {
        const accepted = await this.#call('accept', id, options?.inTurn ?? false);
        if (accepted === null) return null;
        const end = new ConnectionEnd(this, accepted.conn, accepted.address, 'server', accepted.pid);
        if (accepted.first !== null) end.receive({ conn: end.id, to: 'server', data: accepted.first });
        this.#hear(this.#adopt(end));
        for (const message of accepted.left ?? []) end.receive(message);
        return end;
      },
      waiting: () => this.#call('waiting', id),
      close: () => this.#kernel.push({ op: 'unlisten', listener: id }),
    };
  }

  #adopt(end: ConnectionEnd): ConnectionEnd {
    this.#connections.set(`${end.id} ${end.side}`, end);
    return end;
  }

  #taken(end: ConnectionEnd | undefined, pid: number): void {
    if (end === undefined) return;
    end.taken(pid);
    this.#hear(end);
  }

  async connect(address: Address, options: { timeout?: number; first?: Uint8Array } = {}): Promise<Connection> {
    const id = `${this.pid}.${this.#nextConnection++}`;
    const end = this.#adopt(new ConnectionEnd(this, id, address, 'client', null));
    try {
      const first = options.first === undefined ? null : compact(options.first);
      if (first !== null) end.wroteFirst(first.length);
      const { peer } = await this.#call('connect', id, address, options.timeout ?? null, first);
      if (peer !== null) this.#taken(end, peer);
      return end;
    } catch (error) {
      this.release(end);
      throw error;
    }
  }

  // ---- Host: processes ----

  async spawn(program: string, args: readonly string[] = [], options: SpawnOptions = {}): Promise<Child> {
    const { pid } = await this.#call('spawn', {
      program,
      args,
      env: options.env ?? this.env,
      cwd: options.cwd ?? this.cwd,
      listeners: (options.listeners ?? []).map((listener) => (listener as Listener & { id: number }).id),
      stdin: options.stdin ?? 'inherit',
      stdout: options.stdout ?? 'inherit',
      stderr: options.stderr ?? 'inherit',
      image: this.#imageOf(options.image),
      uid: options.uid ?? null,
      gid: options.gid ?? null,
    });
    return {
      pid,
      exited: this.#child(pid).promise,
      stdout: options.stdout === 'pipe' ? { read: () => this.#call('pipe.read', pid) } : null,
      stdin:
        options.stdin === 'pipe'
          ? {
              write: async (data) => void (await this.#call('pipe.write', pid, toBytes(data))),
              end: () => this.#kernel.push({ op: 'pipe.end', child: pid }),
            }
          : null,
    };
  }

  /** The exit of a child, whichever comes first: its end or the answer to spawn(). */
  #child(pid: number): PromiseWithResolvers<Exit> {
    const known = this.#children.get(pid);
    if (known !== undefined) return known;
    const made = Promise.withResolvers<Exit>();
    this.#children.set(pid, made);
    return made;
  }

  #imageOf(image: Uint8Array | undefined): Uint8Array | 'same' | null {
    if (image === undefined) return null;
    if (image === this.#image) return 'same';
    this.#image = image;
    return compact(image);
  }

  async kill(pid: number, signal: Signal | 0): Promise<void> {
    await this.#call('kill', pid, signal);
  }

  processes() {
    return this.#call('processes');
  }

  sockets() {
    return this.#call('sockets');
  }

  onSignal(signal: Exclude<Signal, 'SIGKILL'>, handler: (() => void) | 'default' | 'ignore'): void {
    if (typeof handler === 'function') this.#handlers.set(signal, handler);
    else this.#handlers.delete(signal);
    this.#kernel.push({ op: 'signal.action', signal, action: typeof handler === 'function' ? 'handler' : handler });
  }

  async setUser(uid: number, gid: number): Promise<void> {
    await this.#call('setUser', uid, gid);
    this.uid = uid;
    this.gid = gid;
  }

  user(name: string): Promise<number | null> {
    return this.#idOf('/etc/passwd', name);
  }

  group(name: string): Promise<number | null> {
    return this.#idOf('/etc/group', name);
  }

  /** passwd(5) and group(5) agree on their first three fields: name, password, number. */
  async #idOf(file: string, name: string): Promise<number | null> {
    const lines = (await this.fs.readText(file)).split('\n');
    const found = lines.map((line) => line.split(':')).find((fields) => fields[0] === name);
    return found?.[2] === undefined ? null : Number(found[2]);
  }

  async chdir(path: string): Promise<void> {
    this.cwd = await this.#call('chdir', path);
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
    const held: LinkMessage[] = [];
    for (const end of [...this.#connections.values()]) {
      end.close();
      held.push(...end.held());
    }
    for (const peer of this.#peers.values()) {
      peer.outbox.push({ conn: '', to: 'server', state: 'bye' });
      peer.outbox.flush();
    }
    const byes = [...this.#peers.keys()];
    this.#kernel.flush();
    await this.#platform.drained();
    this.#kernel.push({ op: 'exit', code, held, byes });
    this.#kernel.flush();
    this.#over = true;
  }

  // ---- Host: input, output, time, trace ----

  readInput(): Promise<Uint8Array | null> {
    return this.#call('input.read');
  }

  async print(text: string | Uint8Array): Promise<void> {
    await this.#call('output.write', 1, toBytes(text));
  }

  async printError(text: string | Uint8Array): Promise<void> {
    await this.#call('output.write', 2, toBytes(text));
  }

  now(): number {
    return this.#platform.clock() - this.#epoch;
  }

  date(): number {
    return Date.now();
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(() => this.#over || resolve(), ms));
  }

  event: Host['event'] = (type, data) => {
    if (!this.#leaving) this.#say(type, data);
  };

  #say: Host['event'] = (type, data) => {
    const line = `${JSON.stringify({ type, t: this.now(), ...data })}\n`;
    if (this.#trace === null) {
      this.#trace = { op: 'trace', lines: line };
      this.#kernel.pushLater(this.#trace);
    } else this.#trace.lines += line;
  };

  flush(): void {
    for (const peer of this.#peers.values()) peer.outbox.flush();
    // A program under load calls this thousands of times a second: what are only events may share a message.
    const now = this.now();
    if (!this.#kernel.urgent && now - this.#flushed < LINGER_MS) return;
    this.#flushed = now;
    this.#kernel.flush();
  }

  python() {
    return this.#platform.python?.() ?? this.#call('python', this.image === null);
  }

  offerPythonBase(snapshot: Uint8Array): void {
    this.#kernel.push({ op: 'python.base', snapshot: compact(snapshot) });
  }

  #call<K extends CallName>(name: K, ...args: CallArgs<K>): Promise<CallResult<K>> {
    // After exit() the program may still run to its next wait, and no further.
    if (this.#leaving || this.#over) return never;
    const id = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      // The compiler cannot see that name and args belong together in a union of all calls.
      this.#kernel.push({ op: 'call', id, name, args } as unknown as ToKernel);
    });
  }
}
