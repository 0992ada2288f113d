/**
 * A file tree whose bytes are the real files of a directory on this machine: an edit there is seen at once, what a program
 * writes goes there. Owners and permission bits are the sandbox's own and last as long as it: a file that others made is
 * root's with 0644 (directories 0755). Socket files exist in the sandbox only. Nothing outside the directory is reachable: links
 * are followed name by name in the tree, never by the machine. One that leads to an absolute path leads there in the tree.
 */
import fs from 'node:fs';
import { join, sep } from 'node:path';
import { ERRNO, type ErrorCode, type FileInfo, SystemError } from '../host.ts';
import { type Found, find, type Ground, isDirectory, lookUp } from '../lookup.ts';
import { type Entry, type OpenNode, parentOf, permits, ROOT, resolvePath, type SocketFile, type Tree, type User } from '../tree.ts';

interface Owned {
  mode: number;
  uid: number;
  gid: number;
}
interface SocketNode extends Owned, SocketFile {
  readonly modified: number;
}

/** What is in a place: its path in the tree, which holds no link, and what the machine says of it; null for a socket. */
interface Place {
  readonly path: string;
  readonly kind: FileInfo['kind'];
  readonly stats: fs.Stats | null;
}

const inside = (directory: string, name: string): string => (directory === '/' ? `/${name}` : `${directory}/${name}`);
const DEFAULT_MODES = { file: 0o644, directory: 0o755, link: 0o777, socket: 0o755 };

export class DiskTree implements Tree {
  #root: string;
  #owned = new Map<string, Owned>();
  #sockets = new Map<string, SocketNode>();
  /** How often each file was written from here: the machine's clock may be too coarse to tell. */
  #writes = new Map<string, number>();
  #watchers: ((path: string) => void)[] = [];
  #ground: Ground<Place> = {
    root: { path: '/', kind: 'directory', stats: null },
    kind: ({ kind }) => kind,
    child: ({ path }, name) => this.#at(inside(path, name)),
    target: ({ path }) => this.#target(path),
    owner: (place) => this.#owner(place),
  };

  /** `root` must be an existing directory. */
  constructor(root: string) {
    this.#root = fs.realpathSync(root);
  }

  read(path: string, user: User): Uint8Array {
    return this.#translating(path, () => {
      const { node } = find(this.#ground, path, user);
      wantFile(node, path);
      this.#check(node, user, 4, path);
      return new Uint8Array(fs.readFileSync(this.#real(node.path)));
    });
  }

  open(path: string, user: User): OpenNode {
    return this.#translating(path, () => {
      const { node, path: place, links } = find(this.#ground, path, user);
      if (node.kind !== 'socket') this.#check(node, user, 4, path);
      const known = { info: this.#info(node), places: [place, ...links] };
      if (node.kind !== 'file') return { ...known, read: () => new Uint8Array(0), close: () => {} };
      const file = fs.openSync(this.#real(node.path), 'r');
      return {
        ...known,
        read: (offset: number, length: number): Uint8Array => {
          const bytes = new Uint8Array(Math.min(length, Math.max(0, fs.fstatSync(file).size - offset)));
          return bytes.subarray(0, fs.readSync(file, bytes, 0, bytes.length, offset));
        },
        close: () => fs.closeSync(file),
      };
    });
  }

  write(path: string, data: Uint8Array, user: User, options: { append?: boolean; mode?: number | null } = {}): void {
    this.#translating(path, () => {
      const found = lookUp(this.#ground, path, user, true);
      const { node } = found;
      if (node === null) this.#claim(found, user, options.mode ?? 0o644);
      else {
        wantFile(node, path);
        this.#check(node, user, 2, path);
      }
      fs.writeFileSync(this.#real(found.path), data, { flag: options.append ? 'a' : 'w' });
      this.#changed(found.path);
    });
  }

  stat(path: string, user: User): FileInfo {
    return this.#translating(path, () => this.#info(find(this.#ground, path, user).node));
  }

  lstat(path: string, user: User): FileInfo {
    return this.#translating(path, () => this.#info(find(this.#ground, path, user, path.endsWith('/')).node));
  }

  readLink(path: string, user: User): string {
    return this.#translating(path, () => {
      const { node } = find(this.#ground, path, user, false);
      if (node.kind !== 'link') throw new SystemError('EINVAL', resolvePath('/', path));
      return this.#target(node.path);
    });
  }

  symlink(target: string, path: string, user: User): void {
    this.#translating(path, () => {
      const found = this.#free(path, user);
      this.#claim(found, user, 0o777);
      fs.symlinkSync(target, this.#real(found.path));
      this.#changed(found.path);
    });
  }

  realPath(path: string, user: User): string {
    return this.#translating(path, () => lookUp(this.#ground, path, user, true).path);
  }

  list(path: string, user: User): string[] {
    return this.#translating(path, () => {
      const { node } = find(this.#ground, path, user);
      if (node.kind !== 'directory') throw new SystemError('ENOTDIR', resolvePath('/', path));
      this.#check(node, user, 4, path);
      return this.#names(node.path);
    });
  }

  makeDirectory(path: string, user: User, parents: boolean): void {
    if (parents) {
      const above = parentOf(path);
      if (above !== null) this.makeDirectory(above, user, true);
      if (this.#translating(path, () => isDirectory(this.#ground, path, user))) return;
    }
    this.#translating(path, () => {
      const found = this.#free(path, user);
      this.#claim(found, user, 0o755);
      fs.mkdirSync(this.#real(found.path));
      this.#changed(found.path);
    });
  }

  makeSocket(path: string, user: User, mode: number): SocketFile {
    return this.#translating(path, () => {
      const found = lookUp(this.#ground, path, user, false);
      if (found.node !== null) throw new SystemError('EADDRINUSE', resolvePath('/', path));
      this.#check(found.directory, user, 2, path);
      const node: SocketNode = { kind: 'socket', mode, uid: user.uid, gid: user.gid, modified: Date.now() };
      this.#sockets.set(found.path, node);
      return node;
    });
  }

  socketAt(path: string, user: User): SocketFile | null {
    return this.#translating(path, () => {
      const { node } = find(this.#ground, path, user);
      if (node.kind === 'socket') this.#check(node, user, 2, path);
      return this.#sockets.get(node.path) ?? null;
    });
  }

  remove(path: string, user: User): void {
    this.#translating(path, () => {
      const { directory, name, node } = find(this.#ground, path, user, false);
      if (name === '') throw new SystemError('EISDIR', resolvePath('/', path));
      this.#check(directory, user, 2, path);
      if (node.kind === 'directory') {
        if (this.#names(node.path).length > 0) throw new SystemError('ENOTEMPTY', resolvePath('/', path));
        fs.rmdirSync(this.#real(node.path));
      } else if (!this.#sockets.delete(node.path)) fs.unlinkSync(this.#real(node.path));
      this.#owned.delete(node.path);
      this.#changed(node.path);
    });
  }

  rename(from: string, to: string, user: User): void {
    this.#translating(from, () => {
      const source = find(this.#ground, from, user, false);
      const target = lookUp(this.#ground, to, user, false);
      const [there, wanted] = [resolvePath('/', from), resolvePath('/', to)];
      if (source.name === '' || target.name === '') throw new SystemError('EISDIR', source.name === '' ? there : wanted);
      this.#check(source.directory, user, 2, from);
      this.#check(target.directory, user, 2, to);
      if (source.path === target.path) return;
      if (target.path.startsWith(`${source.path}/`)) throw new SystemError('EINVAL', wanted);
      const movesDirectory = source.node.kind === 'directory';
      if (target.node !== null) {
        const replaced = target.node.kind;
        if (replaced === 'directory' && !movesDirectory) throw new SystemError('EISDIR', wanted);
        if (replaced !== 'directory' && movesDirectory) throw new SystemError('ENOTDIR', wanted);
        this.remove(target.path, ROOT);
      }
      if (!this.#sockets.has(source.path)) fs.renameSync(this.#real(source.path), this.#real(target.path));
      // Owners and sockets of everything below move along.
      for (const map of [this.#owned, this.#sockets] as Map<string, Owned>[]) {
        for (const [path, value] of [...map]) {
          if (path !== source.path && !path.startsWith(`${source.path}/`)) continue;
          map.delete(path);
          map.set(target.path + path.slice(source.path.length), value);
        }
      }
      this.#changed(source.path);
      this.#changed(target.path);
    });
  }

  chmod(path: string, mode: number, user: User): void {
    this.#translating(path, () => {
      const { node } = find(this.#ground, path, user);
      const { uid, gid } = this.#owner(node);
      if (user.uid !== 0 && user.uid !== uid) throw new SystemError('EPERM', resolvePath('/', path));
      this.#change(node.path, { mode, uid, gid });
    });
  }

  chown(path: string, uid: number, gid: number, user: User): void {
    this.#translating(path, () => {
      if (user.uid !== 0) throw new SystemError('EPERM', resolvePath('/', path));
      const { node } = find(this.#ground, path, user);
      this.#change(node.path, { mode: this.#owner(node).mode, uid, gid });
    });
  }

  /** Others may change the directory, too. */
  watch(changed: (path: string) => void): boolean {
    this.#watchers.push(changed);
    return false;
  }

  entry(path: string): Entry | null {
    const place = this.#at(path);
    if (place === null || place.kind === 'socket') return null;
    const { kind } = place;
    const bytes = (): Uint8Array => (kind === 'file' ? new Uint8Array(fs.readFileSync(this.#real(path))) : new Uint8Array());
    return { kind, ...this.#owner(place), stamp: this.#stamp(path, kind), bytes };
  }

  #stamp(path: string, kind: Entry['kind']): string {
    if (kind === 'link') return this.#target(path);
    if (kind === 'directory') return '';
    const { ino, size, mtimeNs } = fs.lstatSync(this.#real(path), { bigint: true });
    return `${this.#writes.get(path) ?? 0} ${ino} ${size} ${mtimeNs}`;
  }

  #changed(path: string): void {
    this.#writes.set(path, (this.#writes.get(path) ?? 0) + 1);
    for (const watcher of this.#watchers) watcher(path);
  }

  #change(path: string, owned: Owned): void {
    const socket = this.#sockets.get(path);
    if (socket !== undefined) Object.assign(socket, owned);
    else this.#owned.set(path, owned);
    this.#changed(path);
  }

  /** A place where nothing is. */
  #free(path: string, user: User): Found<Place> {
    const found = lookUp(this.#ground, path, user, false);
    if (found.node !== null) throw new SystemError('EEXIST', resolvePath('/', path));
    return found;
  }

  /** A new name is the user's, who must be allowed to write its directory. */
  #claim({ directory, path }: Found<Place>, user: User, mode: number): void {
    this.#check(directory, user, 2, path);
    this.#owned.set(path, { mode, uid: user.uid, gid: user.gid });
  }

  /** What a real path holds; null when that is nothing. */
  #at(path: string): Place | null {
    if (this.#sockets.has(path)) return { path, kind: 'socket', stats: null };
    const stats = fs.lstatSync(this.#real(path), { throwIfNoEntry: false });
    if (stats === undefined) return null;
    const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'link' : 'socket';
    // Devices, pipes and the machine's own sockets are not the sandbox's to touch.
    return { path, kind, stats };
  }

  /** Where a path without links lies on this machine. */
  #real(path: string): string {
    // Where the machine has another separator it is no part of a name.
    if (sep !== '/' && path.includes(sep)) throw new SystemError('ENOENT', path);
    return join(this.#root, path);
  }

  #names(path: string): string[] {
    const sockets = [...this.#sockets.keys()].filter((socket) => parentOf(socket) === path);
    return [...fs.readdirSync(this.#real(path)), ...sockets.map((socket) => socket.slice(socket.lastIndexOf('/') + 1))].sort();
  }

  /** What a link says. One that was made on the machine may name the directory itself. */
  #target(path: string): string {
    const target = fs.readlinkSync(this.#real(path));
    if (target === this.#root) return '/';
    return target.startsWith(this.#root + sep) ? target.slice(this.#root.length) : target;
  }

  #info(place: Place): FileInfo {
    const socket = this.#sockets.get(place.path);
    const { size, mtimeMs } = socket ? { size: 0, mtimeMs: socket.modified } : (place.stats ?? fs.statSync(this.#real(place.path)));
    const { kind } = place;
    return { kind, size: kind === 'file' || kind === 'link' ? size : 0, ...this.#owner(place), modified: mtimeMs };
  }

  #owner({ path, kind }: Place): Owned {
    const { mode, uid, gid } = this.#sockets.get(path) ?? this.#owned.get(path) ?? { mode: DEFAULT_MODES[kind], ...ROOT };
    return { mode, uid, gid };
  }

  #check(place: Place, user: User, want: number, told: string): void {
    if (!permits(this.#owner(place), user, want)) throw new SystemError('EACCES', resolvePath('/', told));
  }

  /** The machine's errors become the sandbox's. */
  #translating<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof SystemError || !(error instanceof Error) || !('code' in error)) throw error;
      const code = String(error.code);
      throw new SystemError(code in ERRNO ? (code as ErrorCode) : 'EACCES', resolvePath('/', path));
    }
  }
}

function wantFile({ kind }: Place, path: string): void {
  if (kind === 'directory') throw new SystemError('EISDIR', resolvePath('/', path));
  if (kind !== 'file') throw new SystemError('EINVAL', resolvePath('/', path));
}
