/**
 * File name patterns: `*`, `?` and `[a-z]` within one path segment, as in the shell and in nginx's include. A backslash takes its
 * meaning from what follows it.
 */
import type { FileSystem } from '../host/host.ts';

export const isPattern = (text: string): boolean => /[*?[]/.test(text.replace(/\\./gs, ''));

/** As a pattern that matches nothing but this. */
export const escapePattern = (text: string): string => text.replace(/[*?[\]\\]/g, '\\$&');

/** Paths that match, sorted; a hidden name only matches a pattern that begins with a dot. */
export async function glob(files: FileSystem, pattern: string): Promise<string[]> {
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    const next: string[] = [];
    for (const base of found) {
      const join = (name: string): string => (base === '' || base.endsWith('/') ? base + name : `${base}/${name}`);
      if (!isPattern(segment)) {
        next.push(join(segment.replace(/\\(.)/gs, '$1')));
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
  const body = segment.replace(/\\(.)|\[([!^]?)(\]?[^\]]*)\]|./gs, (all, escaped?: string, not?: string, set?: string) => {
    if (escaped !== undefined) return literal(escaped);
    if (set !== undefined && set !== '') return `[${not ? '^' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`;
    return all === '*' ? '.*' : all === '?' ? '.' : literal(all);
  });
  try {
    return new RegExp(`^${body}$`, 's');
  } catch {
    // a range that runs backwards is no pattern
    return new RegExp(`^${literal(segment)}$`);
  }
}

const literal = (text: string): string => text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
