/**
 * A learner's work as the hash of a link: JSON, deflated, in base64url, behind the version of this form. Whoever gets such a link may
 * have got it from anybody: what it holds is taken only as far as it has the right form and size, and nothing of it runs by itself.
 */
import { deflateSync, Inflate } from 'fflate';
import { isObject } from '../../is-object.ts';
import type { Changed, Changes } from '../../runtime/changes.ts';
import { textOf } from '../editor/file-text.ts';
import { HASH, hasWork } from './hash.ts';
import { faultOfPath, faultOfTarget } from './paths.ts';

/** Work of one lesson, and where its learner was. */
export interface SharedWork {
  readonly lesson: string;
  readonly changes: Changes;
  /** The tab that was open, by its id; null when it does not matter. */
  readonly tab: string | null;
  /** The number of the step that was read; null when it does not matter. */
  readonly step: number | null;
}

const VERSION = 1;
/** Browsers take much more, but mail and chat programs break long links. In characters of the hash. */
export const LONGEST = 32_000;
/** What a link may hold when unpacked, in bytes: more is no learner's work but an attack on the page's memory. */
const MOST_BYTES = 1_000_000;
const MOST_FILES = 500;

/** The link does not hold what such a link holds; the message is a sentence for the learner. */
export class LinkError extends Error {}

/** The work is too large for a link. */
export class TooLargeError extends Error {
  readonly characters: number;
  constructor(characters: number) {
    super(`The link would have ${characters} characters.`);
    this.characters = characters;
  }
}

/** The hash, with its `#`. Throws TooLargeError, or LinkError for work that `decode` would refuse. */
export function encode({ lesson, changes, tab, step }: SharedWork): string {
  const count = Object.keys(changes).length;
  if (count > MOST_FILES) throw new LinkError(`Your work has ${count} files, and a link holds at most ${MOST_FILES}.`);
  for (const [path, one] of Object.entries(changes)) {
    const fault = faultOfPath(path) ?? (one?.kind === 'link' ? faultOfTarget(one.target) : null);
    if (fault !== null) throw new LinkError(`No link can hold ${JSON.stringify(path.slice(0, 60))}: ${fault}. Rename or remove it.`);
  }
  const files = Object.fromEntries(Object.entries(changes).map(([path, one]) => [path, one && packed(one)]));
  const bytes = new TextEncoder().encode(JSON.stringify({ lesson, tab, step, files }));
  const hash = `${HASH}${VERSION}.${toBase64Url(deflateSync(bytes, { level: 9 }))}`;
  if (hash.length > LONGEST || bytes.length > MOST_BYTES) throw new TooLargeError(hash.length);
  return hash;
}

/** The work in a hash. Throws LinkError, and nothing else. */
export function decode(hash: string): SharedWork {
  if (!hasWork(hash)) throw new LinkError('This link holds no work.');
  if (hash.length > LONGEST) throw new LinkError(`The link is longer than such links are: ${hash.length} characters.`);
  const [, version, code] = /^(\d{1,6})\.([A-Za-z0-9_-]+)$/.exec(hash.slice(HASH.length)) ?? [];
  if (version === undefined || code === undefined)
    throw new LinkError('The link is damaged: a part of it is missing, or was changed on the way.');
  if (Number(version) !== VERSION)
    throw new LinkError(
      `The link was made by another version of this course (${version}; this one reads ${VERSION}). Reload the page, or ask for a new link.`,
    );
  return checked(parse(inflate(fromBase64Url(code))));
}

function packed(one: Changed): object {
  if (one.kind === 'link') return { link: one.target };
  const { mode, uid, gid } = one;
  if (one.kind === 'folder') return { folder: true, mode, uid, gid };
  const text = textOf(one.data);
  return { ...(typeof text === 'string' ? { text } : { bytes: toBase64Url(one.data) }), mode, uid, gid };
}

/** Unpacks, and stops when more comes out than a learner's work can be. */
function inflate(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const inflater = new Inflate((part, final) => {
    parts.push(part);
    length += part.length;
    ended = final;
    if (length > MOST_BYTES) throw new LinkError('The link unpacks to more than a lesson’s work can be, so it was not opened.');
  });
  try {
    // in small pieces: each can become a thousand times as large
    for (let at = 0; at < data.length; at += 512) inflater.push(data.subarray(at, at + 512), at + 512 >= data.length);
  } catch (error) {
    throw error instanceof LinkError ? error : damaged();
  }
  if (!ended) throw damaged();
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged();
  }
}

function checked(value: unknown): SharedWork {
  if (!isObject(value)) throw damaged();
  const { lesson, tab, step, files } = value;
  if (typeof lesson !== 'string' || !/^[a-z][a-z0-9-]{0,60}$/.test(lesson) || !isObject(files)) throw damaged();
  const entries = Object.entries(files);
  if (entries.length > MOST_FILES)
    throw new LinkError(`The link holds ${entries.length} files, more than a lesson’s work has. It was not opened.`);
  return {
    lesson,
    changes: Object.fromEntries(entries.map(([path, one]) => [pathOf(path), one === null ? null : changedOf(one)])),
    tab: typeof tab === 'string' && /^[a-z]{1,20}$/.test(tab) ? tab : null,
    step: isCount(step, 99) && step > 0 ? step : null,
  };
}

function pathOf(path: string): string {
  const fault = faultOfPath(path);
  if (fault !== null)
    throw new LinkError(
      `The link wants to write where no lesson’s work is (${JSON.stringify(path.slice(0, 60))}: ${fault}). It was not opened.`,
    );
  return path;
}

function changedOf(value: unknown): Changed {
  if (!isObject(value)) throw damaged();
  const { link, folder, text, bytes, mode, uid, gid } = value;
  if (typeof link === 'string') {
    if (faultOfTarget(link) !== null) throw damaged();
    return { kind: 'link', target: link };
  }
  if (!isCount(mode, 0o7777) || !isCount(uid, 65_535) || !isCount(gid, 65_535)) throw damaged();
  if (folder === true) return { kind: 'folder', mode, uid, gid };
  if (typeof text === 'string') return { kind: 'file', data: new TextEncoder().encode(text), mode, uid, gid };
  if (typeof bytes === 'string') return { kind: 'file', data: fromBase64Url(bytes), mode, uid, gid };
  throw damaged();
}

function damaged(): LinkError {
  return new LinkError('The link is damaged: what it holds cannot be read. Ask for it again.');
}

function isCount(value: unknown, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Throws LinkError. */
function fromBase64Url(code: string): Uint8Array {
  try {
    return Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
  } catch {
    throw damaged();
  }
}
