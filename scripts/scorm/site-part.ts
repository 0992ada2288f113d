/**
 * Of the built site, what one lesson needs: its embedded page, what that page and its scripts name, the engine, and nothing that a learning
 * platform would not serve. The site is relocatable, so that its files work from any folder.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, join, relative, sep } from 'node:path';
import { ENGINE, type Part, PYTHON } from '../../src/runtime/engine-parts.ts';
import type { PublishedWheel, WheelManifest } from '../../src/runtime/wheels.ts';
import { at, filesBelow } from '../lib/paths.ts';

export interface LessonOnSite {
  readonly slug: string;
  /** Sets of Python packages that it fetches. */
  readonly wheels: readonly string[];
}

const TEXTS = new Set(['.css', '.html', '.js', '.json', '.svg']);

/** The lesson's page in the site. Not that of a version: text and scripts count their links from this depth alike. */
export const pageOf = (slug: string): string => `embed/${slug}/index.html`;

/** Files by their path below the site's root. `site`: address of the published site, for links that lead out of the package; null: there is none. */
export function sitePart(dist: string, lesson: LessonOnSite, site: string | null): ReadonlyMap<string, Uint8Array> {
  const page = pageOf(lesson.slug);
  const fixed = [page, `lessons/${lesson.slug}/task.json`, ...engineFiles(lesson.wheels)];
  for (const file of fixed)
    if (!existsSync(join(dist, file))) throw new Error(`The built site has no ${file}. Build it anew: npm run build`);
  const files = named(dist, fixed);
  const has = (path: string): boolean => files.includes(path);
  return new Map(
    files.map((file) => {
      const bytes = readFileSync(join(dist, file));
      return [file, file === page ? Buffer.from(detached(bytes.toString(), page, has, site)) : bytes];
    }),
  );
}

/** From the engine's build, see scripts/build-engine.ts. */
function engineFiles(sets: readonly string[]): string[] {
  const addresses: Record<Part, string> = JSON.parse(readFileSync(at('src/runtime/generated/engine.json'), 'utf8'));
  const { wheels }: WheelManifest<PublishedWheel> = JSON.parse(readFileSync(at('src/runtime/generated/wheels.json'), 'utf8'));
  const fetched = wheels.filter(({ set }) => sets.includes(set)).map(({ address }) => address);
  return [...[...ENGINE, ...PYTHON].map((part) => addresses[part]), ...fetched].map((address) => address.slice(1));
}

/** These files and all that they name, and so on. Names of built files carry a hash, so that a name in a text can mean one file only. */
function named(dist: string, entries: readonly string[]): string[] {
  const others = ['assets', 'fonts']
    .flatMap((folder) => filesBelow(join(dist, folder)))
    .map((file) => relative(dist, file).split(sep).join('/'))
    .filter((file) => !/\.(br|gz|html)$/.test(file))
    .concat('favicon.svg');
  const found = new Set(entries);
  for (const file of found) {
    if (!TEXTS.has(extname(file)) || file.startsWith('engine/')) continue;
    const text = readFileSync(join(dist, file), 'utf8');
    for (const other of others) if (text.includes(basename(other))) found.add(other);
  }
  return [...found].sort();
}

/**
 * The page without links to what is not in the package: they lead to the published site, or nowhere when there is none. A term of the
 * glossary can still be reached by keyboard, because what it means is said on the spot.
 */
export function detached(html: string, page: string, has: (path: string) => boolean, site: string | null): string {
  const whole = site ? html : html.replace(/<a class="whole"[^>]*>[^<]*<\/a>/, '');
  return whole.replace(/<(a|link)\b([^>]*?) href="([^"]*)"([^>]*)>/g, (tag, name: string, before: string, href: string, after: string) => {
    if (href.startsWith('#') || /^[a-z]+:/i.test(href)) return tag;
    const { pathname, hash, search } = new URL(href, `http://site/${page}`);
    const path = pathname.slice(1);
    if (has(path)) return tag;
    // who follows a link from one lesson to another wants the whole of it
    if (site) return `<${name}${before} href="${site}${path.replace(/^embed\//, 'lessons/')}${search}${hash}"${after}>`;
    if (name === 'link') return '';
    return `<a${before}${/\bclass="term\b/.test(before + after) ? ' tabindex="0"' : ''}${after}>`;
  });
}
