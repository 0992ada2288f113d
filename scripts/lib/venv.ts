/** A virtual environment with sets of wheels in it, for tests: made by Pyodide as pip would, kept in `.cache`. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadPyodide } from 'pyodide';
import type { WheelSet } from '../../src/lesson/wheels.ts';
import { wheelFolder } from '../engine/wheels.ts';
import { at, shortHash } from './paths.ts';
import { wheelFiles } from './wheelhouse.ts';

export const VENV = '/srv/shop/venv';
/** The shop on plain WSGI, Flask, Django and Pyramid: what the lesson about the gateway lays over the server. */
export const SHOP = at('lessons/en/03-gateway/files');
const SITE = `${VENV}/lib/python3.14/site-packages`;

/** A folder to lay over the sandbox's tree: `/srv/shop/venv` with this set installed. Errors: this build has no wheels. */
export async function venvFolder(set: WheelSet): Promise<string> {
  const made = shortHash(...['venv.ts', 'venv.py'].map((file) => readFileSync(join(import.meta.dirname, file))));
  const folder = `${wheelFolder()}-venv-${set}-${made}`;
  if (existsSync(folder)) return folder;
  const wheels = await wheelFiles([set]);
  const python = await loadPyodide({ indexURL: at('node_modules/pyodide') });
  python.runPython(readFileSync(join(import.meta.dirname, 'venv.py'), 'utf8'));
  const call = (name: string, ...args: unknown[]): unknown => (python.globals.get(name) as (...args: unknown[]) => unknown)(...args);
  python.FS.mkdirTree(SITE);
  python.runPython('from pyodide.ffi import to_js');
  python.runPython('install_js = lambda wheel, site: install(wheel.to_bytes(), site)\nfiles_js = lambda site: to_js(files(site))');
  for (const bytes of Object.values(wheels)) call('install_js', bytes, SITE);
  call('compile_all', SITE);
  const part = `${folder}.${process.pid}.part`;
  rmSync(part, { recursive: true, force: true });
  const lay = (path: string, data: Uint8Array | string): void => {
    mkdirSync(dirname(join(part, path)), { recursive: true });
    writeFileSync(join(part, path), data);
  };
  lay(`${VENV}/pyvenv.cfg`, 'home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.14.2\n');
  for (const path of call('files_js', SITE) as string[]) lay(path, python.FS.readFile(path) as Uint8Array);
  renameSync(part, folder);
  return folder;
}
