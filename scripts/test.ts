/**
 * `npm test`: every check, then the totals. `npm test -- unit` runs one stage; what follows the stage's name goes to
 * its tool: `npm test -- unit src/trace`, `npm test -- e2e lesson`.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSite, isBuilt } from './build.ts';
import { buildEngine } from './build-engine.ts';
import { sentBytes } from './compress.ts';
import { ensureBrowser } from './ensure-browser.ts';
import { checkLessons } from './lib/lesson-content.ts';
import { cache, dist } from './lib/paths.ts';
import { readTexts } from './lib/reach.ts';
import { overBudget } from './lib/reading-budget.ts';
import { add, one, playwrightTotals, readTotals, type Totals, totalsLine, vitestTotals } from './lib/report.ts';
import { type Run, runTool } from './lib/run-tool.ts';
import { brokenLinks, readSite } from './lib/site-links.ts';
import { freePort } from './lib/static-server.ts';
import { readShipped, unnamed } from './licences/shipped.ts';
import { installReal } from './real/install.ts';
import { whyNotReal } from './real/installed.ts';

const REPORTS = join(cache, 'reports');

/** `verbose`: each test's line as it ends. */
async function vitest(
  projects: readonly string[],
  args: readonly string[],
  reporter: 'default' | 'verbose' = 'default',
  how: Run = {},
): Promise<Totals> {
  const report = join(REPORTS, `${projects.join('-')}.json`);
  rmSync(report, { force: true });
  const chosen = projects.flatMap((project) => ['--project', project]);
  const reporters = [`--reporter=${reporter}`, '--reporter=json', `--outputFile.json=${report}`];
  const ok = await runTool(['vitest', 'run', ...chosen, ...reporters, ...args], how);
  return readTotals(report, ok, vitestTotals);
}

async function e2e(args: readonly string[]): Promise<Totals> {
  if (!isBuilt()) await buildSite({ quick: true });
  const browser = await ensureBrowser();
  const report = join(REPORTS, 'e2e.json');
  rmSync(report, { force: true });
  const port = await freePort();
  const env = { ...browser.env, BROWSER_PATH: browser.path, E2E_PORT: String(port), E2E_REPORT: report };
  return readTotals(report, await runTool(['playwright', 'test', ...args], { env }), playwrightTotals);
}

/**
 * The real servers: used where they are; installed only when it is this stage that was asked for, as by `npm run test:real`. Errors: it
 * was, and they cannot be had.
 */
async function real(args: readonly string[]): Promise<Totals> {
  const missing = only === 'real' ? installReal() : whyNotReal();
  // a lesson takes a while
  if (missing === null) return vitest(['real'], args, 'verbose', { beside: only === undefined });
  if (only === 'real') throw new Error(`Nothing was tested: ${missing}`);
  console.log(`Skipped: ${missing}`);
  return { passed: 0, failed: 0, skipped: 1 };
}

type Stage = (args: readonly string[]) => Promise<Totals>;

// Astro's check reads the .ts files as well.
const types: Stage = async (args) => {
  // The lessons' data too: Astro's check would name the file of a wrong one, but no line.
  checkLessons();
  // The page imports the engine's addresses. When the engine cannot be built, the checkers say why better than the bundler.
  const engine = await buildEngine().catch(() => null);
  // Astro writes the types of what its components import: on a fresh clone both checkers need them.
  if (!(await runTool(['astro', 'sync']))) return one(false);
  const svelte = ['svelte-check', '--tsconfig', 'src/tsconfig.svelte.json', '--fail-on-warnings'];
  const checked = await Promise.all([['astro', 'check', ...args], svelte].map((tool) => runTool(tool, { beside: true })));
  return one(engine !== null && checked.every(Boolean));
};

const lint: Stage = async (args) => one(await runTool(['biome', 'ci', ...args], { beside: true }));

// The words a reader sees, in British English; cspell.json lists files and the trade's own words.
const spelling: Stage = async (args) => one(await runTool(['cspell', '--no-progress', '--no-summary', ...args], { beside: true }));

const build: Stage = async () => {
  await buildSite({ quick: true });
  // Below a path just as at the root; only the page for what is not there knows where the site lies.
  const below = new Map([...readSite(dist, '/a/b/')].filter(([path]) => path !== '/a/b/404.html'));
  const broken = [...brokenLinks(readSite(dist)), ...brokenLinks(below)];
  for (const line of broken) console.error(`broken link: ${line}`);
  const page = readFileSync(join(dist, 'licences/index.html'), 'utf8');
  const texts = readTexts(dist);
  const forgotten = unnamed([...texts.keys()], readShipped(), page);
  for (const line of forgotten) console.error(`licences: ${line}`);
  const heavy = overBudget(texts, (name) => sentBytes(dist, name, '.gz'));
  for (const line of heavy) console.error(`too heavy: ${line}`);
  return [one(true), ...[broken, forgotten, heavy].map((lines) => one(lines.length === 0))].reduce(add);
};

/** By name, for who asks for one. */
const stages: Readonly<Record<string, Stage>> = {
  types,
  lint,
  spelling,
  unit: (args) => vitest(['unit'], args),
  sandbox: (args) => vitest(['sandbox'], args),
  real,
  build,
  e2e,
};

const [only, ...rest] = process.argv.slice(2);

const summary: string[] = [];
let total: Totals = { passed: 0, failed: 0, skipped: 0 };

/** Runs a stage, and says how long it took and how it went: one failed check when it cannot do its work. */
async function step(name: string, stage: Stage, args: readonly string[] = []): Promise<void> {
  console.log(`\n=== ${name} ===`);
  const started = performance.now();
  const totals = await stage(args).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return one(false);
  });
  total = add(total, totals);
  summary.push(`${name.padEnd(13)} ${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s   ${totalsLine(totals)}`);
  console.log(summary.at(-1));
}

async function checkersAndBuild(): Promise<void> {
  await Promise.all([step('types', types), step('lint', lint), step('spelling', spelling)]);
  await step('build', build);
}

/** Everything. What would leave a processor idle alone runs beside others: a project's last long file, and what mostly waits for servers. */
async function whole(): Promise<void> {
  await step('unit, sandbox', (args) => vitest(['unit', 'sandbox'], args));
  // after the sandbox's tests, which leave the played lessons for it
  await Promise.all([step('real', real), checkersAndBuild()]);
  await step('e2e', e2e);
}

mkdirSync(REPORTS, { recursive: true });
const asked = only === undefined ? null : stages[only];
if (only === undefined) {
  await whole();
  console.log(`\n${summary.join('\n')}\n\n${totalsLine(total)}`);
} else if (asked) await step(only, asked, rest);
else {
  console.error(`There is no stage named ${only}. Stages: ${Object.keys(stages).join(', ')}`);
  process.exit(2);
}
process.exitCode = total.failed > 0 ? 1 : 0;
