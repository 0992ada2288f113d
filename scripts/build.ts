/**
 * `npm run build [-- --quick] [-- --base /x/]`: the engine, then the site, then compressed copies of its files, last the service worker that knows them all: `dist/` is ready for any
 * static host. `--quick` compresses the big files less, which saves a minute on a machine that has not built before.
 * `--base`: the folder that the site will lie in, for the page "not found" and the hosts' header files; all else works anywhere.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildEngine } from './build-engine.ts';
import { compress, compressFile } from './compress.ts';
import { checkLessons } from './lib/lesson-content.ts';
import { writeServiceWorker } from './lib/offline.ts';
import { at, cache, dist, fingerprint } from './lib/paths.ts';
import { siteBaseSetting } from './lib/relocatable.ts';
import { runTool } from './lib/run-tool.ts';
import { settingsText, webcontainerSetting } from './lib/settings.ts';
import { fillWeights, weigh } from './lib/weights.ts';

const STAMP = join(cache, 'build-stamp');
/** Here the site is made; it becomes `dist/` once it is whole, so what a failed build leaves is never served. */
const MADE = at('dist.new');
/** The page that tells what the site weighs. */
const HOSTING = join(MADE, 'hosting/index.html');

/** Everything the built site depends on. */
function inputs(): string {
  const folders = ['src', 'lessons', 'sandboxes', 'scripts', 'public'].map((folder) => at(folder));
  const sources = fingerprint([
    ...folders,
    ...['LICENSE', 'docs/hosting/nginx.conf', 'package-lock.json', 'astro.config.mjs', 'svelte.config.js', 'tsconfig.json'].map((file) =>
      at(file),
    ),
  ]);
  return `${sources} ${settingsText()} ${siteBaseSetting()}`;
}

/** Is `dist/` what the sources make? */
export function isBuilt(): boolean {
  return existsSync(join(dist, 'index.html')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs();
}

/** Builds the site; throws when there is a mistake in a lesson, or Astro found one (its own message has been printed). */
export async function buildSite({ quick = false } = {}): Promise<void> {
  // Astro would name the file of a wrong lesson, but no line, and a wrong setting only in the browser.
  checkLessons();
  webcontainerSetting();
  siteBaseSetting();
  await buildEngine();
  const built = inputs();
  if (!(await runTool(['astro', 'build', '--outDir', MADE])))
    throw new Error(`The site was not built.${existsSync(dist) ? ' dist/ is still the one of before.' : ''}`);
  const started = performance.now();
  await compress(MADE, { quick });
  // Only now it is known what is sent.
  fillWeights(HOSTING, weigh(MADE));
  await compressFile(HOSTING, quick);
  await compressFile(await writeServiceWorker(MADE), quick);
  rmSync(STAMP, { force: true });
  rmSync(dist, { recursive: true, force: true });
  renameSync(MADE, dist);
  console.log(`compressed in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  mkdirSync(cache, { recursive: true });
  writeFileSync(STAMP, built);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, base: { type: 'string' } } });
  // Astro's own process reads it, too.
  if (values.base !== undefined) process.env['SITE_BASE'] = values.base;
  await buildSite({ quick: values.quick ?? false }).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
