/** What the index is made with and searched with: both sides must agree on it. */
import type { Options, SearchOptions } from 'minisearch';

/** One thing that can be found: a step of a lesson, a setting of a reference page, a term. */
export interface Entry {
  readonly id: number;
  /** Address below the site's base, with its place: `lessons/iis/#step-2`. */
  readonly to: string;
  /** `Lesson 14, step 2`, `Nginx in the sandbox`, `Glossary`. */
  readonly place: string;
  readonly title: string;
  readonly text: string;
}

/** Words that stand everywhere say nothing about what is wanted. */
const EVERYWHERE = new Set(
  'a an and are as at be by do does for how i in is it my of on or that the this to was what when which with you your'.split(' '),
);

export const OPTIONS: Options<Entry> = {
  fields: ['title', 'text'],
  storeFields: ['to', 'place', 'title', 'text'],
  processTerm(term) {
    const word = term.toLowerCase();
    return EVERYWHERE.has(word) ? null : word;
  },
};

/** All words must be there, the last letters may be missing, and in longer words one in five may be wrong. */
export const SEARCH: SearchOptions = {
  boost: { title: 3 },
  combineWith: 'AND',
  prefix: (term) => term.length > 1,
  fuzzy: (term) => (term.length > 3 ? 0.2 : false),
  weights: { prefix: 0.6, fuzzy: 0.2 },
};
