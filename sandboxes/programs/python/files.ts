/**
 * Python's files. It has a file system in memory of its own: the server's directories are copied into it at the start,
 * and what the app changes there is written back when Python has yielded.
 */
import { type ErrorCode, type FileSystem, isSystemError, type TreeEntry } from '../../host/host.ts';
import type { EmscriptenFiles, EmscriptenNode, Python } from './boot.ts';
import { watchFiles } from './watch-files.ts';

/** So many files are on their way to the kernel at once. */
const AT_ONCE = 64;
/** Python's own user may always read and write its copy; what the server's tree allows is seen when a change goes back. */
const OWN = 0o600;
/** As usual: a new file is for its owner to write. */
const UMASK = 0o022;
const NEVER = ['/proc', '/dev', '/sys'];

/** -1: as it is. */
interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const isBelow = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

export class PythonFiles {
  #files: EmscriptenFiles;
  #outside: FileSystem;
  #roots: readonly string[] = [];
  /** What was made, written, or is gone. */
  #changed = new Set<string>();
  /** Another thing may have had these names before. */
  #made = new Set<string>();
  #modes = new Set<string>();
  #owners = new Map<string, Owner>();

  constructor(python: Python, outside: FileSystem) {
    this.#files = python.files;
    this.#outside = outside;
    watchFiles(this.#files, {
      listening: () => this.#roots.length > 0,
      changed: (path) => this.#note(path, (at) => this.#changed.add(at)),
      made: (path) => this.#note(path, (at) => this.#changed.add(at) && this.#made.add(at)),
      mode: (path) => this.#note(path, (at) => this.#modes.add(at)),
      owner: (path, uid, gid) => this.#note(path, (at) => this.#owners.set(at, { uid, gid })),
    });
  }

  #note(path: string, how: (path: string) => void): void {
    if (this.#roots.some((root) => path.startsWith(`${root}/`))) how(path);
  }

  /** Copy these directories (absolute paths; one that is not there is left out) from the server's tree, but not what is below `except`. */
  async copyIn(roots: readonly string[], except: string | null = null): Promise<void> {
    // For what is there already mkdirTree throws and catches once a level: thousands of times in a virtual environment.
    const made = new Set<string>();
    const all = [...roots];
    // Grows: what links lead to has to be there, too.
    for (const root of all) {
      this.#files.mkdirTree(root);
      for (const [path, entry] of await this.#treeOf(root)) {
        if (except !== null && path.startsWith(`${except}/`)) continue;
        const folder = path.slice(0, path.lastIndexOf('/')) || '/';
        if (!made.has(folder)) this.#files.mkdirTree(folder);
        made.add(folder);
        if (entry.target !== null) {
          const place = await this.#layLink(path, entry.target, all);
          if (place !== null) all.push(place);
        } else if (!path.endsWith('/')) {
          // The bytes are ours alone.
          this.#files.writeFile(path, entry.data, { canOwn: true, mode: entry.mode | OWN });
        }
      }
    }
    this.#roots = all;
    for (const noted of [this.#changed, this.#made, this.#modes, this.#owners]) noted.clear();
  }

  /** Gives the directory that has to be copied for it, if one has. */
  async #layLink(path: string, target: string, roots: readonly string[]): Promise<string | null> {
    if (this.#find(path) === null) this.#files.symlink(target, path);
    try {
      const place = await this.#outside.realPath(path);
      const { kind, mode } = await this.#outside.stat(place);
      if (place === '/' || isBelow(place, [...roots, ...NEVER])) return null;
      if (kind === 'directory') return place;
      if (kind !== 'file') return null;
      this.#files.mkdirTree(place.slice(0, place.lastIndexOf('/')) || '/');
      this.#files.writeFile(place, await this.#outside.read(place), { mode: mode | OWN });
    } catch (error) {
      // It leads nowhere, or to what is not Python's to read: there it will find so itself.
      if (!isSystemError(error)) throw error;
    }
    return null;
  }

  async #treeOf(root: string): Promise<Map<string, TreeEntry>> {
    try {
      return await this.#outside.tree(root);
    } catch (error) {
      if (isSystemError(error)) return new Map();
      throw error;
    }
  }

  /** Write back what was changed. Gives a sentence for each file that the tree did not take. */
  async copyOut(): Promise<string[]> {
    if (this.#changed.size + this.#modes.size + this.#owners.size === 0) return [];
    const changed = [...this.#changed].map((path) => ({ path, node: this.#find(path), made: this.#made.has(path) }));
    const modes = [...this.#modes];
    const owners = [...this.#owners];
    for (const noted of [this.#changed, this.#made, this.#modes, this.#owners]) noted.clear();
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
    const files: { path: string; node: EmscriptenNode; made: boolean }[] = [];
    for (const { path, node, made } of changed) {
      if (node === null) continue;
      if (this.#files.isDir(node.mode)) await attempt(path, () => this.#makeDirectory(path, node));
      else if (this.#files.isFile(node.mode)) files.push({ path, node, made });
      else if (this.#files.isLink(node.mode)) await attempt(path, () => this.#makeLink(path));
    }
    for (let at = 0; at < files.length; at += AT_ONCE) {
      await Promise.all(files.slice(at, at + AT_ONCE).map(({ path, node, made }) => attempt(path, () => this.#write(path, node, made))));
    }
    for (const path of modes) await attempt(path, () => this.#chmod(path));
    for (const [path, owner] of owners) await attempt(path, () => this.#chown(path, owner));
    return refused;
  }

  async #makeDirectory(path: string, { mode }: EmscriptenNode): Promise<void> {
    await this.#inPlace(path, 'EEXIST', () => this.#outside.makeDirectory(path, { parents: true }));
    const wanted = mode & 0o777 & ~UMASK;
    if (wanted !== 0o755) await this.#outside.chmod(path, wanted);
  }

  async #makeLink(path: string): Promise<void> {
    await this.#inPlace(path, 'EEXIST', () => this.#outside.symlink(this.#files.readlink(path), path));
  }

  async #write(path: string, { mode }: EmscriptenNode, made: boolean): Promise<void> {
    // Writing would go through a link whose place the file has taken.
    if (made && (await this.#isLink(path))) await this.#remove(path);
    const data = this.#files.readFile(path);
    await this.#inPlace(path, 'EISDIR', () => this.#outside.write(path, data, made ? { mode: mode & 0o777 & ~UMASK } : {}));
  }

  async #chmod(path: string): Promise<void> {
    const node = this.#find(path);
    if (node !== null) await this.#outside.chmod(path, node.mode & 0o7777);
  }

  async #chown(path: string, { uid, gid }: Owner): Promise<void> {
    if (this.#find(path) === null) return;
    const now = await this.#outside.stat(path);
    await this.#outside.chown(path, uid < 0 ? now.uid : uid, gid < 0 ? now.gid : gid);
  }

  async #isLink(path: string): Promise<boolean> {
    try {
      return (await this.#outside.lstat(path)).kind === 'link';
    } catch (error) {
      if (isSystemError(error)) return false;
      throw error;
    }
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
}
