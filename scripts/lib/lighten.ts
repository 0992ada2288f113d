/**
 * What a page asks for before its first paint: itself, its font and one style sheet.
 *
 * Vite makes a sheet of each component's rules, and Astro links a lesson to all of its parts: each is a request before the first
 * paint. One sheet for all the site is a single request, but twice the bytes that a lesson needs. So what a page is linked to is
 * joined here after the build. Pages with the same components share the file; a page of another kind fetches the common rules again,
 * some 3 kB. Scripts come after that: a page is there to be read without them. What they import is named in the page, so that it comes beside
 * them and not after them, and as late: a browser would put it before the text.
 */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { noteJoined } from '../licences/shipped.ts';
import { eager, readTexts } from './reach.ts';
import { PLACEHOLDER } from './relocatable.ts';

/** What is read here of a bundle's chunk. */
interface Chunk {
  readonly type: 'chunk';
  readonly isEntry: boolean;
  readonly imports: readonly string[];
  readonly dynamicImports: readonly string[];
  readonly viteMetadata?: { readonly importedCss: ReadonlySet<string> };
}

type Bundle = Readonly<Record<string, Chunk | { readonly type: 'asset' }>>;

/**
 * The sheets of a bundle in the order in which their rules follow each other: what a component imports comes before its own, so
 * that the component can change it, and what is imported at run time comes last. So does Vite when it writes one sheet only.
 */
export function sheetOrder(bundle: Bundle): string[] {
  const order = new Set<string>();
  const seen = new Set<string>();
  const later: string[] = [];
  const collect = (name: string): void => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || seen.has(name)) return;
    seen.add(name);
    chunk.imports.forEach(collect);
    later.push(...chunk.dynamicImports);
    for (const sheet of chunk.viteMetadata?.importedCss ?? []) order.add(sheet);
  };
  for (const [name, chunk] of Object.entries(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) collect(name);
  // grows while it is walked
  for (const name of later) collect(name);
  return [...order];
}

/** As Astro writes it; the examples of embedding have links of their own. */
const LINK = new RegExp(`<link rel="stylesheet" href="${PLACEHOLDER}(assets/[^"]*)"[^>]*>`, 'g');
const SCRIPT = new RegExp(`<script type="module" src="${PLACEHOLDER}(assets/[^"]*)"`, 'g');

/** A sheet of the site's, and a module script with an address, however they are written. */
const ANY_LINK = new RegExp(`<link\\b(?=[^>]*stylesheet)[^>]*${PLACEHOLDER}`, 'g');
const ANY_SCRIPT = /<script\b(?=[^>]*\btype="?module)(?=[^>]*\bsrc=)(?![^>]*fetchpriority)/;

/** What a page's files give way to. */
interface Instead {
  /** The file that has the rules of all these sheets. */
  readonly joined: (sheets: readonly string[]) => string;
  /** What these scripts import, and what that imports. */
  readonly imported: (scripts: readonly string[]) => readonly string[];
}

/** The page with one link in the place of its first one, and with its scripts, and what they import, behind what the text needs. */
export function lightened(html: string, { joined, imported }: Instead): string {
  const named = (pattern: RegExp): string[] => [...html.matchAll(pattern)].map(([, file = '']) => file);
  const sheet = (): string => `<link rel="stylesheet" href="${PLACEHOLDER}${joined(named(LINK))}">`;
  const preloads = (): string =>
    imported(named(SCRIPT))
      .map((file) => `<link rel="modulepreload" fetchpriority="low" href="${PLACEHOLDER}${file}">`)
      .join('');
  let links = 0;
  let scripts = 0;
  const page = html
    .replace(LINK, () => (links++ === 0 ? sheet() : ''))
    .replace(
      SCRIPT,
      (_, file) => `${scripts++ === 0 ? preloads() : ''}<script type="module" fetchpriority="low" src="${PLACEHOLDER}${file}"`,
    );
  if ((page.match(ANY_LINK)?.length ?? 0) > 1 || ANY_SCRIPT.test(page))
    throw new Error('Astro writes its links or scripts in another way now');
  return page;
}

/** Lightens all pages of a built site; returns the parts of each sheet that was made. Errors: an Error that names a sheet that is not in `order`. */
export function lighten(folder: string, order: readonly string[]): Map<string, readonly string[]> {
  const made = new Map<string, readonly string[]>();
  const rank = (file: string): number => {
    if (!order.includes(file)) throw new Error(`${file}: a page is linked to a style sheet that the build did not order`);
    return order.indexOf(file);
  };
  const joined = (files: readonly string[]): string => {
    const ranked = files.map((file) => ({ file, rank: rank(file) })).sort((one, other) => one.rank - other.rank);
    const parts = ranked.map(({ file }) => file);
    // their names change with what is in them
    const name = `assets/style.${createHash('sha256').update(parts.join()).digest('hex').slice(0, 8)}.css`;
    if (!made.has(name)) {
      writeFileSync(join(folder, name), parts.map((part) => readFileSync(join(folder, part), 'utf8').trim()).join('\n'));
      made.set(name, parts);
    }
    return name;
  };
  const texts = readTexts(folder);
  const imported = (scripts: readonly string[]): string[] => [...eager(texts, scripts)].filter((file) => !scripts.includes(file));
  for (const [name, html] of texts) {
    if (name.endsWith('.html')) writeFileSync(join(folder, name), lightened(html, { joined, imported }));
  }
  for (const part of new Set([...made.values()].flat())) rmSync(join(folder, part));
  return made;
}

/**
 * Small modules that several pages share, in one file: each of its own is a request. They do nothing by themselves on a page that has no
 * part of theirs, for a page that needs one of them runs all.
 */
const COMMON = {
  name: 'common',
  test: /[\\/]src[\\/](?:(?:site|storage|is-object)|progress[\\/]\w+|offline[\\/]worker|components[\\/](?:do|early|pair|quiz|remember-tour|split|task))\.ts$|vite[\\/]preload-helper/,
};

/** Astro integration. Before `relocatable`, for it reads the addresses that Astro wrote. */
export function lightPages(): AstroIntegration {
  let order: readonly string[] = [];
  return {
    name: 'light-pages',
    hooks: {
      'astro:config:setup': ({ command, updateConfig }) => {
        if (command !== 'build') return;
        updateConfig({
          vite: {
            environments: { client: { build: { rolldownOptions: { output: { codeSplitting: { groups: [COMMON] } } } } } },
            plugins: [
              {
                name: 'sheet-order',
                enforce: 'post',
                // What an island shows later is in its page's sheet too: its scripts shall ask for none.
                configEnvironment: (name) => (name === 'client' ? { build: { cssCodeSplit: false } } : null),
                applyToEnvironment: ({ name }) => name === 'prerender',
                generateBundle(_options, bundle) {
                  order = sheetOrder(bundle as Bundle);
                },
              },
            ],
          },
        });
      },
      'astro:build:done': ({ dir }) => noteJoined(lighten(fileURLToPath(dir), order)),
    },
  };
}
