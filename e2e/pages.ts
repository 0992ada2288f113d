/** The pages of the built site, for the tests that look at every page. */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const dist = join(import.meta.dirname, '..', 'dist');

/** Files below `dist/`, as addresses of the site. */
export function builtFiles(): string[] {
  if (!existsSync(dist)) throw new Error('There is no dist/ yet: npm run build');
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `/${relative(dist, join(entry.parentPath, entry.name)).split(sep).join('/')}`)
    .sort();
}

/** A lesson's page for the pages of others, for a stage or for print: the same page with a text that the lesson's own page has. */
const AGAIN = /^\/(embed|present|speaker|handout)\/(v\d+\/)?(?!examples\/$|reference\/)[^/]+\/|^\/handout\/$/;
/** One of each kind. */
const LOOKED_AT = /\/which-worker\/|^\/embed\/v1\/playground\//;

/** Addresses of all pages but those that are the same once more: of embeds, stages and handouts, one of each kind. */
export const distinctPages = (): string[] =>
  builtPages().filter((path) => !AGAIN.test(path) || (LOOKED_AT.test(path) && !/^\/embed\/(?!v1)/.test(path)));

/** Addresses of all pages: `/`, `/lessons/which-worker/`, `/404.html`. */
export function builtPages(): string[] {
  return builtFiles()
    .filter((path) => path.endsWith('.html'))
    .map((path) => path.replace(/(^|\/)index\.html$/, '$1'));
}
