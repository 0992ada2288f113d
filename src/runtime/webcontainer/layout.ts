/** What lies where in the container's working directory, and how it gets there. */
import type { DirectoryNode, FileSystemAPI, FileSystemTree } from '@webcontainer/api';
import type { Files } from '../runtime.ts';

/** The sandbox's `/`. */
export const SERVER = 'server';
/** Commands that are too long for a line. */
export const SPOOL = 'spool';
/** The engine and Python. */
export const ENGINE = 'engine';

/** The engine's parts, by their name in `ENGINE`. Python's are Pyodide's own: its loader looks for them beside itself. */
export type EngineParts = Readonly<
  Record<'main.mjs' | 'process.mjs' | 'pyodide.mjs' | 'pyodide.asm.mjs' | 'pyodide.asm.wasm' | 'python_stdlib.zip', Uint8Array>
>;

const PYTHON = { loader: 'pyodide.mjs', asm: 'pyodide.asm.mjs', wasm: 'pyodide.asm.wasm', stdlib: 'python_stdlib.zip' };
/** A container looks here for the Node version to run; the programs need 22. */
const PACKAGE = { private: true, type: 'module', engines: { node: '22.22.0' } };

const text = (contents: string): FileSystemTree[string] => ({ file: { contents } });

/** Everything small, as the tree that `mount` takes. */
export function treeOf(files: Files): FileSystemTree {
  const server: DirectoryNode = { directory: {} };
  for (const [path, contents] of Object.entries(files)) {
    const parts = path.split('/').filter((part) => part !== '');
    const name = path.endsWith('/') ? null : parts.pop();
    let folder = server.directory;
    for (const part of parts) {
      let next = folder[part];
      if (next === undefined || !('directory' in next)) {
        next = { directory: {} };
        folder[part] = next;
      }
      folder = next.directory;
    }
    if (name) folder[name] = { file: { contents } };
  }
  return {
    'package.json': text(JSON.stringify(PACKAGE)),
    [ENGINE]: { directory: { 'engine.json': text(JSON.stringify(PYTHON)) } },
    [SPOOL]: { directory: {} },
    [SERVER]: server,
  };
}

/**
 * Writes the engine's parts; `onFile` hears each one's size in bytes when it is there. One by one and as bytes: `mount` would
 * make a string of them, letter by letter, and a snapshot made at build time would be a second copy of files that the visitor's
 * browser has kept already.
 */
export async function layEngine(fs: Pick<FileSystemAPI, 'writeFile'>, parts: EngineParts, onFile: (bytes: number) => void): Promise<void> {
  for (const [name, bytes] of Object.entries(parts)) {
    await fs.writeFile(`${ENGINE}/${name}`, bytes);
    onFile(bytes.length);
  }
}

/** Lays big files into the sandbox's tree, each by itself and as bytes. */
export async function layBinary(
  fs: Pick<FileSystemAPI, 'writeFile' | 'mkdir'>,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await fs.mkdir(`${SERVER}${path.slice(0, path.lastIndexOf('/'))}`, { recursive: true });
    await fs.writeFile(`${SERVER}${path}`, bytes);
  }
}
