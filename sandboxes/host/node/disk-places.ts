/** The names of a real directory as a tree of the sandbox sees them: what is where, whose it is, and which are sockets. */
import fs from 'node:fs';
import { join, sep } from 'node:path';
import { type FileInfo, SystemError } from '../host.ts';
import type { Ground } from '../lookup.ts';
import { parentOf, ROOT, type SocketFile } from '../tree.ts';

export interface Owned {
  mode: number;
  uid: number;
  gid: number;
}
export interface SocketNode extends Owned, SocketFile {
  readonly modified: number;
}

/** What is in a place: its path in the tree, which holds no link, and what the machine says of it; null for a socket. */
export interface Place {
  readonly path: string;
  readonly kind: FileInfo['kind'];
  readonly stats: fs.Stats | null;
}

const inside = (directory: string, name: string): string => (directory === '/' ? `/${name}` : `${directory}/${name}`);
const DEFAULT_MODES = { file: 0o644, directory: 0o755, link: 0o777, socket: 0o755 };

export class DiskPlaces implements Ground<Place> {
  readonly root: Place = { path: '/', kind: 'directory', stats: null };
  readonly sockets = new Map<string, SocketNode>();
  #folder: string;
  #owned = new Map<string, Owned>();
  /** How often each file was written from here: the machine's clock may be too coarse to tell. */
  #writes = new Map<string, number>();

  /** `folder` must be an existing directory. */
  constructor(folder: string) {
    this.#folder = fs.realpathSync(folder);
  }

  kind({ kind }: Place): Place['kind'] {
    return kind;
  }

  child({ path }: Place, name: string): Place | null {
    return this.at(inside(path, name));
  }

  /** What a real path holds; null when that is nothing. */
  at(path: string): Place | null {
    if (this.sockets.has(path)) return { path, kind: 'socket', stats: null };
    const stats = fs.lstatSync(this.real(path), { throwIfNoEntry: false });
    if (stats === undefined) return null;
    const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'link' : 'socket';
    // Devices, pipes and the machine's own sockets are not the sandbox's to touch.
    return { path, kind, stats };
  }

  /** Where a path without links lies on this machine. */
  real(path: string): string {
    // Where the machine has another separator it is no part of a name.
    if (sep !== '/' && path.includes(sep)) throw new SystemError('ENOENT', path);
    return join(this.#folder, path);
  }

  names(path: string): string[] {
    const sockets = [...this.sockets.keys()].filter((socket) => parentOf(socket) === path);
    return [...fs.readdirSync(this.real(path)), ...sockets.map((socket) => socket.slice(socket.lastIndexOf('/') + 1))].sort();
  }

  /** What a link says. One that was made on the machine may name the directory itself. */
  target({ path }: Place): string {
    const target = fs.readlinkSync(this.real(path));
    if (target === this.#folder) return '/';
    return target.startsWith(this.#folder + sep) ? target.slice(this.#folder.length) : target;
  }

  owner({ path, kind }: Place): Owned {
    const { mode, uid, gid } = this.sockets.get(path) ?? this.#owned.get(path) ?? { mode: DEFAULT_MODES[kind], ...ROOT };
    return { mode, uid, gid };
  }

  own(path: string, owned: Owned): void {
    const socket = this.sockets.get(path);
    if (socket !== undefined) Object.assign(socket, owned);
    else this.#owned.set(path, owned);
  }

  disown(path: string): void {
    this.#owned.delete(path);
  }

  /** Owners and sockets of everything below move along. */
  move(from: string, to: string): void {
    for (const map of [this.#owned, this.sockets] as Map<string, Owned>[]) {
      for (const [path, value] of [...map]) {
        if (path !== from && !path.startsWith(`${from}/`)) continue;
        map.delete(path);
        map.set(to + path.slice(from.length), value);
      }
    }
  }

  written(path: string): void {
    this.#writes.set(path, (this.#writes.get(path) ?? 0) + 1);
  }

  /** See `Entry`. */
  stamp(place: Place): string {
    const { path, kind } = place;
    if (kind === 'link') return this.target(place);
    if (kind === 'directory') return '';
    const { ino, size, mtimeNs } = fs.lstatSync(this.real(path), { bigint: true });
    return `${this.#writes.get(path) ?? 0} ${ino} ${size} ${mtimeNs}`;
  }
}
