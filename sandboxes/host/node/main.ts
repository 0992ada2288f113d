/**
 * The sandbox on the command line: the kernel in this process, PROGRAM and everything it starts in processes of their own.
 * Output and exit code are the program's; Ctrl-C goes to it.
 */
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join, relative, sep } from 'node:path';
import { programs } from '../../programs/registry.ts';
import { type Exit, isSystemError, type Signal } from '../host.ts';
import { MemoryTree } from '../memory-tree.ts';
import { layServer, WHEELHOUSE } from '../server-tree.ts';
import { eventsOf } from '../trace-lines.ts';
import { ROOT, type Tree } from '../tree.ts';
import { DiskTree } from './disk-tree.ts';
import { Machine } from './machine.ts';
import { type Options, parseOptions, UsageError } from './options.ts';
import { publishPort } from './publisher.ts';
import { engineFiles } from './python.ts';

/** The project's folder, seen from `.cache/engine/node/`, where this file is bundled to. */
const PROJECT = join(import.meta.dirname, '../../..');

/** Wrappers (npm, a terminal) may pass the same Ctrl-C on more than once. */
const SAME_SIGNAL_MS = 200;
/** How long servers in the background may take to stop. */
const STOP_MS = 5000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

async function openTree(root: string | null): Promise<Tree> {
  if (root !== null) {
    if (!existsSync(root) || !statSync(root).isDirectory()) throw new UsageError(`--root ${root}: there is no such directory`);
    const tree = new DiskTree(root);
    // A directory that is a server's `/` is booted like one; any other is left as it is.
    if (existsSync(join(root, 'etc'))) layServer(tree, {});
    return tree;
  }
  const tree = new MemoryTree();
  layServer(tree, { ...(await serverFiles(join(PROJECT, 'sandboxes/server'))), ...(await wheelhouse()) });
  return tree;
}

async function serverFiles(folder: string): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    // git keeps no empty directories: a .gitkeep stands for one.
    const path = `/${relative(folder, file)
      .split(sep)
      .join('/')
      .replace(/\.gitkeep$/, '')}`;
    files[path] = new Uint8Array(await readFile(file));
  }
  return files;
}

/** The wheels that the build has fetched. */
async function wheelhouse(): Promise<Record<string, Uint8Array>> {
  const folder = (await engineFiles())?.wheels ?? null;
  const names = folder === null ? [] : (await readdir(folder)).filter((name) => name.endsWith('.whl'));
  const wheels = names.map(async (name): Promise<[string, Uint8Array]> => {
    return [`${WHEELHOUSE}/${name}`, new Uint8Array(await readFile(join(folder ?? '', name)))];
  });
  return Object.fromEntries(await Promise.all(wheels));
}

class CommandLine {
  #machine: Machine;
  #programs: Set<string>;
  /** Processes that publish ports: they are no reason to go on. */
  #publishers = new Set<number>();
  #running: number | null = null;
  #signalled = false;
  #stopping = false;
  #lastSignal = 0;
  #whenIdle: () => void = () => {};

  private constructor(machine: Machine, names: Set<string>) {
    this.#machine = machine;
    this.#programs = names;
  }

  static async open(root: string | null): Promise<CommandLine> {
    const names = new Set(Object.keys(programs));
    let line: CommandLine | null = null;
    const machine = await Machine.open({
      tree: await openTree(root),
      programs: names,
      processFile: join(import.meta.dirname, 'process.mjs'),
      onTrace: (lines) => {
        if (eventsOf(lines).some(({ type }) => type === 'process.exit')) line?.noticeExits();
      },
    });
    line = new CommandLine(machine, names);
    return line;
  }

  close(): void {
    this.#machine.close();
  }

  /** Errors: the reason why the port cannot be opened. */
  async publish(machine: number, sandbox: number): Promise<void> {
    this.#publishers.add(await publishPort(this.#machine.kernel, this.#programs, machine, sandbox));
  }

  /** Runs the program to its end, and with a published port also the servers that it left in the background. */
  async run({ program, args, publish }: Options): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<Exit>();
    const cwd = this.#hasHome() ? '/root' : '/';
    const { pid, input } = this.#machine.kernel.spawnOutside({
      program,
      args,
      cwd,
      terminal: process.stdin.isTTY === true,
      write: toTerminal,
      exited: resolve,
    });
    this.#running = pid;
    let asked = false;
    input.onWanted = () => {
      // Not before the program asks: a server in the background of a shell must not touch the terminal.
      if (asked) return;
      asked = true;
      void (async () => {
        for await (const chunk of process.stdin) await input.write(new Uint8Array(chunk as Buffer));
        input.dropWriter();
      })().catch(() => {});
    };
    for (const signal of SIGNALS) process.on(signal, () => this.#pass(signal));
    const exit = await promise;
    this.#running = null;
    // A program that has daemonised serves on; one that was told to stop takes everything with it.
    if (exit.code === 0 && !this.#signalled && publish.length > 0 && this.#others().length > 0) {
      console.error(`sandbox: ${program} runs on in the background; Ctrl-C ends the sandbox`);
      await new Promise<void>((idle) => {
        this.#whenIdle = idle;
      });
    }
    return exit.signal === null ? exit.code : 128 + constants.signals[exit.signal];
  }

  /** Called when a process has ended. */
  noticeExits(): void {
    if (this.#others().length === 0) this.#whenIdle();
  }

  #hasHome(): boolean {
    return this.#machine.kernel.tree.list('/', ROOT).includes('root');
  }

  #others(): number[] {
    return this.#machine.kernel.list().flatMap(({ pid }) => (this.#publishers.has(pid) ? [] : [pid]));
  }

  #pass(signal: Signal): void {
    const now = performance.now();
    if (now - this.#lastSignal < SAME_SIGNAL_MS) return;
    this.#lastSignal = now;
    if (this.#running !== null) {
      this.#signalled ||= signal !== 'SIGHUP';
      this.#kill(this.#running, signal);
    } else if (this.#stopping) this.#whenIdle();
    else {
      this.#stopping = true;
      for (const pid of this.#others()) this.#kill(pid, 'SIGTERM');
      setTimeout(() => this.#whenIdle(), STOP_MS).unref();
    }
  }

  #kill(pid: number, signal: Signal): void {
    try {
      this.#machine.kernel.kill(pid, signal, null);
    } catch (error) {
      // It ended meanwhile.
      if (!isSystemError(error, 'ESRCH')) throw error;
    }
  }
}

/** The program waits when the terminal, or the pipe that this output goes to, is slow. */
function toTerminal(data: Uint8Array, stream: 1 | 2): void | Promise<void> {
  const out = stream === 1 ? process.stdout : process.stderr;
  if (!out.write(data)) return new Promise((resolve) => out.once('drain', resolve));
}

const flushed = (out: NodeJS.WriteStream): Promise<void> => new Promise((resolve) => out.write('', () => resolve()));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(argv);
    if (!Object.hasOwn(programs, options.program.slice(options.program.lastIndexOf('/') + 1))) {
      console.error(`sandbox: no such program: ${options.program} (there are: ${Object.keys(programs).sort().join(', ')})`);
      return 127;
    }
    const line = await CommandLine.open(options.root);
    process.on('exit', () => line.close());
    // Nobody reads our output any more (`| head`): as with any program, that is the end.
    for (const out of [process.stdout, process.stderr]) out.on('error', () => process.exit(128 + constants.signals.SIGPIPE));
    for (const { machine, sandbox } of options.publish) await line.publish(machine, sandbox);
    return await line.run(options);
  } catch (error) {
    console.error(error instanceof UsageError ? `sandbox: ${error.message}` : error instanceof Error ? error.message : error);
    return error instanceof UsageError ? 2 : 1;
  }
}

const code = await main(process.argv.slice(2));
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(code);
