/**
 * Python's files. It has a file system in memory of its own: the server's directories are copied into it at the start,
 * and what the app changes there is written back when Python has yielded.
 */
import { type ErrorCode, type FileSystem, isSystemError } from '../../host/host.ts';
import type { EmscriptenFiles, EmscriptenNode, Python } from './boot.ts';

/** So many files are on their way to the kernel at once. */
const AT_ONCE = 64;
const EXECUTABLE = 0o100;

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

  /** Copy these directories (absolute paths; one that is not there is left out) from the server's tree, but not what is below `except`. */
  async copyIn(roots: readonly string[], except: string | null = null): Promise<void> {
    // For what is there already mkdirTree throws and catches once a level: thousands of times in a virtual environment.
    const made = new Set<string>();
    for (const root of roots) {
      this.#files.mkdirTree(root);
      for (const [path, bytes] of await this.#treeOf(root)) {
        if (except !== null && path.startsWith(`${except}/`)) continue;
        const folder = path.slice(0, path.lastIndexOf('/')) || '/';
        if (!made.has(folder)) this.#files.mkdirTree(folder);
        made.add(folder);
        // The bytes are ours alone.
        if (!path.endsWith('/')) this.#files.writeFile(path, bytes, { canOwn: true });
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
    const changed = [...this.#changed].map((path) => ({ path, node: this.#find(path) }));
    this.#changed.clear();
    const refused: string[] = [];
    const attempt = async (path: string, work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (!isSystemError(error)) throw error;
        refused.push(`${path}: ${error.strerror}`);
      }
    };
    // What is gone goes first, and what was in a directory before the directory: another thing may have its name now.
    const gone = changed.filter(({ node }) => node === null).sort((a, b) => b.path.length - a.path.length);
    for (const { path } of gone) await attempt(path, () => this.#remove(path));
    const files: { path: string; node: EmscriptenNode }[] = [];
    for (const { path, node } of changed) {
      if (node === null) continue;
      if (this.#files.isDir(node.mode))
        await attempt(path, () => this.#inPlace(path, 'EEXIST', () => this.#outside.makeDirectory(path, { parents: true })));
      else if (this.#files.isFile(node.mode)) files.push({ path, node });
      else refused.push(`${path}: symbolic links are not kept`);
    }
    for (let at = 0; at < files.length; at += AT_ONCE) {
      await Promise.all(files.slice(at, at + AT_ONCE).map(({ path, node }) => attempt(path, () => this.#write(path, node))));
    }
    return refused;
  }

  async #write(path: string, node: EmscriptenNode): Promise<void> {
    await this.#inPlace(path, 'EISDIR', () => this.#outside.write(path, this.#files.readFile(path)));
    // A file that was copied in has lost its permissions here: only that it became a program is told.
    if ((node.mode & EXECUTABLE) !== 0) await this.#outside.chmod(path, 0o755);
  }

  /** Does the work, and when something of another kind is in its place, without that. */
  async #inPlace(path: string, taken: ErrorCode, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isSystemError(error, taken)) throw error;
      await this.#remove(path);
      await work();
    }
  }

  async #remove(path: string): Promise<void> {
    await this.#outside.remove(path).catch((error: unknown) => {
      if (!isSystemError(error, 'ENOENT')) throw error;
    });
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
    const notePath = (path: string): void => {
      if (this.#roots.some((root) => path.startsWith(`${root}/`))) this.#changed.add(path);
    };
    const note = (node: EmscriptenNode, name?: string): void => {
      if (this.#roots.length > 0) notePath(this.#files.getPath(node) + (name === undefined ? '' : `/${name}`));
    };
    const noteAll = (path: string, node: EmscriptenNode): void => {
      notePath(path);
      if (this.#files.isDir(node.mode)) for (const [name, child] of Object.entries(node.contents)) noteAll(`${path}/${name}`, child);
    };
    after(dir.node, 'mknod', (parent: EmscriptenNode, name: string) => note(parent, name));
    after(dir.node, 'symlink', (parent: EmscriptenNode, name: string) => note(parent, name));
    after(dir.node, 'unlink', (parent: EmscriptenNode, name: string) => note(parent, name));
    after(dir.node, 'rmdir', (parent: EmscriptenNode, name: string) => note(parent, name));
    // A directory takes what is in it along: all of that is gone from the one place, and new in the other.
    before(dir.node, 'rename', (node: EmscriptenNode, parent: EmscriptenNode, name: string) => {
      noteAll(this.#files.getPath(node), node);
      noteAll(`${this.#files.getPath(parent)}/${name}`, node);
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
