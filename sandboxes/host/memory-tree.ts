/** The file tree in memory: the browser's, and that of scripts and tests. */
import { type FileInfo, SystemError } from './host.ts';
import { type Found, find, type Ground, isDirectory, lookUp } from './lookup.ts';
import { type Entry, type OpenNode, parentOf, permits, resolvePath, type SocketFile, type Tree, type User } from './tree.ts';

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
interface LinkNode extends Common {
  kind: 'link';
  readonly target: string;
}
type Node = FileNode | DirectoryNode | SocketNode | LinkNode;

/** Bytes of all files together: a program that writes without end must not take the tab down. */
const MOST_BYTES = 256 * 1024 * 1024;
/** A small file that grows gets as much room again, a large one a quarter of it. */
const LARGE = 8 * 1024 * 1024;

export class MemoryTree implements Tree {
  #watchers: ((path: string) => void)[] = [];
  #stamps = 0;
  #most: number;
  #used = 0;
  #ground: Ground<Node> & { readonly root: DirectoryNode } = {
    root: { kind: 'directory', entries: new Map(), mode: 0o755, uid: 0, gid: 0, modified: Date.now() },
    kind: ({ kind }) => kind,
    child: (directory, name) => (directory.kind === 'directory' && directory.entries.get(name)) || null,
    target: (link) => (link.kind === 'link' ? link.target : ''),
    owner: (node) => node,
  };

  /** `most`: bytes that all files together may have. */
  constructor(most = MOST_BYTES) {
    this.#most = most;
  }

  read(path: string, user: User): Uint8Array {
    const { node } = find(this.#ground, path, user);
    wantFile(node, path);
    this.#check(node, user, 4, path);
    return node.data.slice(0, node.size);
  }

  open(path: string, user: User): OpenNode {
    const { node, path: place, links } = find(this.#ground, path, user);
    if (node.kind !== 'socket') this.#check(node, user, 4, path);
    return {
      info: infoOf(node),
      places: [place, ...links],
      read: (offset, length) => (node.kind === 'file' ? node.data.slice(offset, Math.min(node.size, offset + length)) : new Uint8Array(0)),
      close: () => {},
    };
  }

  write(path: string, data: Uint8Array, user: User, options: { append?: boolean; mode?: number | null } = {}): void {
    const found = lookUp(this.#ground, path, user, true);
    const { node } = found;
    if (node === null) {
      this.#add(found, user, { kind: 'file', data, size: data.length, stamp: ++this.#stamps, mode: options.mode ?? 0o644, ...owned(user) });
      return;
    }
    wantFile(node, path);
    this.#check(node, user, 2, path);
    this.#take(options.append ? data.length : data.length - node.size, path);
    if (options.append) append(node, data);
    else Object.assign(node, { data, size: data.length });
    node.stamp = ++this.#stamps;
    node.modified = Date.now();
    this.#changed(found.path);
  }

  stat(path: string, user: User): FileInfo {
    return infoOf(find(this.#ground, path, user).node);
  }

  lstat(path: string, user: User): FileInfo {
    return infoOf(find(this.#ground, path, user, path.endsWith('/')).node);
  }

  readLink(path: string, user: User): string {
    const { node } = find(this.#ground, path, user, false);
    if (node.kind !== 'link') throw new SystemError('EINVAL', resolvePath('/', path));
    return node.target;
  }

  symlink(target: string, path: string, user: User): void {
    if (target === '') throw new SystemError('ENOENT', resolvePath('/', path));
    const found = this.#free(path, user);
    this.#add(found, user, { kind: 'link', target, mode: 0o777, ...owned(user) });
  }

  realPath(path: string, user: User): string {
    return lookUp(this.#ground, path, user, true).path;
  }

  list(path: string, user: User): string[] {
    const { node } = find(this.#ground, path, user);
    if (node.kind !== 'directory') throw new SystemError('ENOTDIR', resolvePath('/', path));
    this.#check(node, user, 4, path);
    return [...node.entries.keys()].sort();
  }

  makeDirectory(path: string, user: User, parents: boolean): void {
    if (parents) {
      const above = parentOf(path);
      if (above !== null) this.makeDirectory(above, user, true);
      if (isDirectory(this.#ground, path, user)) return;
    }
    this.#add(this.#free(path, user), user, { kind: 'directory', entries: new Map(), mode: 0o755, ...owned(user) });
  }

  makeSocket(path: string, user: User, mode: number): SocketFile {
    const found = lookUp(this.#ground, path, user, false);
    if (found.node !== null) throw new SystemError('EADDRINUSE', resolvePath('/', path));
    const node: SocketNode = { kind: 'socket', mode, ...owned(user) };
    this.#add(found, user, node);
    return node;
  }

  socketAt(path: string, user: User): SocketFile | null {
    const { node } = find(this.#ground, path, user);
    if (node.kind === 'socket') this.#check(node, user, 2, path);
    return node.kind === 'socket' ? node : null;
  }

  remove(path: string, user: User): void {
    const { directory, name, node, path: place } = find(this.#ground, path, user, false);
    if (name === '') throw new SystemError('EISDIR', resolvePath('/', path));
    this.#check(directory, user, 2, path);
    if (node.kind === 'directory' && node.entries.size > 0) throw new SystemError('ENOTEMPTY', resolvePath('/', path));
    entriesOf(directory).delete(name);
    this.#used -= sizeOf(node);
    this.#changed(place);
  }

  rename(from: string, to: string, user: User): void {
    const source = find(this.#ground, from, user, false);
    const target = lookUp(this.#ground, to, user, false);
    const { node } = source;
    const [there, wanted] = [resolvePath('/', from), resolvePath('/', to)];
    if (source.name === '' || target.name === '') throw new SystemError('EISDIR', source.name === '' ? there : wanted);
    this.#check(source.directory, user, 2, from);
    this.#check(target.directory, user, 2, to);
    if (source.path === target.path) return;
    if (node.kind === 'directory' && target.path.startsWith(`${source.path}/`)) throw new SystemError('EINVAL', wanted);
    const replaced = target.node;
    if (replaced?.kind === 'directory') {
      if (node.kind !== 'directory') throw new SystemError('EISDIR', wanted);
      if (replaced.entries.size > 0) throw new SystemError('ENOTEMPTY', wanted);
    } else if (replaced !== null && node.kind === 'directory') throw new SystemError('ENOTDIR', wanted);
    entriesOf(source.directory).delete(source.name);
    entriesOf(target.directory).set(target.name, node);
    if (replaced !== null) this.#used -= sizeOf(replaced);
    this.#changed(source.path);
    this.#changed(target.path);
  }

  chmod(path: string, mode: number, user: User): void {
    const { node, path: place } = find(this.#ground, path, user);
    if (user.uid !== 0 && user.uid !== node.uid) throw new SystemError('EPERM', resolvePath('/', path));
    node.mode = mode;
    this.#changed(place);
  }

  chown(path: string, uid: number, gid: number, user: User): void {
    if (user.uid !== 0) throw new SystemError('EPERM', resolvePath('/', path));
    const { node, path: place } = find(this.#ground, path, user);
    node.uid = uid;
    node.gid = gid;
    this.#changed(place);
  }

  watch(changed: (path: string) => void): boolean {
    this.#watchers.push(changed);
    return true;
  }

  entry(path: string): Entry | null {
    let node: Node | undefined = this.#ground.root;
    for (const name of path.split('/')) if (name !== '') node = node?.kind === 'directory' ? node.entries.get(name) : undefined;
    if (node === undefined || node.kind === 'socket') return null;
    const { kind, mode, uid, gid } = node;
    if (kind !== 'file') return { kind, mode, uid, gid, stamp: kind === 'link' ? node.target : '', bytes: () => new Uint8Array() };
    const { data, size, stamp } = node;
    // What is appended comes behind these bytes, and what is written anew lies elsewhere: a view stays as it is.
    return { kind, mode, uid, gid, stamp, bytes: () => data.subarray(0, size) };
  }

  #changed(place: string): void {
    for (const watcher of this.#watchers) watcher(place);
  }

  /** A place where nothing is. */
  #free(path: string, user: User): Found<Node> {
    const found = lookUp(this.#ground, path, user, false);
    if (found.node !== null) throw new SystemError('EEXIST', resolvePath('/', path));
    return found;
  }

  #add({ directory, name, path }: Found<Node>, user: User, node: Node): void {
    this.#check(directory, user, 2, path);
    this.#take(sizeOf(node), path);
    entriesOf(directory).set(name, node);
    this.#changed(path);
  }

  /** So many bytes more; fewer, when it is less than nothing. */
  #take(bytes: number, path: string): void {
    if (bytes > 0 && this.#used + bytes > this.#most) throw new SystemError('ENOSPC', resolvePath('/', path));
    this.#used += bytes;
  }

  #check(node: Common, user: User, want: number, path: string): void {
    if (!permits(node, user, want)) throw new SystemError('EACCES', resolvePath('/', path));
  }
}

function owned({ uid, gid }: User): { uid: number; gid: number; modified: number } {
  return { uid, gid, modified: Date.now() };
}

function sizeOf(node: Node): number {
  return node.kind === 'file' ? node.size : 0;
}

/** Of what is known to be a directory. */
function entriesOf(node: Node): Map<string, Node> {
  if (node.kind !== 'directory') throw new SystemError('ENOTDIR');
  return node.entries;
}

function wantFile(node: Node, path: string): asserts node is FileNode {
  if (node.kind === 'directory') throw new SystemError('EISDIR', resolvePath('/', path));
  if (node.kind !== 'file') throw new SystemError('EINVAL', resolvePath('/', path));
}

function infoOf(node: Node): FileInfo {
  const { kind, mode, uid, gid, modified } = node;
  return { kind, size: node.kind === 'link' ? new TextEncoder().encode(node.target).length : sizeOf(node), mode, uid, gid, modified };
}

/** A log grows by a line at a time: doubling its room keeps that cheap. */
function append(node: FileNode, more: Uint8Array): void {
  const size = node.size + more.length;
  if (size > node.data.length) {
    const roomy = new Uint8Array(size + (size < LARGE ? size : size >> 2));
    roomy.set(node.data.subarray(0, node.size));
    node.data = roomy;
  }
  node.data.set(more, node.size);
  node.size = size;
}
