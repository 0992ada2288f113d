/** Python's parts on this host: files, named in `engine.json` beside the bundle. Each process compiles them for itself. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PythonRuntime } from '../host.ts';

interface EngineFiles {
  readonly loader: string;
  readonly asm: string;
  readonly wasm: string;
  readonly stdlib: string;
}

/** The Python runtime, or null where the engine has not been built. */
export async function loadPython(): Promise<PythonRuntime | null> {
  const list = join(import.meta.dirname, 'engine.json');
  if (!existsSync(list)) return null;
  const { loader, asm, wasm, stdlib } = JSON.parse(await readFile(list, 'utf8')) as EngineFiles;
  const [code, library] = await Promise.all([readFile(wasm), readFile(stdlib)]);
  return {
    loaderUrl: pathToFileURL(loader).href,
    asmUrl: pathToFileURL(asm).href,
    wasm: await WebAssembly.compile(code),
    stdlib: new Uint8Array(library),
    base: null,
  };
}
