/** `npm start [-- --port N]`: builds the site when something has changed, then serves it and prints its address. */
import { buildSite, isBuilt } from './build.ts';
import { serveDist } from './preview.ts';

try {
  if (!isBuilt()) await buildSite({ quick: true });
  await serveDist(process.argv.slice(2), { next: true });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
