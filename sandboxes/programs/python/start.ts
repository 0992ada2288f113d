/**
 * A Python for one process of the sandbox, started the fastest way there is: in the spare that waits in this process; else from
 * the parent's memory (fork), from the base snapshot, or plainly.
 */
import type { Host } from '../../host/host.ts';
import { type Python, type PythonSetup, startPython } from './boot.ts';
import { PythonFiles } from './files.ts';
import { PythonOutput } from './output.ts';
import { pause } from './sleep.ts';
import { layModules, MEMORY_LIMIT, takeSpare } from './spare.ts';

export interface PythonWish {
  /** Memory of the parent to continue, or null. */
  readonly image: Uint8Array | null;
  readonly memoryLimit: number;
  /** Whether children will be started from this Python's memory. */
  readonly snapshots: boolean;
  /** Takes what Python prints, to its standard output (1) or error (2). */
  readonly print: (bytes: Uint8Array, stream: 1 | 2) => void;
  /** Called when Python is about to sleep. */
  readonly onSleep?: () => void;
}

export interface ProcessPython extends Python {
  /** True when `image` was continued. */
  readonly forked: boolean;
  readonly tree: PythonFiles;
  readonly output: PythonOutput;
  /** The memory to start children from. */
  fork(): Uint8Array;
}

/** The `_sandbox` module, as TypeScript sees it. */
interface SandboxModule {
  enter(pid: number, ppid: number, sleep: (ms: number) => void): void;
  leave(): void;
}

/** Start Python in this process. Null when the sandbox has none. */
export async function openPython(host: Host, wish: PythonWish): Promise<ProcessPython | null> {
  const output = new PythonOutput(host, wish.print);
  host.event('progress', { what: 'Python', value: 0 });
  const started = await start(host, wish, (stream, bytes) => output.write(bytes, stream));
  if (started === null) return null;
  host.event('progress', { what: 'Python', value: 1 });
  const { python, forked } = started;
  layModules(python);
  const tree = new PythonFiles(python, host.fs);
  const sandbox = python.api.pyimport('_sandbox') as SandboxModule;
  const sleep = (ms: number): void => {
    wish.onSleep?.();
    host.flush(true);
    pause(ms);
  };
  const enter = (): void => sandbox.enter(host.pid, host.ppid, sleep);
  enter();
  return {
    ...python,
    forked,
    tree,
    output,
    fork() {
      sandbox.leave();
      const image = python.snapshot();
      enter();
      return image;
    },
  };
}

async function start(host: Host, wish: PythonWish, output: PythonSetup['output']): Promise<{ python: Python; forked: boolean } | null> {
  const memoryLimit = Math.min(wish.memoryLimit, MEMORY_LIMIT);
  const spare = await takeSpare(wish.image, memoryLimit, output);
  if (spare) return { python: spare, forked: wish.image !== null };

  const runtime = await host.python();
  if (runtime === null) return null;
  const setup = { runtime, memoryLimit, output, snapshots: wish.snapshots };
  for (const image of [wish.image, runtime.base]) {
    const python = image && (await startPython({ ...setup, image, ownImage: image === wish.image }).catch(() => null));
    if (python) return { python, forked: image === wish.image };
  }
  return { python: await startPython({ ...setup, image: null, ownImage: false }), forked: false };
}
