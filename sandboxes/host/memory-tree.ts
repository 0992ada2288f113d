/** The file tree in memory: the browser's, and that of scripts and tests. */
import { type FileInfo, SystemError } from './host.ts';
import { type Entry, type OpenNode, permits, type SocketFile, type Tree, type User } from './tree.ts';

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
  /** Another one with each change of the bytes. */
  stamp: number;
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
  #watchers: ((path: string) => void)[] = [];
  #stamps = 0;
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
      directory.entries.set(name, {
        kind: 'file',
        data,
        size: data.length,
        stamp: ++this.#stamps,
        mode: options.mode ?? 0o644,
        ...this.#owner(user),
      });
      this.#changed(path);
      return;
    }
    if (node.kind === 'directory') throw new SystemError('EISDIR', path);
    if (node.kind === 'socket') throw new SystemError('EINVAL', path);
    this.#check(node, user, 2, path);
    if (options.append) append(node, data);
    else Object.assign(node, { data, size: data.length });
    node.stamp = ++this.#stamps;
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
    this.#changed(path);
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
    this.#watchers.push(changed);
    return true;
  }

  entry(path: string): Entry | null {
    const node = this.#lookUp(path);
    if (node === null || node.kind === 'socket') return null;
    const { kind, mode, uid, gid } = node;
    if (kind === 'directory') return { kind, mode, uid, gid, stamp: 0, bytes: () => new Uint8Array() };
    const { data, size, stamp } = node;
    // What is appended comes behind these bytes, and what is written anew lies elsewhere: a view stays as it is.
    return { kind, mode, uid, gid, stamp, bytes: () => data.subarray(0, size) };
  }

  #changed(path: string): void {
    for (const watcher of this.#watchers) watcher(path);
  }

  #lookUp(path: string): Node | null {
    let node: Node | undefined = this.#root;
    for (const name of path.split('/')) {
      if (name === '') continue;
      if (node?.kind !== 'directory') return null;
      node = node.entries.get(name);
    }
    return node ?? null;
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
