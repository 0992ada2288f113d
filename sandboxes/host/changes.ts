/**
 * What the file tree differs in from what was laid at the start: the learner's whole work, whoever wrote it. Nothing is compared
 * byte by byte that has not been written since, so asking again and again costs little, however many files there are.
 */
import { type Entry, ROOT, type Tree } from './tree.ts';
import { isVolatile } from './volatile.ts';

export type Changed =
  | { readonly kind: 'file'; readonly data: Uint8Array; readonly mode: number; readonly uid: number; readonly gid: number }
  | { readonly kind: 'folder'; readonly mode: number; readonly uid: number; readonly gid: number }
  /** A symbolic link. */
  | { readonly kind: 'link'; readonly target: string };

/** By absolute path. Null: it was there at the start and is no more. */
export type Changes = Readonly<Record<string, Changed | null>>;

/** What has become of a path since the last time; `laid`: it is again as it was at the start. */
export type News = readonly (readonly [path: string, now: Changed | null | 'laid'])[];

/** All that lies in the tree and is not volatile, a folder before what is in it. */
function* entriesOf(tree: Tree, folder = ''): Generator<[string, Entry]> {
  for (const name of tree.list(folder || '/', ROOT)) {
    const path = `${folder}/${name}`;
    const entry = isVolatile(path) ? null : tree.entry(path);
    if (entry === null) continue;
    yield [path, entry];
    if (entry.kind === 'directory') yield* entriesOf(tree, path);
  }
}

/** As it is now, also when it is asked later. */
function held(entry: Entry): Entry {
  const data = entry.kind === 'file' ? entry.bytes() : null;
  return { ...entry, bytes: () => data ?? new Uint8Array() };
}

function sameNode(a: Entry, b: Entry): boolean {
  // Of a link nothing else is kept than where it leads.
  if (a.kind === 'link' || b.kind === 'link') return a.kind === b.kind;
  return a.kind === b.kind && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function changedFrom({ kind, mode, uid, gid, stamp, bytes }: Entry): Changed {
  if (kind === 'link') return { kind, target: String(stamp) };
  return kind === 'file' ? { kind, data: bytes().slice(), mode, uid, gid } : { kind: 'folder', mode, uid, gid };
}

export class Baseline {
  #tree: Tree;
  #laid = new Map<string, Entry>();
  /** What differed when `news` was asked last. */
  #told = new Map<string, Entry | null>();

  /** The start is the tree as it is now. */
  constructor(tree: Tree) {
    this.#tree = tree;
    for (const [path, entry] of entriesOf(tree)) this.#laid.set(path, held(entry));
  }

  /** What lies at these paths now belongs to the start. */
  lay(paths: Iterable<string>): void {
    for (const path of paths) {
      const entry = isVolatile(path) ? null : this.#tree.entry(path);
      if (entry === null) this.#laid.delete(path);
      else this.#laid.set(path, held(entry));
    }
  }

  /** What differs otherwise than it did at the last call; at the first, all that differs. */
  news(): News {
    const differing = this.#differing();
    const news: [string, Changed | null | 'laid'][] = [];
    for (const [path, now] of differing) {
      const before = this.#told.get(path);
      if (now === null ? before !== null : !before || !sameNode(before, now) || before.stamp !== now.stamp) {
        news.push([path, now && changedFrom(now)]);
      }
    }
    for (const path of this.#told.keys()) if (!differing.has(path)) news.push([path, 'laid']);
    this.#told = differing;
    return news;
  }

  /** What would bring the tree back to its start. */
  undoing(): Changes {
    const back = [...this.#differing().keys()].map((path): [string, Changed | null] => {
      const laid = this.#laid.get(path);
      return [path, laid === undefined ? null : changedFrom(laid)];
    });
    return Object.fromEntries(back);
  }

  #differing(): Map<string, Entry | null> {
    const found = new Map<string, Entry | null>();
    const there = new Set<string>();
    for (const [path, now] of entriesOf(this.#tree)) {
      there.add(path);
      const laid = this.#laid.get(path);
      if (laid === undefined || !sameNode(laid, now) || !this.#sameContent(path, laid, now)) found.set(path, now);
    }
    for (const path of this.#laid.keys()) if (!there.has(path)) found.set(path, null);
    return found;
  }

  #sameContent(path: string, laid: Entry, now: Entry): boolean {
    if (laid.stamp === now.stamp) return true;
    if (now.kind === 'link' || !sameBytes(laid.bytes(), now.bytes())) return false;
    // Written, but with what was there: it need not be compared again.
    this.#laid.set(path, { ...laid, stamp: now.stamp });
    return true;
  }
}
