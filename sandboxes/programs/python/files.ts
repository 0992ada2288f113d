/**
 * Python's files. It has a file system in memory of its own: the server's directories are copied into it at the start,
 * and what the app changes there is written back when Python has yielded.
 */
import { type FileSystem, isSystemError } from '../../host/host.ts';
import type { EmscriptenFiles, EmscriptenNode, Python } from './boot.ts';

export class PythonFiles {
  #files: EmscriptenFiles;
  #outside: FileSystem;
  #roots: readonly string[] = [];
  #changed = new Set<string>();

  constructor(python: Python, outside: FileSystem) {
    this.#files = python.files;
    this.#outside = outside;
    this.#watch();
  }

  /** Copy these directories (absolute paths; one that is not there is left out) from the server's tree. */
  async copyIn(roots: readonly string[]): Promise<void> {
    // For what is there already mkdirTree throws and catches once a level: thousands of times in a virtual environment.
    const made = new Set<string>();
    for (const root of roots) {
      this.#files.mkdirTree(root);
      for (const [path, bytes] of await this.#treeOf(root)) {
        const folder = path.slice(0, path.lastIndexOf('/')) || '/';
        if (!made.has(folder)) this.#files.mkdirTree(folder);
        made.add(folder);
        // The bytes are ours alone.
        this.#files.writeFile(path, bytes, { canOwn: true });
      }
    }
    this.#roots = roots;
    this.#changed.clear();
  }

  async #treeOf(root: string): Promise<Map<string, Uint8Array>> {
    try {
      return await this.#outside.tree(root);
    } catch (error) {
      if (isSystemError(error)) return new Map();
      throw error;
    }
  }

  /** Write back what was changed. Gives a sentence for each file that the tree did not take. */
  async copyOut(): Promise<string[]> {
    if (this.#changed.size === 0) return [];
    const changed = [...this.#changed];
    this.#changed.clear();
    const refused: string[] = [];
    for (const path of changed) {
      try {
        await this.#copyOne(path);
      } catch (error) {
        if (!isSystemError(error)) throw error;
        refused.push(`${path}: ${error.strerror}`);
      }
    }
    return refused;
  }

  async #copyOne(path: string): Promise<void> {
    const node = this.#find(path);
    if (node === null) {
      await this.#outside.remove(path).catch((error: unknown) => {
        if (!isSystemError(error, 'ENOENT')) throw error;
      });
    } else if (this.#files.isDir(node.mode)) await this.#outside.makeDirectory(path, { parents: true });
    else if (this.#files.isFile(node.mode)) await this.#outside.write(path, this.#files.readFile(path));
  }

  #find(path: string): EmscriptenNode | null {
    try {
      return this.#files.lookupPath(path).node;
    } catch {
      return null;
    }
  }

  /** Every change goes through these few functions of the in-memory file system. */
  #watch(): void {
    const { dir, file } = this.#files.filesystems.MEMFS.ops_table;
    const note = (node: EmscriptenNode, name?: string): void => {
      if (this.#roots.length === 0) return;
      const path = this.#files.getPath(node) + (name === undefined ? '' : `/${name}`);
      if (this.#roots.some((root) => path.startsWith(`${root}/`))) this.#changed.add(path);
    };
    after(dir.node, 'mknod', (parent: EmscriptenNode, name: string) => note(parent, name));
    after(dir.node, 'unlink', (parent: EmscriptenNode, name: string) => note(parent, name));
    after(dir.node, 'rmdir', (parent: EmscriptenNode, name: string) => note(parent, name));
    before(dir.node, 'rename', (node: EmscriptenNode, parent: EmscriptenNode, name: string) => {
      note(node);
      note(parent, name);
    });
    after(file.node, 'setattr', (node: EmscriptenNode) => note(node));
    after(file.stream, 'write', (stream: { node: EmscriptenNode }) => note(stream.node));
  }
}

type Table = Record<string, (...args: never[]) => unknown>;

function after<A extends unknown[]>(table: Table, name: string, then: (...args: A) => void): void {
  const real = table[name] as ((...args: A) => unknown) | undefined;
  if (!real) throw new Error(`Emscripten's file system has no ${name}`);
  table[name] = ((...args: A) => {
    const result = real(...args);
    then(...args);
    return result;
  }) as (...args: never[]) => unknown;
}

function before<A extends unknown[]>(table: Table, name: string, first: (...args: A) => void): void {
  const real = table[name] as ((...args: A) => unknown) | undefined;
  if (!real) throw new Error(`Emscripten's file system has no ${name}`);
  table[name] = ((...args: A) => {
    first(...args);
    return real(...args);
  }) as (...args: never[]) => unknown;
}
