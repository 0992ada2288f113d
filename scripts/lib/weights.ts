/**
 * What the built site weighs on its way to a student, measured on the compressed files, and written into the pages that tell it: whatever
 * stands in an element with `data-weight` is replaced by the figure of that name, so that no figure is ever typed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { ENGINE, PYTHON } from '../../src/runtime/engine-parts.ts';
import { sentBytes } from '../compress.ts';
import { SHELL } from './offline.ts';
import { at } from './paths.ts';
import { eager, readTexts, whole } from './reach.ts';

/** The lesson that the figures are of, and the one that comes after it. */
const [LESSON, NEXT] = ['lessons/which-worker/index.html', 'lessons/dependencies/index.html'];
const STUDENTS = 300;
const LINE_MBITS = 100;

export type Weights = Readonly<Record<string, string>>;

const kB = (bytes: number): string => `${Math.round(bytes / 1000).toLocaleString('en')} kB`;
const MB = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const GB = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
const amount = (bytes: number): string => (bytes < 1e6 ? kB(bytes) : bytes < 1e9 ? MB(bytes) : GB(bytes));

function inWords(seconds: number): string {
  if (seconds < 2) return 'a second or two';
  return seconds < 90 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
}

/** The figures by name. `folder` holds the built and compressed site. */
export function weigh(folder: string): Weights {
  const texts = readTexts(folder);
  const names = [...texts.keys()];
  const addresses = JSON.parse(readFileSync(at('src/runtime/generated/engine.json'), 'utf8')) as Record<string, string>;
  const engine = [...ENGINE, ...PYTHON].map((part) => addresses[part]?.slice(1) ?? '');
  const wheels = names.filter((name) => name.startsWith('engine/') && name.endsWith('.zip') && !engine.includes(name));
  const lesson = { read: eager(texts, [LESSON]), whole: whole(texts, [LESSON]) };
  const lessons = whole(
    texts,
    names.filter((name) => /^lessons\/[^/]+\/index\.html$/.test(name)),
  );
  const parts: Readonly<Record<string, readonly string[]>> = {
    read: [...lesson.read],
    shell: [...eager(texts, SHELL)].filter((name) => !lesson.read.has(name)),
    run: [...lesson.whole, ...engine].filter((name) => !lesson.read.has(name)),
    next: [...whole(texts, [NEXT])].filter((name) => !lesson.whole.has(name)),
    course: [...lessons, ...engine],
    wheels,
    all: names,
  };
  const sum = (list: readonly string[], ending: '.br' | '.gz'): number =>
    list.reduce((total, name) => total + sentBytes(folder, name, ending), 0);
  const figures: Record<string, string> = { students: String(STUDENTS), line: `${LINE_MBITS} Mbit/s` };
  for (const [part, list] of Object.entries(parts)) {
    figures[part] = amount(sum(list, '.br'));
    figures[`${part}-gzip`] = amount(sum(list, '.gz'));
    figures[`${part}-files`] = String(list.length);
  }
  const one = sum(parts['read'] ?? [], '.br') + sum(parts['run'] ?? [], '.br');
  const course = sum(parts['course'] ?? [], '.br');
  figures['one'] = amount(one);
  figures['class'] = amount(STUDENTS * one);
  figures['class-line'] = inWords((STUDENTS * one * 8) / (LINE_MBITS * 1e6));
  figures['class-course'] = amount(STUDENTS * course);
  figures['class-read'] = amount(STUDENTS * sum(parts['read'] ?? [], '.br'));
  figures['class-read-line'] = inWords((STUDENTS * sum(parts['read'] ?? [], '.br') * 8) / (LINE_MBITS * 1e6));
  return figures;
}

/** The page with its figures. Errors: an Error that names a figure that there is not. */
export function withWeights(html: string, weights: Weights): string {
  return html.replace(
    /(<(\w+)\b[^>]*\sdata-weight="([\w-]+)"[^>]*>)[^<]*(<\/\2>)/g,
    (_, open: string, _tag, name: string, close: string) => {
      const figure = weights[name];
      if (figure === undefined) throw new Error(`There is no figure named "${name}" (scripts/lib/weights.ts)`);
      return open + figure + close;
    },
  );
}

/** Writes the figures into the page at `path`. */
export function fillWeights(path: string, weights: Weights): void {
  writeFileSync(path, withWeights(readFileSync(path, 'utf8'), weights));
}
