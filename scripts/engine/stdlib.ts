/** The Python standard library as the engine ships it: a trimmed, stored zip of .pyc files. Made once, kept in .cache. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPyodide, version } from 'pyodide';
import { at, cache, shortHash } from '../lib/paths.ts';

/** Where Pyodide mounts the zip: tracebacks show it, so it is compiled in. */
const MOUNTED_AT = '/lib/python314.zip';

/** Path of the compiled library; compiles it when Pyodide or the way it is made has changed. */
export async function compiledStdlib(): Promise<string> {
  const script = readFileSync(join(import.meta.dirname, 'stdlib.py'), 'utf8');
  const path = join(cache, 'engine', `stdlib-${version}-${shortHash(script)}.zip`);
  if (existsSync(path)) return path;

  const python = await loadPyodide();
  python.FS.writeFile('/tmp/python_stdlib.zip', readFileSync(at('node_modules/pyodide/python_stdlib.zip')));
  python.runPython(script);
  const bytes: unknown = python.runPython(`
from pyodide.ffi import to_js
to_js(compile_stdlib('/tmp/python_stdlib.zip', '${MOUNTED_AT}'))
`);
  if (!(bytes instanceof Uint8Array)) throw new Error('Compiling the Python standard library gave no bytes');
  mkdirSync(join(cache, 'engine'), { recursive: true });
  writeFileSync(`${path}.part`, bytes);
  renameSync(`${path}.part`, path);
  return path;
}
