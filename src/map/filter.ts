/** Which rows of the map are wanted, and how that is written in the page's address. Pure. */
import { type Likeness, SIGNS } from './row.ts';

export interface Wish {
  /** Words, each of which has to occur in the row. */
  readonly q: string;
  /** Id of a group; empty for all. */
  readonly group: string;
  readonly same: Likeness | '';
}

export interface Shown {
  /** All that the row says. */
  readonly text: string;
  readonly group: string;
  readonly same: string;
}

const isLikeness = (text: string): text is Likeness => Object.hasOwn(SIGNS, text);

/** The wish in `?q=…&group=…&same=…`; what the page does not know is no wish. */
export function wishIn(query: string, groups: readonly string[]): Wish {
  const fields = new URLSearchParams(query);
  const [group, same] = [fields.get('group') ?? '', fields.get('same') ?? ''];
  return { q: fields.get('q') ?? '', group: groups.includes(group) ? group : '', same: isLikeness(same) ? same : '' };
}

/** `?q=queue&same=close`, or nothing when all rows are wanted. */
export function queryOf(wish: Wish): string {
  const fields = new URLSearchParams(Object.entries(wish).filter(([, value]) => value !== ''));
  return fields.size === 0 ? '' : `?${fields}`;
}

const folded = (text: string): string => text.toLowerCase().replaceAll('’', "'");

export function fits(row: Shown, { q, group, same }: Wish): boolean {
  if ((group !== '' && row.group !== group) || (same !== '' && row.same !== same)) return false;
  const text = folded(row.text);
  return folded(q)
    .split(/\s+/)
    .every((word) => text.includes(word));
}
