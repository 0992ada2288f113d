/** File name patterns: `*`, `?` and `[a-z]` within one path segment, as in the shell and in nginx's include. */
import type { FileSystem } from '../host/host.ts';

export const isPattern = (text: string): boolean => /[*?[]/.test(text);

/** Paths that match, sorted; a hidden name only matches a pattern that begins with a dot. */
export async function glob(files: FileSystem, pattern: string): Promise<string[]> {
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    const next: string[] = [];
    for (const base of found) {
      const join = (name: string): string => (base === '' || base.endsWith('/') ? base + name : `${base}/${name}`);
      if (!isPattern(segment)) {
        next.push(join(segment));
        continue;
      }
      const matcher = toRegex(segment);
      const names = await files.list(base === '' ? '.' : base).catch(() => []);
      next.push(...names.filter((name) => matcher.test(name) && (segment.startsWith('.') || !name.startsWith('.'))).map(join));
    }
    found = next;
  }
  const checked = await Promise.all(
    found.map((path) =>
      // A link that leads nowhere is a name, too.
      files.lstat(path).then(
        () => path,
        () => null,
      ),
    ),
  );
  return checked.filter((path) => path !== null).sort();
}

/** Does a whole path match a pattern? Segment by segment, without looking at files. */
export function patternOf(pattern: string): (path: string) => boolean {
  const matchers = pattern.split('/').map(toRegex);
  return (path) => {
    const segments = path.split('/');
    return segments.length === matchers.length && segments.every((segment, i) => matchers[i]?.test(segment));
  };
}

function toRegex(segment: string): RegExp {
  const body = segment.replace(/\[!/g, '[^').replace(/[.+^$(){}|\\]/g, (ch) => (ch === '^' ? ch : `\\${ch}`));
  return new RegExp(`^${body.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
