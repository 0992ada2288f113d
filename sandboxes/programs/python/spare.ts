/**
 * A Python that is up before its process has anything to run. The host starts workers ahead of the programs that will want a
 * Python; what they make is kept here, in the worker's own memory, for the program that then runs in it.
 */
import type { PythonRuntime } from '../../host/host.ts';
import _uwsgi_bridge from '../uwsgi/_uwsgi_bridge.py?raw';
import _sandbox from './_sandbox.py?raw';
import { type Python, type PythonSetup, startPython } from './boot.ts';

/** Python's memory never grows beyond this, whatever the server's configuration says: a tab has to share. */
export const MEMORY_LIMIT = 128 * 1024 * 1024;

/** What most web apps import. It is in the base snapshot, so that they find it loaded. */
const COMMON_MODULES =
  'base64, collections, datetime, email.utils, enum, functools, hashlib, html, http, io, itertools, json, logging, os, pathlib, random, re, string, struct, sys, time, traceback, types, typing, urllib.parse, uuid';

const OUR_MODULES: Readonly<Record<string, string>> = { _sandbox, _uwsgi_bridge };

type Output = PythonSetup['output'];

interface Spare {
  readonly python: Python;
  output: Output;
}

let spare: Promise<Spare> | null = null;

/**
 * The memory of a Python that has just started, with nothing in it but the standard library and our own modules: every other
 * start continues it.
 */
export async function makeBase(runtime: PythonRuntime): Promise<Uint8Array> {
  const python = await startPython({ runtime, image: null, ownImage: false, memoryLimit: MEMORY_LIMIT, snapshots: true, output: () => {} });
  layModules(python);
  python.api.runPython(`import ${COMMON_MODULES}, ${Object.keys(OUR_MODULES).join(', ')}`);
  return python.snapshot();
}

/**
 * Lays modules, by name, beside the standard library: those that every Python has, when none are given. Files are no part of a
 * snapshot: where a module is loaded, tracebacks show its lines.
 */
export function layModules({ files }: Python, modules: Readonly<Record<string, string>> = OUR_MODULES): void {
  const encoder = new TextEncoder();
  for (const [name, source] of Object.entries(modules)) {
    files.writeFile(`/lib/python3.14/site-packages/${name}.py`, encoder.encode(source));
  }
}

/** Starts a spare from the runtime's base, whose bytes are used up. Rejects when the base does not fit, with a RangeError for want of memory. */
export async function warm(runtime: PythonRuntime): Promise<void> {
  spare = startSpare(runtime);
  await spare;
}

async function startSpare(runtime: PythonRuntime): Promise<Spare> {
  // Nothing runs in it yet that could print: the program that takes it says where output goes.
  const made: { python: Python | null; output: Output } = { python: null, output: () => {} };
  const python = await startPython({
    runtime,
    image: runtime.base,
    ownImage: true,
    memoryLimit: MEMORY_LIMIT,
    snapshots: true,
    output: (stream, bytes) => made.output(stream, bytes),
  });
  return Object.assign(made, { python });
}

/** This process's spare, continuing the memory `image` if there is one; null when there is no spare or the image does not fit it. */
export async function takeSpare(image: Uint8Array | null, memoryLimit: number, output: Output): Promise<Python | null> {
  const taken = await spare?.catch(() => null);
  spare = null;
  if (!taken || (image !== null && !taken.python.continueFrom(image))) return null;
  taken.output = output;
  taken.python.limitMemory(memoryLimit);
  return taken.python;
}
