/** What is kept of a lesson over visits, and what of it is believed: the browser's storage may hold what another version, or another hand, put there. */
import { isObject } from '../../is-object.ts';
import type { Changed, Changes } from '../../runtime/changes.ts';
import { isPlainPath } from '../share/paths.ts';

export const VERSION = 1;

export interface Before {
  readonly changes: Changes;
  /** What was done then, and what it is called when that is undone. */
  readonly what: string;
  readonly back: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface KeptRecord {
  readonly version: typeof VERSION;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly changes: Changes;
  /** What the whole work was before it was last replaced. */
  readonly before: Before | null;
  /** Files that were opened beside those of the lesson. */
  readonly open: readonly string[];
  /** Undo histories of the editor by path, in CodeMirror's own form. */
  readonly histories: Readonly<Record<string, unknown>>;
}

/** The record, or why there is none: `newer` was kept by a later version of this site and must stay as it is. */
export function parseRecord(value: unknown): KeptRecord | 'newer' | null {
  if (!isObject(value)) return null;
  const { version, savedAt, changes, before, open, histories } = value;
  if (typeof version === 'number' && version > VERSION) return 'newer';
  if (version !== VERSION || typeof savedAt !== 'number' || !Number.isFinite(savedAt) || !isObject(changes)) return null;
  return {
    version,
    savedAt,
    changes: changesOf(changes),
    before: beforeOf(before),
    open: Array.isArray(open) ? open.filter((path): path is string => typeof path === 'string' && isPlainPath(path)) : [],
    histories: isObject(histories) ? histories : {},
  };
}

function changesOf(value: Readonly<Record<string, unknown>>): Changes {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, Changed | null] => isPlainPath(entry[0]) && isChanged(entry[1])),
  );
}

function beforeOf(value: unknown): Before | null {
  if (!isObject(value)) return null;
  const { changes, what, back, at } = value;
  if (!isObject(changes) || typeof what !== 'string' || typeof back !== 'string' || typeof at !== 'number') return null;
  return { changes: changesOf(changes), what, back, at };
}

function isChanged(value: unknown): value is Changed | null {
  if (value === null) return true;
  if (!isObject(value)) return false;
  if (value['kind'] === 'link') return typeof value['target'] === 'string' && value['target'] !== '';
  const owned = isWhole(value['mode'], 0o7777) && isWhole(value['uid'], 65_535) && isWhole(value['gid'], 65_535);
  return owned && (value['kind'] === 'folder' || (value['kind'] === 'file' && value['data'] instanceof Uint8Array));
}

const isWhole = (value: unknown, most: number): boolean => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
