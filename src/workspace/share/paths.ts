/** Which paths a learner's work can have. A link that names another one was not made by this page. */

/** Folders that the sandbox makes anew by itself: nothing in them is anybody's work. */
const NOBODYS = ['/proc', '/sys', '/dev', '/run', '/tmp', '/var/log', '/var/cache'];
const LONGEST = 255;

/** What is wrong with a path, in a few words; null when nothing is. */
export function faultOfPath(path: string): string | null {
  if (!path.startsWith('/')) return 'not an absolute path';
  if (path.length > LONGEST) return 'too long';
  if (/[\u0000-\u001f\u007f\\\u202a-\u202e\u2066-\u2069]/.test(path)) return 'a character that no name has';
  const names = path.slice(1).split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..')) return 'not a plain path';
  if (NOBODYS.some((folder) => path === folder || path.startsWith(`${folder}/`))) return 'a folder of the system';
  return null;
}
