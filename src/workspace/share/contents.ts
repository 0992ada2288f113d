/** What a link carries, as a list that somebody can read before they open it. */
import type { Changed, Changes } from '../../runtime/changes.ts';
import type { Files } from '../../runtime/runtime.ts';
import { textOf } from '../editor/file-text.ts';

export interface Item {
  readonly path: string;
  /** Compared with the lesson as it begins. */
  readonly what: 'new' | 'changed' | 'removed' | 'the same';
  /** A few words on what it is: its size, or where a link leads. */
  readonly note: string;
  /** What stands in it; null for what has no text. */
  readonly text: string | null;
}

export function contentsOf(changes: Changes, start: Files): readonly Item[] {
  return Object.entries(changes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, one]) => itemOf(path, one, start[path] ?? start[`${path}/`]));
}

function itemOf(path: string, one: Changed | null, before: string | Uint8Array | undefined): Item {
  if (one === null) return { path, what: 'removed', note: '', text: null };
  const what = before === undefined ? 'new' : 'changed';
  if (one.kind === 'link') return { path, what, note: `link to ${one.target}`, text: null };
  if (one.kind === 'folder') return { path, what, note: 'folder', text: null };
  const found = textOf(one.data);
  const text = typeof found === 'string' ? found : null;
  const same = text !== null && text === before && one.mode === 0o644;
  return { path, what: same ? 'the same' : what, note: `${sizeOf(one.data.length)}${text === null ? ', no text' : ''}`, text };
}

/** `640 bytes`, `2.1 kB`. */
export function sizeOf(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`;
}

/** `3 files changed, 1 new, 1 removed`: in a few words, what work there is. */
export function summaryOf(changes: Changes, start: Files): string {
  const items = contentsOf(changes, start);
  const count = (what: Item['what']) => items.filter((item) => item.what === what).length;
  const parts = (['changed', 'new', 'removed'] as const).flatMap((what) => (count(what) ? [`${count(what)} ${what}`] : []));
  return parts.join(', ') || 'nothing changed';
}
