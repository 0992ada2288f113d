/**
 * A file tree whose bytes are the real files of a directory on this machine: an edit there is seen at once, what a program
 * writes goes there. Owners and permission bits are the sandbox's own and last as long as it: a file that others made is
 * root's with 0644 (directories 0755). Socket files exist in the sandbox only. Nothing outside the directory is reachable: links
 * are followed name by name in the tree, never by the machine. One that leads to an absolute path leads there in the tree.
 */
import fs from 'node:fs';
import { ERRNO, type ErrorCode, type FileInfo, SystemError } from '../host.ts';
import { type Found, find, isDirectory, lookUp } from '../lookup.ts';
import { type Entry, type OpenNode, parentOf, permits, ROOT, resolvePath, type SocketFile, type Tree, type User } from '../tree.ts';
import { DiskPlaces, type Owned, type Place, type SocketNode } from './disk-places.ts';

export class DiskTree implements Tree {
  #places: DiskPlaces;
  #watchers: ((path: string) => void)[] = [];

  /** `root` must be an existing directory. */
  constructor(root: string) {
    this.#places = new DiskPlaces(root);
  }

  read(path: string, user: User): Uint8Array {
    return this.#translating(path, () => {
      const { node } = find(this.#places, path, user);
      wantFile(node, path);
      this.#check(node, user, 4, path);
      return new Uint8Array(fs.readFileSync(this.#places.real(node.path)));
    });
  }

  open(path: string, user: User): OpenNode {
    return this.#translating(path, () => {
      const { node, path: place, links } = find(this.#places, path, user);
      if (node.kind !== 'socket') this.#check(node, user, 4, path);
      const known = { info: this.#info(node), places: [place, ...links] };
      if (node.kind !== 'file') return { ...known, read: () => new Uint8Array(0), close: () => {} };
      const file = fs.openSync(this.#places.real(node.path), 'r');
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
      const found = lookUp(this.#places, path, user, true);
      const { node } = found;
      if (node === null) this.#claim(found, user, options.mode ?? 0o644);
      else {
        wantFile(node, path);
        this.#check(node, user, 2, path);
      }
      fs.writeFileSync(this.#places.real(found.path), data, { flag: options.append ? 'a' : 'w' });
      this.#changed(found.path);
    });
  }

  stat(path: string, user: User): FileInfo {
    return this.#translating(path, () => this.#info(find(this.#places, path, user).node));
  }

  lstat(path: string, user: User): FileInfo {
    return this.#translating(path, () => this.#info(find(this.#places, path, user, path.endsWith('/')).node));
  }

  readLink(path: string, user: User): string {
    return this.#translating(path, () => {
      const { node } = find(this.#places, path, user, false);
      if (node.kind !== 'link') throw new SystemError('EINVAL', resolvePath('/', path));
      return this.#places.target(node);
    });
  }

  symlink(target: string, path: string, user: User): void {
    this.#translating(path, () => {
      const found = this.#free(path, user);
      this.#claim(found, user, 0o777);
      fs.symlinkSync(target, this.#places.real(found.path));
      this.#changed(found.path);
    });
  }

  realPath(path: string, user: User): string {
    return this.#translating(path, () => lookUp(this.#places, path, user, true).path);
  }

  list(path: string, user: User): string[] {
    return this.#translating(path, () => {
      const { node } = find(this.#places, path, user);
      if (node.kind !== 'directory') throw new SystemError('ENOTDIR', resolvePath('/', path));
      this.#check(node, user, 4, path);
      return this.#places.names(node.path);
    });
  }

  makeDirectory(path: string, user: User, parents: boolean): void {
    if (parents) {
      const above = parentOf(path);
      if (above !== null) this.makeDirectory(above, user, true);
      if (this.#translating(path, () => isDirectory(this.#places, path, user))) return;
    }
    this.#translating(path, () => {
      const found = this.#free(path, user);
      this.#claim(found, user, 0o755);
      fs.mkdirSync(this.#places.real(found.path));
      this.#changed(found.path);
    });
  }

  makeSocket(path: string, user: User, mode: number): SocketFile {
    return this.#translating(path, () => {
      const found = lookUp(this.#places, path, user, false);
      if (found.node !== null) throw new SystemError('EADDRINUSE', resolvePath('/', path));
      this.#check(found.directory, user, 2, path);
      const node: SocketNode = { kind: 'socket', mode, uid: user.uid, gid: user.gid, modified: Date.now() };
      this.#places.sockets.set(found.path, node);
      return node;
    });
  }

  socketAt(path: string, user: User): SocketFile | null {
    return this.#translating(path, () => {
      const { node } = find(this.#places, path, user);
      if (node.kind === 'socket') this.#check(node, user, 2, path);
      return this.#places.sockets.get(node.path) ?? null;
    });
  }

  remove(path: string, user: User): void {
    this.#translating(path, () => {
      const { directory, name, node } = find(this.#places, path, user, false);
      if (name === '') throw new SystemError('EISDIR', resolvePath('/', path));
      this.#check(directory, user, 2, path);
      if (node.kind === 'directory') {
        if (this.#places.names(node.path).length > 0) throw new SystemError('ENOTEMPTY', resolvePath('/', path));
        fs.rmdirSync(this.#places.real(node.path));
      } else if (!this.#places.sockets.delete(node.path)) fs.unlinkSync(this.#places.real(node.path));
      this.#places.disown(node.path);
      this.#changed(node.path);
    });
  }

  rename(from: string, to: string, user: User): void {
    this.#translating(from, () => {
      const source = find(this.#places, from, user, false);
      const target = lookUp(this.#places, to, user, false);
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
      if (!this.#places.sockets.has(source.path)) fs.renameSync(this.#places.real(source.path), this.#places.real(target.path));
      this.#places.move(source.path, target.path);
      this.#changed(source.path);
      this.#changed(target.path);
    });
  }

  chmod(path: string, mode: number, user: User): void {
    this.#translating(path, () => {
      const { node } = find(this.#places, path, user);
      const { uid, gid } = this.#places.owner(node);
      if (user.uid !== 0 && user.uid !== uid) throw new SystemError('EPERM', resolvePath('/', path));
      this.#change(node.path, { mode, uid, gid });
    });
  }

  chown(path: string, uid: number, gid: number, user: User): void {
    this.#translating(path, () => {
      if (user.uid !== 0) throw new SystemError('EPERM', resolvePath('/', path));
      const { node } = find(this.#places, path, user);
      this.#change(node.path, { mode: this.#places.owner(node).mode, uid, gid });
    });
  }

  /** Others may change the directory, too. */
  watch(changed: (path: string) => void): boolean {
    this.#watchers.push(changed);
    return false;
  }

  entry(path: string): Entry | null {
    const place = this.#places.at(path);
    if (place === null || place.kind === 'socket') return null;
    const { kind } = place;
    const bytes = (): Uint8Array => (kind === 'file' ? new Uint8Array(fs.readFileSync(this.#places.real(path))) : new Uint8Array());
    return { kind, ...this.#places.owner(place), stamp: this.#places.stamp(place), bytes };
  }

  #changed(path: string): void {
    this.#places.written(path);
    for (const watcher of this.#watchers) watcher(path);
  }

  #change(path: string, owned: Owned): void {
    this.#places.own(path, owned);
    this.#changed(path);
  }

  /** A place where nothing is. */
  #free(path: string, user: User): Found<Place> {
    const found = lookUp(this.#places, path, user, false);
    if (found.node !== null) throw new SystemError('EEXIST', resolvePath('/', path));
    return found;
  }

  /** A new name is the user's, who must be allowed to write its directory. */
  #claim({ directory, path }: Found<Place>, user: User, mode: number): void {
    this.#check(directory, user, 2, path);
    this.#places.own(path, { mode, uid: user.uid, gid: user.gid });
  }

  #info(place: Place): FileInfo {
    const socket = this.#places.sockets.get(place.path);
    const { size, mtimeMs } = socket ? { size: 0, mtimeMs: socket.modified } : (place.stats ?? fs.statSync(this.#places.real(place.path)));
    const { kind } = place;
    return { kind, size: kind === 'file' || kind === 'link' ? size : 0, ...this.#places.owner(place), modified: mtimeMs };
  }

  #check(place: Place, user: User, want: number, told: string): void {
    if (!permits(this.#places.owner(place), user, want)) throw new SystemError('EACCES', resolvePath('/', told));
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
