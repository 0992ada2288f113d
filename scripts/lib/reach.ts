/**
 * Which files of the built site a page brings along: at once, and whenever the learner does something on it. From what stands in the
 * files themselves, so that no list can be forgotten.
 */
import { readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { filesBelow } from './paths.ts';

/** The text of each file of a site that may name others, by its path below the root; other files ''. */
export type Texts = ReadonlyMap<string, string>;

const NAMES_OTHERS = /\.(html|js|css|webmanifest)$/;
/** For hosts and for the compressed twins of files: no page asks for these. */
const NOT_ASKED_FOR = /\.(br|gz)$|(^|\/)(_headers|vercel\.json|web\.config|robots\.txt)$/;

export function readTexts(folder: string): Texts {
  const names = filesBelow(folder).map((file) => relative(folder, file).split(sep).join('/'));
  const asked = names.filter((name) => !NOT_ASKED_FOR.test(name));
  return new Map(asked.map((name) => [name, NAMES_OTHERS.test(name) ? readFileSync(join(folder, name), 'utf8') : '']));
}

/** What a page's head, its pictures and its scripts ask for by themselves; links to other pages are none of it. */
const EAGER_IN_PAGE = /<(?:link(?![^>]*rel="(?:alternate|canonical)")|script|img|source)\b[^>]*?\s(?:href|src)="([^"#?]+)/g;
const STATIC_IMPORT = /(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+)["']/g;
const IN_SHEET = /url\(["']?([^"')]+)["']?\)/g;

/** The files that `name` asks for as soon as it is there. */
function asksFor(name: string, text: string): string[] {
  const pattern = name.endsWith('.html') ? EAGER_IN_PAGE : name.endsWith('.css') ? IN_SHEET : STATIC_IMPORT;
  return [...text.matchAll(pattern)].map(([, address = '']) => posix.join(posix.dirname(name), address));
}

/** Files with a name that occurs nowhere else: a script that may load one has its name in it. */
const HASHED = /^(?:assets|search)\//;

function followed(texts: Texts, from: readonly string[], next: (name: string, text: string) => string[]): Set<string> {
  const found = new Set<string>();
  const queue = [...from];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const text = texts.get(name);
    if (text === undefined || found.has(name)) continue;
    found.add(name);
    queue.push(...next(name, text));
  }
  return found;
}

/** What comes with these pages before the learner does anything. */
export const eager = (texts: Texts, pages: readonly string[]): Set<string> => followed(texts, pages, asksFor);

/** All that these pages may ever ask for, but for the engine, which is fetched by addresses in data. */
export function whole(texts: Texts, pages: readonly string[]): Set<string> {
  const hashed = [...texts.keys()].filter((name) => HASHED.test(name)).map((name) => [name, posix.basename(name)] as const);
  return followed(texts, pages, (name, text) => [
    ...asksFor(name, text),
    ...hashed.filter(([, base]) => text.includes(base)).map(([path]) => path),
    // data that a lesson's scripts ask for by the lesson's name
    ...(name.endsWith('/index.html') ? [name.replace(/index\.html$/, 'task.json')] : []),
  ]);
}
