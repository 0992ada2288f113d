/** The calls a process may make on the kernel: one method a call, checked against the caller's user and directory. */
import { SystemError } from './host.ts';
import type { Kernel } from './kernel.ts';
import { Pipe } from './pipe.ts';
import type { Output, Process } from './process-table.ts';
import { filesBelow, fullPath, ROOT, resolvePath } from './tree.ts';
import type { CallArgs, CallName, CallResult, SpawnRequest, ToKernel } from './wire.ts';

type Call = Extract<ToKernel, { op: 'call' }>;
type Handlers = { [K in CallName]: (process: Process, ...args: CallArgs<K>) => CallResult<K> | Promise<CallResult<K>> };

export class KernelCallsOf {
  #kernel: Kernel;
  #handlers: Handlers;
  #nextFile = 1;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    const { tree, sockets } = kernel;
    const at = (process: Process, path: string): string => fullPath(process.cwd, path);
    this.#handlers = {
      'fs.read': (p, path) => tree.read(at(p, path), p),
      'fs.open': (p, path, first) => this.#open(p, at(p, path), first),
      'fs.readAt': (p, id, offset, length) => {
        const file = p.files.get(id);
        if (file === undefined) throw new SystemError('EINVAL', 'read()');
        return file.read(size(offset), size(length));
      },
      'fs.write': (p, path, data, append, mode) => nothing(tree.write(at(p, path), bytes(data), p, { append, mode })),
      'fs.stat': (p, path) => tree.stat(at(p, path), p),
      'fs.lstat': (p, path) => tree.lstat(at(p, path), p),
      'fs.readLink': (p, path) => tree.readLink(at(p, path), p),
      'fs.symlink': (p, target, path) => nothing(tree.symlink(String(target), at(p, path), p)),
      'fs.realPath': (p, path) => tree.realPath(at(p, path), p),
      'fs.list': (p, path) => tree.list(at(p, path), p),
      'fs.tree': (p, path) => filesBelow(tree, resolvePath(p.cwd, path), p),
      'fs.mkdir': (p, path, parents) => nothing(tree.makeDirectory(at(p, path), p, parents)),
      'fs.remove': (p, path) => nothing(tree.remove(at(p, path), p)),
      'fs.rename': (p, from, to) => nothing(tree.rename(at(p, from), at(p, to), p)),
      'fs.chmod': (p, path, mode) => nothing(tree.chmod(at(p, path), whole(mode), p)),
      'fs.chown': (p, path, uid, gid) => nothing(tree.chown(at(p, path), whole(uid), whole(gid), p)),
      listen: (p, address, backlog, mode) => {
        const full = 'path' in address ? { path: resolvePath(p.cwd, address.path) } : address;
        const socket = sockets.listen(p.pid, p, full, whole(backlog), mode === null ? null : whole(mode));
        return { id: socket.id, address: socket.address };
      },
      accept: (p, id, inTurn) => {
        if (sockets.get(id, p.pid) === undefined) return null;
        return new Promise((resolve) =>
          sockets.accept(id, p.pid, inTurn, (accepted) => {
            if (accepted !== null) kernel.introduce(accepted.pid, p.pid);
            resolve(accepted);
          }),
        );
      },
      waiting: (p, id) => sockets.get(id, p.pid)?.queue.length ?? 0,
      connect: (p, ...args) => this.#connect(p, ...args),
      spawn: (p, request) => this.#spawn(p, request),
      kill: (p, pid, signal) => nothing(kernel.kill(pid, signal, p)),
      processes: () => kernel.list(),
      sockets: () => sockets.list(),
      setUser: (p, uid, gid) => {
        if (p.uid !== 0 && (uid !== p.uid || gid !== p.gid)) throw new SystemError('EPERM', 'setuid()');
        p.uid = whole(uid);
        p.gid = whole(gid);
        kernel.kept.forget(p.pid);
        return null;
      },
      chdir: (p, path) => {
        if (tree.stat(at(p, path), p).kind !== 'directory') throw new SystemError('ENOTDIR', 'chdir()');
        const full = tree.realPath(at(p, path), p);
        p.cwd = full;
        kernel.kept.forget(p.pid);
        return full;
      },
      'input.read': (p) => p.stdin?.read(p.pid) ?? null,
      'output.write': (p, stream, data) => this.#output(stream === 1 ? p.stdout : p.stderr, stream, bytes(data)),
      'pipe.read': async (p, child) => {
        const data = (await p.childPipes.get(child)?.out?.read(p.pid)) ?? null;
        // Its end: nothing of that child is needed any more.
        if (data === null) p.childPipes.delete(child);
        return data;
      },
      'pipe.write': async (p, child, data) => {
        const pipes = p.childPipes.get(child);
        if (pipes === undefined) throw new SystemError('EPIPE', 'write()');
        return nothing(await pipes.in?.write(bytes(data)));
      },
      python: async (_, base) => {
        const runtime = await kernel.platform.python();
        return runtime === null || base ? runtime : { ...runtime, base: null };
      },
    };
  }

  call(process: Process, call: Call): unknown {
    if (!Object.hasOwn(this.#handlers, call.name)) throw new SystemError('EINVAL', String(call.name));
    const handler = this.#handlers[call.name] as (process: Process, ...args: unknown[]) => unknown;
    return handler(process, ...call.args);
  }

  #open(p: Process, path: string, most: number): CallResult<'fs.open'> {
    const atMost = size(most);
    const file = this.#kernel.tree.open(path, p);
    const { info, places } = file;
    const first = file.read(0, atMost);
    if (first.length >= info.size) {
      file.close();
      return { id: null, info, first, keep: info.kind === 'file' && this.#kernel.kept.keep(p.pid, places) };
    }
    const id = this.#nextFile++;
    p.files.set(id, file);
    return { id, info, first, keep: false };
  }

  /** The connection's id must carry its maker's pid, so that no process can name another's connection. */
  #connect(p: Process, ...[conn, address, timeout, first]: CallArgs<'connect'>): Promise<{ peer: number | null }> {
    const kernel = this.#kernel;
    if (!conn.startsWith(`${p.pid}.`)) throw new SystemError('EPERM', 'connect()');
    const full = 'path' in address ? { path: resolvePath(p.cwd, address.path) } : address;
    return new Promise((resolve, reject) => {
      let answered = false;
      let peer: number | null = null;
      const waiting = {
        conn,
        pid: p.pid,
        first: first === null ? null : bytes(first),
        taken: (pid: number): void => {
          if (kernel.process(p.pid) === undefined) return;
          kernel.introduce(p.pid, pid);
          if (answered) p.outbox.push({ op: 'taken', conn, pid });
          else peer = pid;
        },
        dropped: (): void => p.outbox.push({ op: 'dropped', conn }),
        left: null,
      };
      kernel.sockets.connect(p, full, timeout, waiting, (error) => {
        if (error !== null) {
          kernel.say(p.pid, {
            type: 'conn.failed',
            conn,
            address: 'path' in full ? `unix:${full.path}` : `127.0.0.1:${full.port}`,
            code: error.code,
          });
          reject(error);
          return;
        }
        // Answer after the queue has had its chance: if an idle process took it, one message says both.
        queueMicrotask(() => {
          answered = true;
          resolve({ peer });
        });
      });
    });
  }

  #spawn(parent: Process, request: SpawnRequest): { pid: number } {
    if (request.image !== null && request.image !== 'same') parent.image = request.image;
    const uid = whole(request.uid ?? parent.uid);
    const gid = whole(request.gid ?? parent.gid);
    if (parent.uid !== 0 && (uid !== parent.uid || gid !== parent.gid)) throw new SystemError('EPERM', 'setuid()');
    const pipeIn = request.stdin === 'pipe' ? new Pipe() : null;
    const pipeOut = request.stdout === 'pipe' ? new Pipe() : null;
    pipeIn?.addWriter();
    const stdout = this.#target(parent, request.stdout, parent.stdout, pipeOut);
    const pid = this.#kernel.spawn({
      parent,
      program: request.program,
      args: request.args.map(String),
      env: Object.fromEntries(Object.entries(request.env).map(([name, value]) => [name, String(value)])),
      cwd: resolvePath(parent.cwd, request.cwd),
      uid,
      gid,
      listeners: request.listeners,
      image: request.image === null ? null : parent.image,
      diesWithParent: request.diesWithParent === true,
      stdin: request.stdin === 'inherit' ? parent.stdin : pipeIn,
      stdout,
      stderr: request.stderr === 'stdout' ? stdout : this.#target(parent, request.stderr, parent.stderr, null),
    });
    if (pipeIn !== null || pipeOut !== null) parent.childPipes.set(pid, { in: pipeIn, out: pipeOut });
    return { pid };
  }

  #target(parent: Process, wish: SpawnRequest['stdout'], inherited: Output, pipe: Pipe | null): Output {
    if (wish === 'inherit') return inherited;
    if (pipe !== null) return { kind: 'pipe', pipe };
    if (typeof wish === 'string') return { kind: 'null' };
    const path = resolvePath(parent.cwd, wish.file);
    this.#kernel.tree.write(path, new Uint8Array(), parent, { append: wish.append });
    return { kind: 'file', path };
  }

  #output(target: Output, stream: 1 | 2, data: Uint8Array): null | Promise<null> {
    switch (target.kind) {
      case 'terminal':
        return target.write(data, stream)?.then(() => null) ?? null;
      case 'pipe':
        return target.pipe.write(data).then(() => null);
      case 'file':
        // The file was opened, and permission to write asked for, when the process started.
        this.#kernel.tree.write(target.path, data, ROOT, { append: true });
        return null;
      case 'null':
        return null;
    }
  }
}

function nothing(_done: unknown): null {
  return null;
}

/** Others will be told this number. */
function whole(number: number): number {
  if (!Number.isInteger(number)) throw new SystemError('EINVAL', 'not a whole number');
  return number;
}

/** A number of bytes. */
function size(number: number): number {
  if (!Number.isSafeInteger(number) || number < 0) throw new SystemError('EINVAL', 'not a number of bytes');
  return number;
}

/** Others will read this: a process that speaks for itself, past its guest, must not hand them anything but bytes. */
function bytes(data: Uint8Array): Uint8Array {
  if (!(data instanceof Uint8Array)) throw new SystemError('EINVAL', 'not bytes');
  return data;
}
