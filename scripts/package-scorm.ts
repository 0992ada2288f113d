/** `npm run package:scorm -- --lesson all|SLUG …`: lessons as packages for learning platforms, see scripts/scorm/wishes.ts for the options. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { buildSite, isBuilt } from './build.ts';
import { lessonFolders, readLesson } from './lib/lesson.ts';
import { dist, root } from './lib/paths.ts';
import { readShipped } from './licences/shipped.ts';
import { launcherScripts, packageFiles, packageName, sizeText, zipped } from './scorm/package.ts';
import { USAGE, WishError, wishesOf } from './scorm/wishes.ts';

async function main(): Promise<void> {
  const lessons = new Map(lessonFolders().map((folder) => [readLesson(folder).slug, readLesson(folder)] as const));
  const { slugs, version, mode, site, out } = wishesOf(process.argv.slice(2), [...lessons.keys()]);
  const bundled = mode === 'bundled';
  if (bundled && !isBuilt()) await buildSite({ quick: true });
  const scripts = await launcherScripts();
  const shipped = bundled ? readShipped() : null;
  const folder = resolve(root, out);
  mkdirSync(folder, { recursive: true });
  for (const slug of slugs) {
    const { title = slug, wheels = [] } = lessons.get(slug)?.data ?? {};
    const zip = zipped(packageFiles({ lesson: { slug, title, wheels }, version, mode, site, dist, scripts, shipped }));
    const file = join(folder, packageName(slug, version, mode));
    writeFileSync(file, zip);
    console.log(`${relative(process.cwd(), file)}  ${sizeText(zip.length)}`);
  }
}

await main().catch((error: Error) => {
  console.error(error instanceof WishError ? `${error.message}\n\n${USAGE}` : error.message);
  process.exitCode = error instanceof WishError ? 2 : 1;
});
