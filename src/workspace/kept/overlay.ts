/** The learner's work as changes, and the texts that the editor holds of it. */
import type { Changed, Changes } from '../../runtime/changes.ts';
import { type Opaque, textOf } from '../editor/file-text.ts';
import { PLAIN } from './states.ts';

/** Texts by path; null where there is no file. */
type Texts = Readonly<Record<string, string | null>>;

const encoder = new TextEncoder();

/** What changes make of a file; undefined when they leave it alone, or make a folder or a link of it. */
function foundIn(changes: Changes, path: string): string | null | Opaque | undefined {
  const changed = changes[path];
  if (changed === null) return null;
  return changed?.kind === 'file' ? textOf(changed.data) : undefined;
}

/** What changes make of these files, of those that they touch. */
export function filesIn(changes: Changes, paths: readonly string[]): Readonly<Record<string, string | null | Opaque>> {
  return Object.fromEntries(
    paths.flatMap((path) => {
      const found = foundIn(changes, path);
      return found === undefined ? [] : [[path, found] as const];
    }),
  );
}

/** The texts that changes make of these files, of those that they touch and that are text. */
export function textsIn(changes: Changes, paths: readonly string[]): Texts {
  const texts = Object.entries(filesIn(changes, paths)).filter(
    (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

/** The changes with these texts in them, over what was there at the start (`originals`). Texts that are so anyhow change nothing. */
export function withTexts(changes: Changes, texts: Texts, originals: Readonly<Record<string, string>>): Changes {
  const result: Record<string, Changed | null> = { ...changes };
  for (const [path, text] of Object.entries(texts)) {
    const original = originals[path] ?? null;
    if (text === (path in changes ? foundIn(changes, path) : original)) continue;
    const before = changes[path];
    if (before && before.kind !== 'file') continue;
    const owned = before ?? PLAIN;
    const plain = owned.mode === PLAIN.mode && owned.uid === PLAIN.uid && owned.gid === PLAIN.gid;
    if (text === original && plain) delete result[path];
    else if (text === null) result[path] = null;
    else result[path] = { kind: 'file', data: encoder.encode(text), mode: owned.mode, uid: owned.uid, gid: owned.gid };
  }
  return result;
}

/** What it takes to keep changes, in bytes. */
export function sizeOf(changes: Changes): number {
  return Object.entries(changes).reduce(
    (sum, [path, changed]) => sum + path.length + (changed?.kind === 'file' ? changed.data.byteLength : 64),
    0,
  );
}
