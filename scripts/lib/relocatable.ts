/**
 * Makes the built site independent of its place: it works at a host's root, below any path and from a folder of a learning platform.
 *
 * Astro writes absolute addresses only. So it builds for a base that nobody has, and afterwards that base becomes `./`, `../`, `../../` in
 * each page. Vite's scripts and sheets find each other relatively by themselves; code that needs an address of the site asks src/site.ts,
 * which reads what is put into `<html>` here. Only 404.html stands for addresses of any depth: it gets the base that the build was told.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { extname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { filesBelow } from './paths.ts';

/** Stands for the base while Astro builds. */
export const PLACEHOLDER = '/__site_base__/';
const TRACE = PLACEHOLDER.slice(1, -1);

const TEXTS = new Set(['.js', '.json', '.mjs', '.ndjson', '.svg', '.txt', '.webmanifest', '.xml']);

/** The way from a file (its path below the site's root) up to the root: `./`, `../`, `../../`. */
export function wayUp(file: string): string {
  return '../'.repeat(file.split('/').length - 1) || './';
}

/** The page with its addresses counted from `base`, which it also carries for its scripts. */
export function placed(html: string, base: string): string {
  const page = html.replaceAll(PLACEHOLDER, base).replace(/<html\b/i, (tag) => `${tag} data-base="${base}"`);
  if (page.includes(TRACE)) throw new Error(`"${excerpt(page)}" has an address that cannot be moved`);
  return page;
}

/** Has the page been given its addresses? Not before the end of a build. */
export const isRelocated = (html: string): boolean => !html.includes(TRACE);

const excerpt = (text: string): string => text.slice(Math.max(0, text.indexOf(TRACE) - 60), text.indexOf(TRACE) + 60);

/** The folder that `--base` or SITE_BASE of the build names; it only counts for 404.html and the files for hosts. Errors: not of the form `/x/`. */
export function siteBaseSetting(): string {
  const base = process.env['SITE_BASE'] ?? '/';
  if (!/^\/(?:[\w.~-]+\/)*$/.test(base)) throw new Error(`The base is "${base}"; it begins and ends with a slash, as /courses/web/.`);
  return base;
}

/** A script’s file. Of a module named `__init__`, `.gitkeep` or `[slug]` it would begin with what some hosts hide or refuse. */
export function chunkFile({ name }: { readonly name: string }): string {
  return `assets/${name.replace(/[^\w.-]+/g, '_').replace(/^[._]+/, '')}.[hash].js`;
}

/** Relocates a built site in place. Errors: an Error that names a file in which an address of the root is left, or that some hosts refuse. */
export function relocate(folder: string, base: string): void {
  for (const file of filesBelow(folder)) {
    const name = relative(folder, file).split(sep).join('/');
    if (/(^|\/)[._]/.test(name)) throw new Error(`${name}: some hosts refuse names that begin with a dot or an underscore`);
    const ending = extname(name);
    if (ending === '.html') {
      writeFileSync(file, placed(readFileSync(file, 'utf8'), name === '404.html' ? base : wayUp(name)));
    } else if (ending === '.css') {
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(PLACEHOLDER, wayUp(name)));
    } else if (TEXTS.has(ending)) {
      const text = readFileSync(file, 'utf8');
      if (text.includes(TRACE)) throw new Error(`${name} has an address of the site's root; take it from src/site.ts: …${excerpt(text)}…`);
    }
  }
}

/** Astro integration: builds for the placeholder and relocates what was built. After `lighten`, before all others that work on built files. */
export function relocatable(): AstroIntegration {
  return {
    name: 'relocatable',
    hooks: {
      'astro:config:setup': ({ command, updateConfig }) => {
        if (command !== 'build') return;
        updateConfig({
          base: PLACEHOLDER,
          vite: {
            environments: { client: { build: { rolldownOptions: { output: { chunkFileNames: chunkFile, entryFileNames: chunkFile } } } } },
            experimental: {
              // What the server's half renders lands in pages: there the placeholder is right.
              renderBuiltUrl: (_file: string, { ssr }: { ssr: boolean }) => (ssr ? undefined : { relative: true }),
            },
          },
        });
      },
      'astro:build:done': ({ dir }) => relocate(fileURLToPath(dir), siteBaseSetting()),
    },
  };
}
