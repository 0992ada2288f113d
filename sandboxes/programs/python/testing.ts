/** For unit tests only: the Python runtime's parts as Node finds them in node_modules. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { compiledStdlib } from '../../../scripts/engine/stdlib.ts';
import type { PythonRuntime } from '../../host/host.ts';
import { makeBase } from './spare.ts';

const require = createRequire(import.meta.url);
let parts: Promise<PythonRuntime> | null = null;

/** The runtime with a base snapshot, as a second visit has it. Made once. */
export function nodePython(): Promise<PythonRuntime> {
  parts ??= load();
  return parts;
}

async function load(): Promise<PythonRuntime> {
  const file = (name: string): string => require.resolve(`pyodide/${name}`);
  const runtime = {
    loaderUrl: pathToFileURL(file('pyodide.mjs')).href,
    asmUrl: pathToFileURL(file('pyodide.asm.mjs')).href,
    wasm: await WebAssembly.compile(readFileSync(file('pyodide.asm.wasm'))),
    stdlib: new Uint8Array(readFileSync(await compiledStdlib())),
    base: null,
  };
  return { ...runtime, base: await makeBase(runtime) };
}
