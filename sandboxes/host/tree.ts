/**
 * The file tree of the sandbox's machine: names, bytes, owners and permission bits, kept by the kernel.
 * `Tree` is what the kernel needs; MemoryTree is the browser's, node/disk-tree.ts keeps the bytes in a real directory.
 */
import { type FileInfo, isSystemError, SystemError } from './host.ts';

/** Who asks: root (uid 0) may do everything. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

export const ROOT: User = { uid: 0, gid: 0 };

/** Paths are absolute. Errors as in `FileSystem`. */
export interface Tree {
  read(path: string, user: User): Uint8Array;
  /** Of a socket or a directory only what it is. */
  open(path: string, user: User): OpenNode;
  write(path: string, data: Uint8Array, user: User, options?: { append?: boolean; mode?: number | null }): void;
  stat(path: string, user: User): FileInfo;
  list(path: string, user: User): string[];
  makeDirectory(path: string, user: User, parents: boolean): void;
  /** A socket file: its identity tells the kernel which listener it belongs to. */
  makeSocket(path: string, user: User, mode: number): SocketFile;
  socketAt(path: string, user: User): SocketFile | null;
  remove(path: string, user: User): void;
  rename(from: string, to: string, user: User): void;
  chmod(path: string, mode: number, user: User): void;
  chown(path: string, uid: number, gid: number, user: User): void;
  /** From now on `changed` is called with the path of whatever is written, removed, renamed or gets other permissions. False: changes may come unseen. */
  watch(changed: (path: string) => void): boolean;
}

/** An open file, see `OpenFile`. */
export interface OpenNode {
  readonly info: FileInfo;
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

/** Stands for a socket file; compared by identity. */
export interface SocketFile {
  readonly kind: 'socket';
}

/** `.` and `..` resolved, no trailing slash, absolute. */
export function resolvePath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Whether `user` has all of the permission bits `want` (4 read, 2 write, 1 search) on something with that owner and mode. */
export function permits(owner: { uid: number; gid: number; mode: number }, user: User, want: number): boolean {
  if (user.uid === 0) return true;
  const shift = user.uid === owner.uid ? 6 : user.gid === owner.gid ? 3 : 0;
  return ((owner.mode >> shift) & want) === want;
}

interface Common {
  mode: number;
  uid: number;
  gid: number;
  modified: number;
}
interface FileNode extends Common {
  kind: 'file';
  /** The first `size` bytes are the file's; the rest is room for what is appended. */
  data: Uint8Array;
  size: number;
}
interface DirectoryNode extends Common {
  kind: 'directory';
  entries: Map<string, Node>;
}
interface SocketNode extends Common {
  kind: 'socket';
}
type Node = FileNode | DirectoryNode | SocketNode;

export class MemoryTree implements Tree {
  #changed: (path: string) => void = () => {};
  #root: DirectoryNode = { kind: 'directory', entries: new Map(), mode: 0o755, uid: 0, gid: 0, modified: Date.now() };

  read(path: string, user: User): Uint8Array {
    const node = this.#find(path, user);
    if (node.kind === 'directory') throw new SystemError('EISDIR', path);
    if (node.kind === 'socket') throw new SystemError('EINVAL', path);
    this.#check(node, user, 4, path);
    return node.data.slice(0, node.size);
  }

  open(path: string, user: User): OpenNode {
    const node = this.#find(path, user);
    if (node.kind !== 'socket') this.#check(node, user, 4, path);
    return {
      info: infoOf(node),
      read: (offset, length) => (node.kind === 'file' ? node.data.slice(offset, Math.min(node.size, offset + length)) : new Uint8Array(0)),
      close: () => {},
    };
  }

  write(path: string, data: Uint8Array, user: User, options: { append?: boolean; mode?: number | null } = {}): void {
    const { directory, name } = this.#parent(path, user);
    const node = directory.entries.get(name);
    if (node === undefined) {
      this.#check(directory, user, 2, path);
      directory.entries.set(name, { kind: 'file', data, size: data.length, mode: options.mode ?? 0o644, ...this.#owner(user) });
      return;
    }
    if (node.kind === 'directory') throw new SystemError('EISDIR', path);
    if (node.kind === 'socket') throw new SystemError('EINVAL', path);
    this.#check(node, user, 2, path);
    if (options.append) append(node, data);
    else Object.assign(node, { data, size: data.length });
    node.modified = Date.now();
    this.#changed(path);
  }

  stat(path: string, user: User): FileInfo {
    return infoOf(this.#find(path, user));
  }

  list(path: string, user: User): string[] {
    const node = this.#find(path, user);
    if (node.kind !== 'directory') throw new SystemError('ENOTDIR', path);
    this.#check(node, user, 4, path);
    return [...node.entries.keys()].sort();
  }

  makeDirectory(path: string, user: User, parents: boolean): void {
    if (path === '/') {
      if (parents) return;
      throw new SystemError('EEXIST', path);
    }
    if (parents) this.makeDirectory(path.slice(0, path.lastIndexOf('/')) || '/', user, true);
    const { directory, name } = this.#parent(path, user);
    const node = directory.entries.get(name);
    if (node !== undefined) {
      if (parents && node.kind === 'directory') return;
      throw new SystemError('EEXIST', path);
    }
    this.#check(directory, user, 2, path);
    directory.entries.set(name, { kind: 'directory', entries: new Map(), mode: 0o755, ...this.#owner(user) });
  }

  makeSocket(path: string, user: User, mode: number): SocketFile {
    const { directory, name } = this.#parent(path, user);
    if (directory.entries.has(name)) throw new SystemError('EADDRINUSE', path);
    this.#check(directory, user, 2, path);
    const node: SocketNode = { kind: 'socket', mode, ...this.#owner(user) };
    directory.entries.set(name, node);
    return node;
  }

  socketAt(path: string, user: User): SocketFile | null {
    const node = this.#find(path, user);
    if (node.kind === 'socket') this.#check(node, user, 2, path);
    return node.kind === 'socket' ? node : null;
  }

  remove(path: string, user: User): void {
    const { directory, name } = this.#parent(path, user);
    const node = directory.entries.get(name);
    if (node === undefined) throw new SystemError('ENOENT', path);
    this.#check(directory, user, 2, path);
    if (node.kind === 'directory' && node.entries.size > 0) throw new SystemError('ENOTEMPTY', path);
    directory.entries.delete(name);
    this.#changed(path);
  }

  rename(from: string, to: string, user: User): void {
    const source = this.#parent(from, user);
    const target = this.#parent(to, user);
    const node = source.directory.entries.get(source.name);
    if (node === undefined) throw new SystemError('ENOENT', from);
    this.#check(source.directory, user, 2, from);
    this.#check(target.directory, user, 2, to);
    if (from === to) return;
    if (node.kind === 'directory' && to.startsWith(`${from}/`)) throw new SystemError('EINVAL', to);
    const replaced = target.directory.entries.get(target.name);
    if (replaced?.kind === 'directory') {
      if (node.kind !== 'directory') throw new SystemError('EISDIR', to);
      if (replaced.entries.size > 0) throw new SystemError('ENOTEMPTY', to);
    } else if (replaced !== undefined && node.kind === 'directory') throw new SystemError('ENOTDIR', to);
    source.directory.entries.delete(source.name);
    target.directory.entries.set(target.name, node);
    this.#changed(from);
    this.#changed(to);
  }

  chmod(path: string, mode: number, user: User): void {
    const node = this.#find(path, user);
    if (user.uid !== 0 && user.uid !== node.uid) throw new SystemError('EPERM', path);
    node.mode = mode;
    this.#changed(path);
  }

  chown(path: string, uid: number, gid: number, user: User): void {
    if (user.uid !== 0) throw new SystemError('EPERM', path);
    const node = this.#find(path, user);
    node.uid = uid;
    node.gid = gid;
    this.#changed(path);
  }

  watch(changed: (path: string) => void): boolean {
    this.#changed = changed;
    return true;
  }

  #owner(user: User): { uid: number; gid: number; modified: number } {
    return { uid: user.uid, gid: user.gid, modified: Date.now() };
  }

  #check(node: Common, user: User, want: number, path: string): void {
    if (!permits(node, user, want)) throw new SystemError('EACCES', path);
  }

  #find(path: string, user: User): Node {
    let node: Node = this.#root;
    for (const name of path.split('/')) {
      if (name === '') continue;
      if (node.kind !== 'directory') throw new SystemError('ENOTDIR', path);
      this.#check(node, user, 1, path);
      const next: Node | undefined = node.entries.get(name);
      if (next === undefined) throw new SystemError('ENOENT', path);
      node = next;
    }
    return node;
  }

  #parent(path: string, user: User): { directory: DirectoryNode; name: string } {
    const at = path.lastIndexOf('/');
    const name = path.slice(at + 1);
    if (name === '') throw new SystemError('EISDIR', path);
    const directory = this.#find(path.slice(0, at), user);
    if (directory.kind !== 'directory') throw new SystemError('ENOTDIR', path);
    this.#check(directory, user, 1, path);
    return { directory, name };
  }
}

function infoOf(node: Node): FileInfo {
  const { kind, mode, uid, gid, modified } = node;
  return { kind, size: node.kind === 'file' ? node.size : 0, mode, uid, gid, modified };
}

/** A log grows by a line at a time: doubling its room keeps that cheap. */
function append(node: FileNode, more: Uint8Array): void {
  const size = node.size + more.length;
  if (size > node.data.length) {
    const roomy = new Uint8Array(size * 2);
    roomy.set(node.data.subarray(0, node.size));
    node.data = roomy;
  }
  node.data.set(more, node.size);
  node.size = size;
}

/** Lays files over a tree as root; a path that ends in `/` makes an empty directory. */
export function layFiles(tree: Tree, files: Readonly<Record<string, string | Uint8Array>>): void {
  const encoder = new TextEncoder();
  for (const [path, data] of Object.entries(files)) {
    const full = resolvePath('/', path);
    tree.makeDirectory(path.endsWith('/') ? full : full.slice(0, full.lastIndexOf('/')) || '/', ROOT, true);
    if (!path.endsWith('/')) tree.write(full, typeof data === 'string' ? encoder.encode(data) : data, ROOT);
  }
}

/** Every file below `path` that `user` may read, and every empty directory, as `FileSystem.tree` gives them. */
export function filesBelow(tree: Tree, path: string, user: User): [string, Uint8Array][] {
  const found: [string, Uint8Array][] = [];
  const names = tree.list(path, user);
  if (names.length === 0) found.push([`${path}/`, new Uint8Array()]);
  for (const name of names) {
    const full = path === '/' ? `/${name}` : `${path}/${name}`;
    try {
      const { kind } = tree.stat(full, user);
      if (kind === 'directory') found.push(...filesBelow(tree, full, user));
      else if (kind === 'file') found.push([full, tree.read(full, user)]);
    } catch (error) {
      if (!isSystemError(error, 'EACCES')) throw error;
    }
  }
  return found;
}
