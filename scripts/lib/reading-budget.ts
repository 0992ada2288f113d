/**
 * What reading may bring along before the learner does anything. Of the built files, so that a heavier page is noticed by every test run;
 * the bench measures the same with a browser, which adds the headers and what a page fetches when it is at rest.
 */
import { eager, type Texts } from './reach.ts';

/** Most bytes of a page with all that it asks for by itself, compressed with gzip; and of the scripts among them. */
export const READING = { all: 80_000, scripts: 30_000 };

const READ = /^(?:lessons\/[^/]+\/)?index\.html$/;

/** A line for each page of the course's text that is over its budget. `sent` gives a file's bytes on the wire. Errors: an Error when there is no such page. */
export function overBudget(texts: Texts, sent: (name: string) => number): string[] {
  const pages = [...texts.keys()].filter((name) => READ.test(name));
  if (pages.length < 2) throw new Error('The home page or the lessons are not where they were');
  return pages.flatMap((page) => {
    const files = [...eager(texts, [page])];
    const sum = (names: readonly string[]): number => names.reduce((total, name) => total + sent(name), 0);
    const bytes = { all: sum(files), scripts: sum(files.filter((name) => name.endsWith('.js'))) };
    return (['all', 'scripts'] as const)
      .filter((part) => bytes[part] > READING[part])
      .map((part) => `${page}: ${part === 'all' ? 'reading it' : 'its scripts'}: ${bytes[part]} bytes, ${READING[part]} allowed`);
  });
}
