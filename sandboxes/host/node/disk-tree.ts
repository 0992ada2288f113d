/**
 * A file tree whose bytes are the real files of a directory on this machine: an edit there is seen at once, what a program
 * writes goes there. Owners and permission bits are the sandbox's own and last as long as it: a file that others made is
 * root's with 0644 (directories 0755). Socket files exist in the sandbox only. Nothing outside the directory is reachable.
 */
import fs from 'node:fs';
import { join, sep } from 'node:path';
import { ERRNO, type ErrorCode, type FileInfo, SystemError } from '../host.ts';
import { type Entry, type OpenNode, permits, ROOT, type SocketFile, type Tree, type User } from '../tree.ts';

interface Owned {
  mode: number;
  uid: number;
  gid: number;
}
interface SocketNode extends Owned, SocketFile {
  readonly modified: number;
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export class DiskTree implements Tree {
  #root: string;
  #owned = new Map<string, Owned>();
  #sockets = new Map<string, SocketNode>();
  /** How often each file was written from here: the machine's clock may be too coarse to tell. */
  #writes = new Map<string, number>();
  #watchers: ((path: string) => void)[] = [];

  /** `root` must be an existing directory. */
  constructor(root: string) {
    this.#root = fs.realpathSync(root);
  }

  read(path: string, user: User): Uint8Array {
    return this.#translating(path, () => {
      const real = this.#follow(this.#walk(path, user), path);
      this.#wantFile(path, this.#kind(path, real));
      this.#check(path, user, 4);
      return new Uint8Array(fs.readFileSync(real));
    });
  }

  open(path: string, user: User): OpenNode {
    return this.#translating(path, () => {
      const info = this.stat(path, user);
      if (info.kind !== 'socket') this.#check(path, user, 4, info.kind);
      if (info.kind !== 'file') return { info, read: () => new Uint8Array(0), close: () => {} };
      const file = fs.openSync(this.#follow(this.#walk(path, user), path), 'r');
      return {
        info,
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
      const real = this.#follow(this.#walk(path, user), path);
      if (this.#exists(path, real)) {
        this.#wantFile(path, this.#kind(path, real));
        this.#check(path, user, 2);
      } else this.#claim(path, user, options.mode ?? 0o644);
      fs.writeFileSync(real, data, { flag: options.append ? 'a' : 'w' });
      this.#changed(path);
    });
  }

  stat(path: string, user: User): FileInfo {
    return this.#translating(path, () => {
      const real = this.#follow(this.#walk(path, user), path);
      const socket = this.#sockets.get(path);
      const kind = this.#kind(path, real);
      const { size, mtimeMs } = socket ? { size: 0, mtimeMs: socket.modified } : fs.statSync(real);
      return { kind, size: kind === 'file' ? size : 0, ...this.#owner(path, kind), modified: mtimeMs };
    });
  }

  list(path: string, user: User): string[] {
    return this.#translating(path, () => {
      const real = this.#follow(this.#walk(path, user), path);
      if (this.#kind(path, real) !== 'directory') throw new SystemError('ENOTDIR', path);
      this.#check(path, user, 4, 'directory');
      const sockets = [...this.#sockets.keys()].filter((socket) => parentOf(socket) === path).map(nameOf);
      return [...fs.readdirSync(real), ...sockets].sort();
    });
  }

  makeDirectory(path: string, user: User, parents: boolean): void {
    if (parents && path !== '/') this.makeDirectory(parentOf(path), user, true);
    this.#translating(path, () => {
      const real = this.#follow(this.#walk(path, user), path);
      if (this.#exists(path, real)) {
        if (parents && this.#kind(path, real) === 'directory') return;
        throw new SystemError('EEXIST', path);
      }
      this.#claim(path, user, 0o755);
      fs.mkdirSync(real);
      this.#changed(path);
    });
  }

  makeSocket(path: string, user: User, mode: number): SocketFile {
    return this.#translating(path, () => {
      if (this.#exists(path, this.#walk(path, user))) throw new SystemError('EADDRINUSE', path);
      this.#check(parentOf(path), user, 2, 'directory', path);
      const node: SocketNode = { kind: 'socket', mode, uid: user.uid, gid: user.gid, modified: Date.now() };
      this.#sockets.set(path, node);
      return node;
    });
  }

  socketAt(path: string, user: User): SocketFile | null {
    const { kind } = this.stat(path, user);
    if (kind === 'socket') this.#check(path, user, 2);
    return this.#sockets.get(path) ?? null;
  }

  remove(path: string, user: User): void {
    this.#translating(path, () => {
      const place = this.#walk(path, user);
      if (path === '/') throw new SystemError('EISDIR', path);
      // A symbolic link goes itself, not what it leads to.
      const isDirectory = !this.#sockets.has(path) && fs.lstatSync(place).isDirectory();
      this.#check(parentOf(path), user, 2, 'directory', path);
      if (isDirectory && this.list(path, ROOT).length > 0) throw new SystemError('ENOTEMPTY', path);
      if (isDirectory) fs.rmdirSync(place);
      else if (!this.#sockets.delete(path)) fs.unlinkSync(place);
      this.#owned.delete(path);
      this.#changed(path);
    });
  }

  rename(from: string, to: string, user: User): void {
    this.#translating(from, () => {
      const [source, target] = [this.#walk(from, user), this.#walk(to, user)];
      if (from === '/' || to === '/') throw new SystemError('EISDIR', from);
      const isSocket = this.#sockets.has(from);
      const isDirectory = !isSocket && fs.lstatSync(source).isDirectory();
      this.#check(parentOf(from), user, 2, 'directory', from);
      this.#check(parentOf(to), user, 2, 'directory', to);
      if (from === to) return;
      if (to.startsWith(`${from}/`)) throw new SystemError('EINVAL', to);
      if (this.#exists(to, target)) {
        const replaced = this.#kind(to, target);
        if (replaced === 'directory' && !isDirectory) throw new SystemError('EISDIR', to);
        if (replaced !== 'directory' && isDirectory) throw new SystemError('ENOTDIR', to);
        this.remove(to, ROOT);
      }
      if (!isSocket) fs.renameSync(source, target);
      // Owners and sockets of everything below move along.
      for (const map of [this.#owned, this.#sockets] as Map<string, Owned>[]) {
        for (const [path, value] of [...map]) {
          if (path !== from && !path.startsWith(`${from}/`)) continue;
          map.delete(path);
          map.set(to + path.slice(from.length), value);
        }
      }
      this.#changed(from);
      this.#changed(to);
    });
  }

  chmod(path: string, mode: number, user: User): void {
    const info = this.stat(path, user);
    if (user.uid !== 0 && user.uid !== info.uid) throw new SystemError('EPERM', path);
    this.#change(path, { mode, uid: info.uid, gid: info.gid });
  }

  chown(path: string, uid: number, gid: number, user: User): void {
    if (user.uid !== 0) throw new SystemError('EPERM', path);
    this.#change(path, { mode: this.stat(path, user).mode, uid, gid });
  }

  /** Others may change the directory, too. */
  watch(changed: (path: string) => void): boolean {
    this.#watchers.push(changed);
    return false;
  }

  entry(path: string): Entry | null {
    if (this.#sockets.has(path)) return null;
    const place = join(this.#root, path);
    const found = fs.lstatSync(place, { throwIfNoEntry: false, bigint: true });
    if (found === undefined || !(found.isFile() || found.isDirectory())) return null;
    const kind = found.isFile() ? 'file' : 'directory';
    const stamp = kind === 'file' ? `${this.#writes.get(path) ?? 0} ${found.ino} ${found.size} ${found.mtimeNs}` : '';
    return { kind, ...this.#owner(path, kind), stamp, bytes: () => new Uint8Array(fs.readFileSync(place)) };
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

  /** A new name is the user's, who must be allowed to write its directory. */
  #claim(path: string, user: User, mode: number): void {
    this.#check(parentOf(path), user, 2, 'directory', path);
    this.#owned.set(path, { mode, uid: user.uid, gid: user.gid });
  }

  /** The place of a name on this machine. Every directory on the way must exist and let the user through. */
  #walk(path: string, user: User): string {
    if (path === '/') return this.#root;
    let place = this.#root;
    let above = '/';
    for (const name of parentOf(path).split('/')) {
      if (name !== '') {
        above = above === '/' ? `/${name}` : `${above}/${name}`;
        place = this.#follow(this.#below(place, name), path);
        if (this.#kind(above, place) !== 'directory') throw new SystemError('ENOTDIR', path);
      }
      this.#check(above, user, 1, 'directory', path);
    }
    return this.#below(place, nameOf(path));
  }

  #below(place: string, name: string): string {
    // Where the machine has another separator it is no part of a name.
    if (sep !== '/' && name.includes(sep)) throw new SystemError('ENOENT', name);
    return join(place, name);
  }

  /** Where a symbolic link leads. EACCES when that is outside, or does not exist: it could be made outside. */
  #follow(place: string, path: string): string {
    if (!fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink()) return place;
    if (!fs.existsSync(place)) throw new SystemError('EACCES', path);
    const real = fs.realpathSync(place);
    if (real !== this.#root && !real.startsWith(this.#root + sep)) throw new SystemError('EACCES', path);
    return real;
  }

  #exists(path: string, real: string): boolean {
    return this.#sockets.has(path) || fs.lstatSync(real, { throwIfNoEntry: false }) !== undefined;
  }

  #kind(path: string, real: string): FileInfo['kind'] {
    if (this.#sockets.has(path)) return 'socket';
    const found = fs.statSync(real);
    // Devices, pipes and the machine's own sockets are not the sandbox's to touch.
    return found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'socket';
  }

  #wantFile(path: string, kind: FileInfo['kind']): void {
    if (kind === 'directory') throw new SystemError('EISDIR', path);
    if (kind === 'socket') throw new SystemError('EINVAL', path);
  }

  #owner(path: string, kind: FileInfo['kind']): Owned {
    const { mode, uid, gid } = this.#sockets.get(path) ?? this.#owned.get(path) ?? { mode: kind === 'directory' ? 0o755 : 0o644, ...ROOT };
    return { mode, uid, gid };
  }

  #check(path: string, user: User, want: number, kind: FileInfo['kind'] = 'file', told = path): void {
    if (!permits(this.#owner(path, kind), user, want)) throw new SystemError('EACCES', told);
  }

  /** The machine's errors become the sandbox's. */
  #translating<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof SystemError || !(error instanceof Error) || !('code' in error)) throw error;
      const code = String(error.code);
      throw new SystemError(code in ERRNO ? (code as ErrorCode) : 'EACCES', path);
    }
  }
}
