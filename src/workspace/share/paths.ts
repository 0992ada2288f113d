/** What a learner's work can name. A link that names something else was not made by this page, and no server should get it. */
import { isVolatile } from '../../runtime/changes.ts';

/** In characters. */
const LONGEST_PATH = 255;
const LONGEST_TARGET = 1_000;

/** Absolute, and naming nothing above what it names. */
export function isPlainPath(path: string): boolean {
  const [root, ...names] = path.split('/');
  return root === '' && names.length > 0 && !names.some((name) => name === '' || name === '.' || name === '..');
}

/** What is wrong with a path, in a few words; null when nothing is. */
export function faultOfPath(path: string): string | null {
  if (!path.startsWith('/')) return 'not an absolute path';
  if (path.length > LONGEST_PATH) return 'too long a name';
  if (/[\u0000-\u001f\u007f\\\u202a-\u202e\u2066-\u2069]/.test(path)) return 'a character that no name has';
  if (!isPlainPath(path)) return 'not a plain path';
  return isVolatile(path) ? 'a folder of the system' : null;
}

/** The same for where a symbolic link leads: anywhere, but in one line. */
export function faultOfTarget(target: string): string | null {
  if (target === '') return 'a link that leads nowhere';
  if (target.length > LONGEST_TARGET) return 'a link with too long a target';
  return /[\u0000-\u001f\u007f]/.test(target) ? 'a link with a character that no name has' : null;
}
