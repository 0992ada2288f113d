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

/** Another lesson on the stage is the same page with a text that the lesson's own page has. */
const AGAIN = /^\/(present|speaker)\/(?!which-worker\/)./;

/** Addresses of all pages: `/`, `/lessons/which-worker/`, `/404.html`; of the stages only one lesson's. */
export function builtPages(): string[] {
  return builtFiles()
    .filter((path) => path.endsWith('.html'))
    .map((path) => path.replace(/(^|\/)index\.html$/, '$1'))
    .filter((path) => !AGAIN.test(path));
}
