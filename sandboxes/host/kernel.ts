/**
 * The kernel: process table, file tree, sockets, pipes and signals. It knows nothing of threads or machines: a platform
 * (worker/frame.ts, node/main.ts, local.ts) starts processes and carries messages. A process is identified by the channel
 * its messages came in by, never by what it says, so none can speak for another.
 */
import type { TraceEvent } from './events.ts';
import { type Exit, type ProcessInfo, type Signal, SystemError } from './host.ts';
import { KeptFiles } from './kept-files.ts';
import { KernelCallsOf } from './kernel-calls.ts';
import { Pipe } from './pipe.ts';
import { closeTerminals, infosOf, outsideParts, recordOf } from './process-record.ts';
import type { KernelPlatform, OutsideSpawn, Process, ProcessDriver, SpawnParts } from './process-table.ts';
import { Signals } from './signals.ts';
import { addressText, Sockets } from './sockets.ts';
import { kernelLine, processLines } from './trace-lines.ts';
import type { Tree } from './tree.ts';
import { type LinkMessage, plain, type Start, type ToKernel } from './wire.ts';

/** What an exiting process still had to say, and to whom it said good-bye. */
interface LastWords {
  readonly held: readonly LinkMessage[];
  readonly byes: readonly number[];
}

const INIT = 1;
const FIRST_PID = 301;
/** Every process is a thread with memory of its own: a program that forks without end must not take the tab down. */
const MAX_PROCESSES = 64;

export class Kernel {
  readonly tree: Tree;
  readonly sockets: Sockets;
  readonly platform: KernelPlatform;
  readonly kept: KeptFiles;
  #processes = new Map<number, Process>();
  #outside = new Map<number, (exit: Exit) => void>();
  #calls: KernelCallsOf;
  #signals: Signals;
  #nextPid = FIRST_PID;
  #nextSeq = 1;

  constructor(tree: Tree, platform: KernelPlatform) {
    this.tree = tree;
    this.platform = platform;
    this.sockets = new Sockets(
      tree,
      {
        listening: (pid, s) =>
          this.say(pid, { type: 'socket.listen', listener: s.id, address: addressText(s.address), backlog: s.backlog }),
        closed: (pid, s) => this.say(pid, { type: 'socket.close', listener: s.id }),
        queued: (pid, conn, s) => this.say(pid, { type: 'conn.queued', conn, listener: s.id, waiting: s.queue.length }),
        accepted: (pid, client, conn, s) => this.say(pid, { type: 'conn.accepted', conn, listener: s.id, waiting: s.queue.length, client }),
      },
      (pid) => this.#processes.has(pid),
    );
    this.kept = new KeptFiles(tree, (pid) => {
      const outbox = this.#processes.get(pid)?.outbox;
      outbox?.push({ op: 'changed' });
      // Ahead of the answer to the one who has changed something.
      outbox?.flush();
    });
    this.#calls = new KernelCallsOf(this);
    this.#signals = new Signals({
      sockets: this.sockets,
      process: (pid) => this.#processes.get(pid),
      receive: (pid, messages) => this.receive(pid, messages),
      end: (process, exit) => this.#end(process, exit, null),
    });
  }

  now(): number {
    return this.platform.clock() - this.platform.epoch;
  }

  process(pid: number): Process | undefined {
    return this.#processes.get(pid);
  }

  /** Messages from the process `pid` (the platform knows which channel is whose). What the dead still say is dropped. */
  receive(pid: number, messages: readonly ToKernel[]): void {
    for (const message of messages) {
      const process = this.#processes.get(pid);
      if (process === undefined) return;
      // Events are of the time before, or of what could not be stopped.
      if (process.stopped !== null && message.op !== 'trace') {
        process.held.push(message);
        continue;
      }
      try {
        this.#receiveOne(process, message);
      } catch {
        // No guest of ours says such a thing: end a process that speaks nonsense, before it confuses the rest.
        this.#end(process, { code: null, signal: 'SIGKILL' }, null);
      }
    }
  }

  #receiveOne(process: Process, message: ToKernel): void {
    switch (message.op) {
      case 'call':
        this.#answer(process, message.id, () => this.#calls.call(process, message));
        break;
      case 'trace':
        this.platform.emit(processLines(message.lines, process.pid, () => this.#nextSeq++));
        break;
      case 'unlisten':
        this.sockets.release(message.listener, process.pid);
        break;
      case 'file.close':
        process.files.get(message.file)?.close();
        process.files.delete(message.file);
        break;
      case 'pipe.end':
        this.#endPipe(process, message.child);
        break;
      case 'signal.action':
        if (message.action === 'default') process.actions.delete(message.signal);
        else process.actions.set(message.signal, message.action);
        break;
      case 'title':
        process.title = String(message.title);
        break;
      case 'exit':
        // Other processes will read these words: they must be of our form, whoever wrote them.
        this.#end(process, { code: message.code & 255, signal: null }, { held: plain(message.held), byes: [...message.byes] });
        break;
    }
  }

  #endPipe(process: Process, child: number): void {
    const pipes = process.childPipes.get(child);
    pipes?.in?.dropWriter();
    if (pipes) pipes.in = null;
  }

  #answer(process: Process, id: number, work: () => unknown): void {
    const fail = (error: unknown): void => {
      const known = error instanceof SystemError ? error : new SystemError('EINVAL', String(error));
      process.outbox.push({ op: 'error', id, code: known.code, what: known.message.replace(`: ${known.strerror}`, '') });
    };
    try {
      const value = work();
      // Most calls are answered at once: keep their order, and save a turn of the event loop.
      if (value instanceof Promise) value.then((result) => process.outbox.push({ op: 'reply', id, value: result }), fail);
      else process.outbox.push({ op: 'reply', id, value });
    } catch (error) {
      fail(error);
    }
  }

  /** Starts a process on behalf of the page or the command line, as root. */
  spawnOutside(request: OutsideSpawn): { pid: number; input: Pipe } {
    const input = new Pipe(request.terminal ?? true);
    input.addWriter();
    const pid = this.spawn(outsideParts(request, input));
    this.#outside.set(pid, request.exited);
    return { pid, input };
  }

  spawn(parts: SpawnParts): number {
    const { program, args, parent } = parts;
    const name = program.slice(program.lastIndexOf('/') + 1);
    if (!this.platform.programs.has(name)) throw new SystemError('ENOENT', program);
    if (this.#processes.size >= MAX_PROCESSES) throw new SystemError('EAGAIN', 'fork()');
    const ppid = parent?.pid ?? INIT;
    if (parts.listeners.some((id) => this.sockets.get(id, ppid) === undefined)) throw new SystemError('EINVAL', 'not a listening socket');
    const pid = this.#nextPid++;
    const listeners = parts.listeners.map((id) => {
      const { address, backlog } = this.sockets.share(id, pid);
      return { id, address, backlog };
    });
    const { env, cwd, uid, gid, image } = parts;
    this.say(pid, { type: 'process.start', ppid, program: name, args, uid });
    const driver = this.#drive(pid, {
      pid,
      ppid,
      program: name,
      args,
      env,
      cwd,
      uid,
      gid,
      listeners,
      image,
      terminal: parts.stdin?.terminal ?? false,
      epoch: this.platform.epoch,
    });
    for (const output of [parts.stdout, parts.stderr]) if (output.kind === 'pipe') output.pipe.addWriter();
    this.#processes.set(pid, recordOf(parts, { pid, ppid, program: name, started: this.now() }, driver));
    return pid;
  }

  /** Throws what the platform throws; nothing of the process is left then. */
  #drive(pid: number, start: Start): ProcessDriver {
    try {
      return this.platform.start(start);
    } catch (error) {
      this.sockets.forget(pid, []);
      this.say(pid, { type: 'process.exit', code: null, signal: 'SIGKILL' });
      throw error;
    }
  }

  /** Sends a signal; `sender` null is the page. Errors: ESRCH, EPERM. */
  kill(pid: number, signal: Signal | 0, sender: Process | null): void {
    const target = this.#processes.get(pid);
    if (target === undefined) throw new SystemError('ESRCH', `(${pid})`);
    if (sender !== null && sender.uid !== 0 && sender.uid !== target.uid) throw new SystemError('EPERM', `(${pid})`);
    if (signal === 0) return;
    this.say(pid, { type: 'process.signal', signal, from: sender?.pid ?? 0 });
    this.#signals.deliver(target, signal, sender?.pid ?? 0);
  }

  /** The platform saw the process die by itself (its thread or system process broke). */
  ended(pid: number, exit: Exit): void {
    const process = this.#processes.get(pid);
    if (process !== undefined) this.#end(process, exit, null);
  }

  /** `words` are null when the process did not leave of its own accord. */
  #end(process: Process, exit: Exit, words: LastWords | null): void {
    const { pid } = process;
    this.#processes.delete(pid);
    this.kept.forget(pid);
    process.driver.terminate();
    this.sockets.forget(pid, words?.held ?? []);
    this.say(pid, { type: 'process.exit', code: exit.code, signal: exit.signal });
    process.stdin?.forget(pid);
    for (const file of process.files.values()) file.close();
    for (const output of [process.stdout, process.stderr]) if (output.kind === 'pipe') output.pipe.dropWriter();
    for (const pipes of process.childPipes.values()) {
      pipes.in?.dropWriter();
      pipes.out?.dropReader();
    }
    for (const other of process.peers) {
      const peer = this.#processes.get(other);
      peer?.peers.delete(pid);
      if (words !== null && words.held.length > 0) peer?.outbox.push({ op: 'late', pid, messages: words.held });
      peer?.outbox.push({ op: 'gone', pid, orderly: words?.byes.includes(other) ?? false });
    }
    const doomed = this.#orphan(process);
    const parent = this.#processes.get(process.ppid);
    if (parent !== undefined) {
      const pipes = parent.childPipes.get(pid);
      pipes?.in?.dropReader();
      // Its output is kept until it has been read.
      if (pipes?.out === null) parent.childPipes.delete(pid);
      parent.outbox.push({ op: 'child', pid, exit });
      this.#signals.deliver(parent, 'SIGCHLD', pid);
    }
    this.#outside.get(pid)?.(exit);
    this.#outside.delete(pid);
    closeTerminals(process, this.#processes.values());
    for (const child of doomed) this.kill(child.pid, 'SIGKILL', null);
  }

  /** The children of one that has ended are init's. Gives those that shall not outlive it. */
  #orphan({ pid, peers }: Process): Process[] {
    const children = [...this.#processes.values()].filter(({ ppid }) => ppid === pid);
    for (const child of children) {
      child.ppid = INIT;
      if (!peers.has(child.pid)) child.outbox.push({ op: 'gone', pid, orderly: true });
    }
    return children.filter(({ diesWithParent }) => diesWithParent);
  }

  /** Two processes share a connection: give them a direct channel, once. */
  introduce(a: number, b: number): void {
    const one = this.#processes.get(a);
    const other = this.#processes.get(b);
    if (a === b || one === undefined || other === undefined || one.peers.has(b)) return;
    one.peers.add(b);
    other.peers.add(a);
    this.platform.link(a, b);
  }

  /** An event that the kernel itself saw. */
  say<T extends TraceEvent['type']>(
    pid: number,
    event: { type: T } & Omit<Extract<TraceEvent, { type: T }>, 't' | 'pid' | 'seq' | 'type'>,
  ): void {
    this.platform.emit(kernelLine({ t: this.now(), ...event, pid, seq: this.#nextSeq++ } as unknown as TraceEvent));
  }

  list(): ProcessInfo[] {
    return infosOf(this.#processes.values(), this.tree);
  }

  /** Ends everything. */
  dispose(): void {
    for (const process of [...this.#processes.values()]) {
      this.#processes.delete(process.pid);
      for (const file of process.files.values()) file.close();
      process.driver.terminate();
    }
  }
}
