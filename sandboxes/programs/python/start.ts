/**
 * A Python for one process of the sandbox, started the fastest way there is: from the parent's memory (fork), else from
 * the base snapshot that an earlier start left, else plainly; and then this process leaves a base for later starts.
 */
import type { Host } from '../../host/host.ts';
import _sandbox from './_sandbox.py?raw';
import { type Python, type PythonSetup, startPython } from './boot.ts';
import { PythonFiles } from './files.ts';
import { PythonOutput } from './output.ts';
import { pause } from './sleep.ts';

/** Python's memory never grows beyond this, whatever the server's configuration says: a tab has to share. */
export const MEMORY_LIMIT = 128 * 1024 * 1024;

/** What most web apps import. It is in the base snapshot, so that they find it loaded. */
const COMMON_MODULES =
  'base64, collections, datetime, email.utils, enum, functools, hashlib, html, http, io, itertools, json, logging, os, pathlib, random, re, string, struct, sys, time, traceback, types, typing, urllib.parse, uuid';

export interface PythonWish {
  /** Memory of the parent to continue, or null. */
  readonly image: Uint8Array | null;
  readonly memoryLimit: number;
  /** Whether children will be started from this Python's memory. */
  readonly snapshots: boolean;
  /** Modules to lay beside the standard library: name to source. */
  readonly modules: Readonly<Record<string, string>>;
  /** Takes what Python prints: a server's log. */
  readonly print: (bytes: Uint8Array) => void;
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
  const runtime = await host.python();
  if (runtime === null) return null;
  const output = new PythonOutput(host, wish.print);
  const setup = {
    runtime,
    memoryLimit: Math.min(wish.memoryLimit, MEMORY_LIMIT),
    output: (_: 1 | 2, bytes: Uint8Array) => output.write(bytes),
  };
  const { python, forked } = await start(host, wish, setup);
  const tree = new PythonFiles(python, host.fs);
  const { sandbox } = python;
  const sleep = (ms: number): void => {
    wish.onSleep?.();
    host.flush();
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

type Setup = Pick<PythonSetup, 'runtime' | 'memoryLimit' | 'output'>;
type Started = Python & { readonly sandbox: SandboxModule };

async function start(host: Host, wish: PythonWish, setup: Setup): Promise<{ python: Started; forked: boolean }> {
  host.event('progress', { what: 'Python', value: 0 });
  const done = (python: Python, forked: boolean): { python: Started; forked: boolean } => {
    host.event('progress', { what: 'Python', value: 1 });
    return { python: Object.assign(python, { sandbox: python.api.pyimport('_sandbox') as SandboxModule }), forked };
  };
  const { snapshots } = wish;
  for (const image of [wish.image, setup.runtime.base]) {
    const python = image && (await startPython({ ...setup, image, ownImage: image === wish.image, snapshots }).catch(() => null));
    if (!python) continue;
    layModules(python, wish.modules);
    return done(python, image === wish.image);
  }

  const python = await startPython({ ...setup, image: null, ownImage: false, snapshots });
  warmUp(python);
  if (snapshots) host.offerPythonBase(python.snapshot());
  layModules(python, wish.modules);
  return done(python, false);
}

/** What every base snapshot has in it: the standard library's own modules, and nothing that changes with this project. */
export function warmUp(python: Python): void {
  python.api.runPython(`import ${COMMON_MODULES}`);
}

/** The file system is no part of a snapshot: what is imported later must be laid again. */
function layModules(python: Python, modules: Readonly<Record<string, string>>): void {
  const encoder = new TextEncoder();
  for (const [name, source] of Object.entries({ _sandbox, ...modules })) {
    python.files.writeFile(`/lib/python3.14/site-packages/${name}.py`, encoder.encode(source));
  }
}
