/**
 * `npm run bench [-- NAME...]`: runs the benchmarks in scripts/bench (or only those named), prints their figures beside
 * their budgets and keeps them in bench/results.json (one that keeps its own gives none). Ends with 1 when a budget is exceeded.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSite, isBuilt } from './build.ts';
import { browserArgs, ensureBrowser } from './ensure-browser.ts';
import type { Bench, Figure } from './lib/figures.ts';
import { table, within } from './lib/figures.ts';
import { at, dist } from './lib/paths.ts';
import { exitOnSignals } from './lib/processes.ts';
import { createStaticServer, listen } from './lib/static-server.ts';

const RESULTS = at('bench/results.json');
const FOLDER = at('scripts/bench');

interface Results {
  readonly machine: string;
  readonly benches: Record<string, { readonly measured: string; readonly figures: readonly Figure[] }>;
}

// real servers and browsers end with this process
exitOnSignals();
if (!isBuilt()) await buildSite({ quick: true });
const browser = await ensureBrowser();
// gzip is what every host can do: the budgets are in gzip.
const server = createStaticServer(dist, { encodings: ['gzip'] });
const site = `http://localhost:${await listen(server, 0)}`;

const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${process.platform}, Node ${process.version}`;
const before: Results | null = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : null;
// Benchmarks that do not run now keep their figures, if this machine took them.
const results: Results = { machine, benches: before?.machine === machine ? before.benches : {} };

const wanted = process.argv.slice(2);
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name));

let over = 0;
for (const name of names) {
  const { default: bench }: { default: Bench } = await import(pathToFileURL(join(FOLDER, `${name}.ts`)).href);
  const figures = await bench({ site, browser, browserArgs });
  if (figures.length === 0) continue;
  results.benches[name] = { measured: new Date().toISOString(), figures };
  over += figures.filter((figure) => within(figure) === false).length;
  console.log(`\n${name}\n${table(figures)}`);
}
server.close();
server.closeAllConnections();

mkdirSync(at('bench'), { recursive: true });
writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
console.log(`\n${over === 0 ? 'All budgets are kept.' : `${over} figures are over their budget.`} Figures are in bench/results.json`);
process.exitCode = over > 0 ? 1 : 0;
