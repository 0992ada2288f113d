/**
 * Names the build after all that it consists of, in each of its pages and in lessons' data. A browser that keeps the site tells two builds apart by this name
 * alone (src/offline/service-worker.ts): so it is made when the pages are what they will be, or a change would never reach who was here before.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { filesBelow, shortHash } from './paths.ts';

const stampedPage = (html: string, build: string): string => html.replace(/<html\b/i, (tag) => `${tag} data-build="${build}"`);

/** Stamps a built site in place. */
export function nameBuild(folder: string): void {
  const files = filesBelow(folder);
  const build = shortHash(...files.flatMap((file) => [relative(folder, file).split(sep).join('/'), readFileSync(file)]));
  for (const file of files) {
    if (!file.endsWith('.html') && basename(file) !== 'task.json') continue;
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, file.endsWith('.html') ? stampedPage(text, build) : JSON.stringify({ build, ...JSON.parse(text) }));
  }
}

/** Astro integration: the last of those that work on built files. */
export function buildName(): AstroIntegration {
  return { name: 'build-name', hooks: { 'astro:build:done': ({ dir }) => nameBuild(fileURLToPath(dir)) } };
}
