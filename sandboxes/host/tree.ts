/**
 * The file tree of the sandbox's machine: names, bytes, owners and permission bits, kept by the kernel.
 * `Tree` is what the kernel needs; MemoryTree is the browser's, node/disk-tree.ts keeps the bytes in a real directory.
 */
import { type FileInfo, isSystemError, type TreeEntry } from './host.ts';

/** Who asks: root (uid 0) may do everything. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

export const ROOT: User = { uid: 0, gid: 0 };

/** Paths are absolute, and may hold dots and links. Errors as in `FileSystem`. */
export interface Tree {
  read(path: string, user: User): Uint8Array;
  /** Of a socket or a directory only what it is. */
  open(path: string, user: User): OpenNode;
  write(path: string, data: Uint8Array, user: User, options?: { append?: boolean; mode?: number | null }): void;
  stat(path: string, user: User): FileInfo;
  lstat(path: string, user: User): FileInfo;
  readLink(path: string, user: User): string;
  symlink(target: string, path: string, user: User): void;
  /** The place without links and dots; ENOENT unless all but its last name exist. */
  realPath(path: string, user: User): string;
  list(path: string, user: User): string[];
  makeDirectory(path: string, user: User, parents: boolean): void;
  /** A socket file: its identity tells the kernel which listener it belongs to. */
  makeSocket(path: string, user: User, mode: number): SocketFile;
  socketAt(path: string, user: User): SocketFile | null;
  remove(path: string, user: User): void;
  rename(from: string, to: string, user: User): void;
  chmod(path: string, mode: number, user: User): void;
  chown(path: string, uid: number, gid: number, user: User): void;
  /**
   * From now on `changed` is called, too, with the real path of whatever is made, written, removed, renamed or gets other permissions.
   * False: changes may come unseen.
   */
  watch(changed: (path: string) => void): boolean;
  /** What lies there, for a comparison; null when nothing does, or a socket. Links are not followed: the path must be a real one. */
  entry(path: string): Entry | null;
}

/** A file, folder or link as it is now. */
export interface Entry {
  readonly kind: 'file' | 'directory' | 'link';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a file: as long as this stays the same, so do its bytes. Of a link its target. */
  readonly stamp: string | number;
  /** A file's bytes as they were when this entry was asked for, if they are asked for at once. Not to be changed. */
  bytes(): Uint8Array;
}

/** An open file, see `OpenFile`. */
export interface OpenNode {
  readonly info: FileInfo;
  /** Its real path, and those of the links that led to it: a change of any of them may change what the name gives. */
  readonly places: readonly string[];
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

/** Stands for a socket file; compared by identity. */
export interface SocketFile {
  readonly kind: 'socket';
}

/** `.` and `..` resolved by the words alone, whatever links there are; no trailing slash, absolute. */
export function resolvePath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Absolute, and otherwise as it was written. */
export function fullPath(cwd: string, path: string): string {
  return path.startsWith('/') ? path : `${cwd}/${path}`;
}

/** The path of what a path lies in, by the words alone; null for `/`. */
export function parentOf(path: string): string | null {
  const end = path.replace(/\/+$/, '');
  return end === '' ? null : end.slice(0, end.lastIndexOf('/')) || '/';
}

/** Whether `user` has all of the permission bits `want` (4 read, 2 write, 1 search) on something with that owner and mode. */
export function permits(owner: { uid: number; gid: number; mode: number }, user: User, want: number): boolean {
  if (user.uid === 0) return true;
  const shift = user.uid === owner.uid ? 6 : user.gid === owner.gid ? 3 : 0;
  return ((owner.mode >> shift) & want) === want;
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

/** What lies below `path` and `user` may read, as `FileSystem.tree` gives it. */
export function filesBelow(tree: Tree, path: string, user: User): [string, TreeEntry][] {
  const found: [string, TreeEntry][] = [];
  const data = new Uint8Array();
  const names = tree.list(path, user);
  if (names.length === 0) found.push([`${path}/`, { data, mode: tree.stat(path, user).mode, target: null }]);
  for (const name of names) {
    const full = path === '/' ? `/${name}` : `${path}/${name}`;
    try {
      const { kind, mode } = tree.lstat(full, user);
      if (kind === 'directory') found.push(...filesBelow(tree, full, user));
      else if (kind === 'link') found.push([full, { data, mode, target: tree.readLink(full, user) }]);
      else if (kind === 'file') found.push([full, { data: tree.read(full, user), mode, target: null }]);
    } catch (error) {
      if (!isSystemError(error, 'EACCES')) throw error;
    }
  }
  return found;
}
