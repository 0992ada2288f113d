/**
 * The Node side of the container double: one container is a temporary folder and real processes of this machine, run as a
 * WebContainer would run them. `client.ts` is the page's side; between them go only calls with plain JSON.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { type FSWatcher, watch } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { Terminal } from './terminal.ts';

/** Bytes as base64: the way from a page takes no others. */
export type Base64 = string;

export type DoubleEvent =
  | { readonly type: 'output'; readonly id: number; readonly data: Base64 }
  | { readonly type: 'exit'; readonly id: number; readonly code: number }
  | { readonly type: 'port'; readonly port: number; readonly state: 'open' | 'close'; readonly url: string }
  | { readonly type: 'watch'; readonly id: number; readonly event: 'rename' | 'change'; readonly path: string };

export interface SpawnWishes {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | number | boolean>>;
}

/** Calls of the page's side. */
export interface DoubleCalls {
  boot: [[workdirName: string], { workdir: string; path: string }];
  teardown: [[], null];
  readFile: [[path: string], Base64];
  writeFile: [[path: string, data: Base64, append: boolean], null];
  readdir: [[path: string], { name: string; directory: boolean }[]];
  mkdir: [[path: string, recursive: boolean], null];
  rm: [[path: string, recursive: boolean, force: boolean], null];
  rename: [[from: string, to: string], null];
  watch: [[path: string, recursive: boolean], number];
  unwatch: [[id: number], null];
  spawn: [[command: string, args: readonly string[], wishes: SpawnWishes], number];
  type: [[id: number, keys: string], null];
  kill: [[id: number], null];
  /** What has happened since the last time; waits for something. */
  next: [[], readonly DoubleEvent[]];
}

export type DoubleCall = <K extends keyof DoubleCalls>(name: K, ...args: DoubleCalls[K][0]) => Promise<DoubleCalls[K][1]>;

interface Running {
  readonly os: ChildProcess;
  readonly terminal: Terminal;
}

const TRAPS = join(import.meta.dirname, 'traps.cjs');

export class DoubleHost {
  #folder: string | null = null;
  #workdir = '';
  #processes = new Map<number, Running>();
  #watchers = new Map<number, FSWatcher>();
  #ports: Server | null = null;
  #nodes = 0;
  /** The folder of the last container is gone. */
  #removed: Promise<void> = Promise.resolve();
  #nextId = 1;
  #events: DoubleEvent[] = [];
  #wake: (() => void) | null = null;
  #handlers: { [K in keyof DoubleCalls]: (...args: DoubleCalls[K][0]) => Promise<DoubleCalls[K][1]> } = {
    boot: (workdirName) => this.#boot(workdirName),
    teardown: () => this.#teardown(),
    readFile: async (path) => (await readFile(this.#at(path))).toString('base64'),
    writeFile: async (path, data, append) => {
      await (append ? appendFile : writeFile)(this.#at(path), Buffer.from(data, 'base64'));
      return null;
    },
    readdir: async (path) => {
      const entries = await readdir(this.#at(path), { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, directory: entry.isDirectory() }));
    },
    mkdir: async (path, recursive) => {
      await mkdir(this.#at(path), { recursive });
      return null;
    },
    rm: async (path, recursive, force) => {
      await rm(this.#at(path), { recursive, force });
      return null;
    },
    rename: async (from, to) => {
      await rename(this.#at(from), this.#at(to));
      return null;
    },
    watch: async (path, recursive) => this.#watch(path, recursive),
    unwatch: async (id) => {
      this.#watchers.get(id)?.close();
      this.#watchers.delete(id);
      return null;
    },
    spawn: async (...args) => this.#spawn(...args),
    type: async (id, keys) => {
      this.#processes.get(id)?.terminal.type(keys);
      return null;
    },
    // Only this one: its children must notice by themselves.
    kill: async (id) => {
      this.#processes.get(id)?.os.kill('SIGKILL');
      return null;
    },
    next: () => this.#next(),
  };

  call: DoubleCall = (name, ...args) => this.#handlers[name](...args);

  /** Processes that run now, those that others started not counted. */
  get running(): number {
    return this.#processes.size;
  }

  /** Node processes that have opened a port and still run, whoever started them. */
  get nodes(): number {
    return this.#nodes;
  }

  /** Kills what the page has started, and nothing that this started in turn. */
  killAll(): void {
    for (const { os } of this.#processes.values()) os.kill('SIGKILL');
  }

  /** The container's working directory on this machine. */
  get workdir(): string {
    return this.#workdir;
  }

  /** Ends what is left; for after a test. */
  async close(): Promise<void> {
    await this.#teardown();
    await this.#removed;
  }

  async #boot(workdirName: string): Promise<DoubleCalls['boot'][1]> {
    // The page that had the one before may have been left without a word.
    await this.#teardown();
    this.#folder = await mkdtemp(join(tmpdir(), 'container-'));
    this.#workdir = join(this.#folder, workdirName);
    await mkdir(this.#workdir);
    const server = createServer((socket) => {
      this.#nodes++;
      const open = new Map<string, () => void>();
      createInterface({ input: socket }).on('line', (line) => {
        const [state, port, real] = line.split(' ');
        const tell = (now: 'open' | 'close'): void =>
          this.#tell({ type: 'port', port: Number(port), state: now, url: `http://127.0.0.1:${real}` });
        tell(state as 'open' | 'close');
        if (state === 'open') open.set(line.slice(5), () => tell('close'));
        else open.delete(line.slice(6));
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#nodes--;
        for (const close of open.values()) close();
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    this.#ports = server;
    return { workdir: this.#workdir, path: process.env['PATH'] ?? '' };
  }

  async #teardown(): Promise<null> {
    this.killAll();
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#ports?.close();
    this.#events = [];
    this.#wake?.();
    const folder = this.#folder;
    this.#folder = null;
    // Processes on their last breath may still write.
    if (folder !== null) this.#removed = rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    await this.#removed;
    return null;
  }

  /** Nothing outside the working directory can be reached. */
  #at(path: string): string {
    if (this.#folder === null) throw new Error('The container was torn down');
    const full = resolve(this.#workdir, path.replace(/^\/+/, ''));
    if (full !== this.#workdir && !full.startsWith(this.#workdir + sep)) throw new Error(`EACCES: ${path}`);
    return full;
  }

  #watch(path: string, recursive: boolean): number {
    const id = this.#nextId++;
    const watcher = watch(this.#at(path), { recursive }, (event, name) =>
      this.#tell({ type: 'watch', id, event, path: String(name).split(sep).join('/') }),
    );
    // A folder that goes away is watched no more.
    watcher.on('error', () => {});
    this.#watchers.set(id, watcher);
    return id;
  }

  #spawn(command: string, args: readonly string[], { cwd = '.', env = {} }: SpawnWishes): number {
    const id = this.#nextId++;
    const ports = this.#ports?.address();
    const os = spawn(command === 'node' ? process.execPath : command === 'jsh' ? 'sh' : command, command === 'jsh' ? ['-i'] : args, {
      cwd: this.#at(cwd),
      env: {
        PATH: [dirname(process.execPath), process.env['PATH']].join(process.platform === 'win32' ? ';' : ':'),
        HOME: this.#workdir,
        PS1: '❯ ',
        DOUBLE_PORTS: String(typeof ports === 'object' ? ports?.port : 0),
        NODE_OPTIONS: `--require ${JSON.stringify(TRAPS)}`,
        ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const terminal = new Terminal({
      show: (chunk) => this.#tell({ type: 'output', id, data: Buffer.from(chunk).toString('base64') }),
      enter: (line) => void os.stdin?.write(line),
      interrupt: () => void os.kill('SIGINT'),
      endInput: () => void os.stdin?.end(),
    });
    os.stdin?.on('error', () => {});
    os.stdout?.on('data', (data: Buffer) => terminal.print(data));
    os.stderr?.on('data', (data: Buffer) => terminal.print(data));
    const ended = (code: number): void => {
      this.#processes.delete(id);
      this.#tell({ type: 'exit', id, code });
    };
    os.on('error', () => ended(127));
    // As soon as it has gone: what it printed last, and what its children print, may come later.
    os.on('exit', (code) => ended(code ?? 137));
    this.#processes.set(id, { os, terminal });
    return id;
  }

  #tell(event: DoubleEvent): void {
    this.#events.push(event);
    this.#wake?.();
  }

  async #next(): Promise<readonly DoubleEvent[]> {
    if (this.#events.length === 0) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    return this.#events.splice(0);
  }
}
