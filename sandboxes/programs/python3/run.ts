/** `python3` at work: what its command line asks for, on CPython in this process. */
import { type Host, isSystemError } from '../../host/host.ts';
import { ended, PythonEnded } from '../python/ended.ts';
import { layModules, MEMORY_LIMIT } from '../python/spare.ts';
import { openPython, type ProcessPython } from '../python/start.ts';
import _pip from './_pip.py?raw';
import _python3 from './_python3.py?raw';
import _venv from './_venv.py?raw';
import { Conversation } from './conversation.ts';
import type { PythonOptions, Work } from './options.ts';
import { Prints, type Python3, type PythonProcess, settle } from './process.ts';

const MODULES: Readonly<Record<string, string>> = { _python3, _venv, _pip };

interface SandboxModule {
  configure(environment: object, path: readonly string[]): void;
}

/** Directories of the machine that are Python's own in its memory, or of which it would only see copies that say nothing. */
const NOT_COPIED: ReadonlySet<string> = new Set(['dev', 'lib', 'proc', 'usr']);
/** Where the host lays the wheels: a program knows paths of its machine, not the host's files. */
const WHEELHOUSE = '/srv/wheelhouse';

/** Do it. Gives the exit code. */
export async function runPython(host: Host, options: PythonOptions): Promise<number> {
  const { work, executable } = options;
  if (executable !== null) host.setTitle([executable, ...host.args.slice(2)].join(' '));
  const prints = new Prints(host);
  const python = await openPython(host, {
    image: null,
    memoryLimit: MEMORY_LIMIT,
    snapshots: false,
    print: (bytes, stream) => prints.print(bytes, stream),
  });
  if (python === null) {
    await host.printError(`${host.name}: this sandbox has no Python\n`);
    return 1;
  }
  // The wheels are large, and only pip's.
  await python.tree.copyIn(await roots(host), isPip(work) ? null : WHEELHOUSE);
  python.files.mkdirTree(host.cwd);
  python.files.chdir(host.cwd);
  const module = prepare(python, host);
  // Nobody can answer Python while it runs: what it may read has to be there before.
  const stdin = host.terminal ? null : await readAhead(host, work);
  const process: PythonProcess = { host, python, module, prints };
  try {
    module.begin(executable ?? undefined, options.args, stdin ?? undefined);
    if (work.kind === 'interactive' && stdin === null) return await new Conversation(process).hold(options.quiet);
    return run(module, work);
  } catch (error) {
    const end = ended(error);
    if (!(end instanceof PythonEnded)) throw error;
    if (end.message !== 'exit') await host.printError(`Fatal Python error: ${end.message}\n`);
    return end.code;
  } finally {
    await settle(process);
  }
}

function run(module: Python3, work: Work): number {
  switch (work.kind) {
    case 'command':
      return module.run_command(work.code);
    case 'module':
      return module.run_module(work.name);
    case 'file':
      return module.run_file(work.path);
    case 'version':
      return module.print_version();
    default:
      return module.run_stdin();
  }
}

function prepare(python: ProcessPython, host: Host): Python3 {
  layModules(python, MODULES);
  const { api } = python;
  (api.pyimport('_sandbox') as SandboxModule).configure({ ...host.env, PWD: host.cwd }, []);
  return api.pyimport('_python3') as Python3;
}

function isPip(work: Work): boolean {
  if (work.kind === 'module') return work.name === 'pip';
  return work.kind === 'file' && /(^|\/)pip[\d.]*$/.test(work.path);
}

/** What Python sees of the machine. */
async function roots(host: Host): Promise<string[]> {
  const folders: string[] = [];
  for (const name of await host.fs.list('/')) {
    if (!NOT_COPIED.has(name) && (await isDirectory(host, `/${name}`))) folders.push(`/${name}`);
  }
  return folders;
}

async function isDirectory(host: Host, path: string): Promise<boolean> {
  try {
    return (await host.fs.stat(path)).kind === 'directory';
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

/** All of an input that is a pipe or a file; nothing where the program does not speak of it, so that nobody waits for a writer in vain. */
async function readAhead(host: Host, work: Work): Promise<Uint8Array> {
  const text = work.kind === 'command' ? work.code : work.kind === 'file' ? await host.fs.readText(work.path).catch(() => '') : 'stdin';
  if (!/\b(stdin|input|fileinput)\b/.test(text) || isPip(work) || (work.kind === 'module' && work.name === 'venv')) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  for (let chunk = await host.readInput(); chunk !== null; chunk = await host.readInput()) chunks.push(chunk);
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}
