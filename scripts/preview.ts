/** `npm run preview -- [--port N] [--host NAME]`: serves what was built in `dist/`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dist } from './lib/paths.ts';
import { isRelocated } from './lib/relocatable.ts';
import { createStaticServer, listen } from './lib/static-server.ts';

const DEFAULT_PORT = 4321;

/** Serves `dist/` at the port that the arguments or PORT name; `next`: when it is taken, at the next free one. Prints the address. */
export async function serveDist(args: readonly string[], { next }: { next: boolean }): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { port: { type: 'string' }, host: { type: 'string' } } });
  const wish = values.port ?? process.env['PORT'];
  const wanted = Number(wish ?? DEFAULT_PORT);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) throw new Error(`Not a port: ${wish}`);
  const port = await listen(createStaticServer(dist), wanted, { host: values.host ?? '127.0.0.1', next });
  console.log(`\n  Follow the Request is at  http://${values.host ?? 'localhost'}:${port}/\n\n  Ctrl-C stops it.`);
}

/** What hinders serving `dist/`, whose first page this is; null when nothing does. */
export function whatIsMissing(page: string | null): string | null {
  if (page === null) return 'There is no dist/ yet: npm run build';
  return isRelocated(page) ? null : 'The site in dist/ is not whole, because its build was stopped or still runs: npm run build';
}

if (import.meta.main) {
  const page = join(dist, 'index.html');
  const missing = whatIsMissing(existsSync(page) ? readFileSync(page, 'utf8') : null);
  if (missing === null) {
    await serveDist(process.argv.slice(2), { next: false }).catch((error: Error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
  } else {
    console.error(missing);
    process.exitCode = 1;
  }
}
