/** For unit tests only: the Python runtime's parts as Node finds them in node_modules. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { compiledStdlib } from '../../../scripts/engine/stdlib.ts';
import type { PythonRuntime } from '../../host/host.ts';

const require = createRequire(import.meta.url);
let parts: Promise<PythonRuntime> | null = null;

/** The runtime without a base snapshot. The heavy parts are read once. */
export function nodePython(): Promise<PythonRuntime> {
  parts ??= load();
  return parts;
}

async function load(): Promise<PythonRuntime> {
  const file = (name: string): string => require.resolve(`pyodide/${name}`);
  return {
    loaderUrl: pathToFileURL(file('pyodide.mjs')).href,
    asmUrl: pathToFileURL(file('pyodide.asm.mjs')).href,
    wasm: await WebAssembly.compile(readFileSync(file('pyodide.asm.wasm'))),
    stdlib: new Uint8Array(readFileSync(await compiledStdlib())),
    base: null,
  };
}
