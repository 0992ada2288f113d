/** Where things are, and small file helpers, for all scripts. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const root: string = join(import.meta.dirname, '..', '..');
export const dist: string = join(root, 'dist');
export const cache: string = join(root, '.cache');

/** A path inside the project. */
export const at = (...parts: readonly string[]): string => join(root, ...parts);

/** First 16 hex digits of the SHA-256 of all parts. */
export function shortHash(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** Every file below a folder, sorted; a folder that is missing has none. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Changes when a file below these paths is edited, renamed, added or removed; cheap enough to ask at every start.
 * @param base the folder whose own name and place do not count
 */
export function fingerprint(paths: readonly string[], base: string = root): string {
  const files = paths.flatMap((path) => (existsSync(path) && statSync(path).isFile() ? [path] : filesBelow(path)));
  return shortHash(...files.map((file) => `${relative(base, file).split(sep).join('/')} ${shortHash(readFileSync(file))}`));
}
