/** Hears of every change in Python's file system in memory: all of them go through a few functions of it. */
import type { EmscriptenFiles, EmscriptenNode } from './boot.ts';

/** Paths are real ones: no link is in them. */
export interface FileEvents {
  /** Are they wanted now? While thousands of files are laid they are not. */
  listening(): boolean;
  /** Written, or gone. */
  changed(path: string): void;
  /** A name that was not there, or stood for something else. */
  made(path: string): void;
  mode(path: string): void;
  /** -1: as it was. */
  owner(path: string, uid: number, gid: number): void;
}

type Attributes = { readonly mode?: number };

export function watchFiles(files: EmscriptenFiles, events: FileEvents): void {
  const { dir, file } = files.filesystems.MEMFS.ops_table;
  const after = <A extends unknown[]>(table: Table, name: string, then: (...args: A) => void): void =>
    wrap(table, name, (real, args: A) => {
      const result = real();
      if (events.listening()) then(...args);
      return result;
    });
  const before = <A extends unknown[]>(table: Table, name: string, first: (...args: A) => void): void =>
    wrap(table, name, (real, args: A) => {
      if (events.listening()) first(...args);
      return real();
    });
  const inside = (node: EmscriptenNode, name: string): string => `${files.getPath(node)}/${name}`;
  const gone = (parent: EmscriptenNode, name: string): void => events.changed(inside(parent, name));
  const made = (parent: EmscriptenNode, name: string): void => events.made(inside(parent, name));
  const allMade = (path: string, node: EmscriptenNode): void => {
    events.made(path);
    if (files.isDir(node.mode)) for (const [name, child] of Object.entries(node.contents)) allMade(`${path}/${name}`, child);
  };
  /** A file that is being made: Emscripten sets its permissions again at once, unlike somebody who means it. */
  let fresh: string | null = null;
  after(dir.node, 'mknod', (parent: EmscriptenNode, name: string, mode: number) => {
    made(parent, name);
    fresh = files.isFile(mode) ? inside(parent, name) : null;
  });
  after(dir.node, 'symlink', made);
  after(dir.node, 'unlink', gone);
  after(dir.node, 'rmdir', gone);
  // A directory takes what is in it along: all of that is gone from the one place, and new in the other.
  before(dir.node, 'rename', (node: EmscriptenNode, parent: EmscriptenNode, name: string) => {
    allMade(files.getPath(node), node);
    allMade(inside(parent, name), node);
  });
  after(file.node, 'setattr', (node: EmscriptenNode, { mode }: Attributes) => {
    const path = files.getPath(node);
    if (mode === undefined) events.changed(path);
    else if (path !== fresh) events.mode(path);
    fresh = null;
  });
  after(dir.node, 'setattr', (node: EmscriptenNode, { mode }: Attributes) => {
    if (mode !== undefined) events.mode(files.getPath(node));
  });
  after(file.stream, 'write', (stream: { node: EmscriptenNode }) => events.changed(files.getPath(stream.node)));
  const owned = (node: EmscriptenNode, uid: number, gid: number): void => {
    // A link has no owner that matters.
    if (!files.isLink(node.mode)) events.owner(files.getPath(node), uid, gid);
  };
  const functions = files as unknown as Table;
  after(functions, 'chown', (path: string, uid: number, gid: number, itself = false) =>
    owned(files.lookupPath(path, { follow: !itself }).node, uid, gid),
  );
  after(functions, 'fchown', (fd: number, uid: number, gid: number) => owned(files.getStreamChecked(fd).node, uid, gid));
}

type Table = Record<string, (...args: never[]) => unknown>;

function wrap<A extends unknown[]>(table: Table, name: string, around: (real: () => unknown, args: A) => unknown): void {
  const real = table[name] as ((...args: A) => unknown) | undefined;
  if (!real) throw new Error(`Emscripten's file system has no ${name}`);
  table[name] = ((...args: A) => around(() => real.apply(table, args), args)) as (...args: never[]) => unknown;
}
