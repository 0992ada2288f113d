/** Python's parts on this host: files, named in `engine.json` beside the bundle (from there, when not in full). Each process compiles them for itself. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PythonRuntime } from '../host.ts';

interface EngineFiles {
  readonly loader: string;
  readonly asm: string;
  readonly wasm: string;
  readonly stdlib: string;
  /** Folder with wheels; null when the build could fetch none, missing in a WebContainer. */
  readonly wheels?: string | null;
}

/** The list, or null where the engine has not been built. */
export async function engineFiles(): Promise<EngineFiles | null> {
  const list = join(import.meta.dirname, 'engine.json');
  return existsSync(list) ? (JSON.parse(await readFile(list, 'utf8')) as EngineFiles) : null;
}

/** The Python runtime, or null where the engine has not been built. */
export async function loadPython(): Promise<PythonRuntime | null> {
  const files = await engineFiles();
  if (files === null) return null;
  const place = (file: string): string => resolve(import.meta.dirname, file);
  const [code, library] = await Promise.all([readFile(place(files.wasm)), readFile(place(files.stdlib))]);
  return {
    loaderUrl: pathToFileURL(place(files.loader)).href,
    asmUrl: pathToFileURL(place(files.asm)).href,
    wasm: await WebAssembly.compile(code),
    stdlib: new Uint8Array(library),
    base: null,
  };
}
