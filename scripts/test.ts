/**
 * `npm test`: every check in turn, then the totals. `npm test -- unit` runs one stage; what follows the stage's name goes to
 * its tool: `npm test -- unit src/trace`, `npm test -- e2e lesson`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSite, isBuilt } from './build.ts';
import { buildEngine } from './build-engine.ts';
import { ensureBrowser } from './ensure-browser.ts';
import { checkLessons } from './lib/lesson-content.ts';
import { at, cache, dist, root } from './lib/paths.ts';
import { readTexts } from './lib/reach.ts';
import { add, one, playwrightTotals, readTotals, type Totals, totalsLine, vitestTotals } from './lib/report.ts';
import { brokenLinks, readSite } from './lib/site-links.ts';
import { freePort } from './lib/static-server.ts';
import { readShipped, unnamed } from './licences/shipped.ts';
import { installReal } from './real/install.ts';
import { whyNotReal } from './real/installed.ts';

const REPORTS = join(cache, 'reports');

const LAUNCHER = at('scripts/run.mjs');

/** Runs a tool or script by way of the launcher; true when it ends well. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  return spawnSync(process.execPath, [LAUNCHER, ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;
}

/** The same beside others: what it prints comes in one piece, when it has ended. */
function runBeside(args: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => printed.push(part));
  child.stderr.on('data', (part: Buffer) => printed.push(part));
  return new Promise((resolve) =>
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(printed));
      resolve(code === 0);
    }),
  );
}

/** `verbose`: each test's line as it ends. */
function vitest(projects: readonly string[], args: readonly string[], reporter: 'default' | 'verbose' = 'default'): Totals {
  const report = join(REPORTS, `${projects.join('-')}.json`);
  rmSync(report, { force: true });
  const chosen = projects.flatMap((project) => ['--project', project]);
  const ok = run(['vitest', 'run', ...chosen, `--reporter=${reporter}`, '--reporter=json', `--outputFile.json=${report}`, ...args]);
  return readTotals(report, ok, vitestTotals);
}

async function e2e(args: readonly string[]): Promise<Totals> {
  if (!isBuilt()) await buildSite({ quick: true });
  const browser = await ensureBrowser();
  const report = join(REPORTS, 'e2e.json');
  rmSync(report, { force: true });
  const port = await freePort();
  const env = { ...browser.env, BROWSER_PATH: browser.path, E2E_PORT: String(port), E2E_REPORT: report };
  return readTotals(report, run(['playwright', 'test', ...args], env), playwrightTotals);
}

/**
 * The real servers: used where they are; installed only when it is this stage that was asked for, as by `npm run test:real`. Errors: it
 * was, and they cannot be had.
 */
function real(args: readonly string[]): Totals {
  const missing = only === 'real' ? installReal() : whyNotReal();
  // a lesson takes a while
  if (missing === null) return vitest(['real'], args, 'verbose');
  if (only === 'real') throw new Error(`Nothing was tested: ${missing}`);
  console.log(`Skipped: ${missing}`);
  return { passed: 0, failed: 0, skipped: 1 };
}

type Stage = (args: readonly string[]) => Totals | Promise<Totals>;

/** Its totals: one failed check when it cannot do its work. */
async function totalsOf(stage: Stage, args: readonly string[]): Promise<Totals> {
  try {
    return await stage(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return one(false);
  }
}

// Astro's check reads the .ts files as well.
const types: Stage = async (args) => {
  // The lessons' data too: Astro's check would name the file of a wrong one, but no line.
  checkLessons();
  // The page imports the engine's addresses. When the engine cannot be built, the checkers say why better than the bundler.
  const engine = await buildEngine().catch(() => null);
  // Astro writes the types of what its components import: on a fresh clone both checkers need them.
  if (!run(['astro', 'sync'])) return one(false);
  const svelte = ['svelte-check', '--tsconfig', 'src/tsconfig.svelte.json', '--fail-on-warnings'];
  const checked = await Promise.all([runBeside(['astro', 'check', ...args]), runBeside(svelte)]);
  return one(engine !== null && checked.every(Boolean));
};

const lint: Stage = async (args) => one(await runBeside(['biome', 'ci', ...args]));

// The words a reader sees, in British English; cspell.json lists files and the trade's own words.
const spelling: Stage = async (args) => one(await runBeside(['cspell', '--no-progress', '--no-summary', ...args]));

const build: Stage = async () => {
  await buildSite({ quick: true });
  // Below a path just as at the root; only the page for what is not there knows where the site lies.
  const below = new Map([...readSite(dist, '/a/b/')].filter(([path]) => path !== '/a/b/404.html'));
  const broken = [...brokenLinks(readSite(dist)), ...brokenLinks(below)];
  for (const line of broken) console.error(`broken link: ${line}`);
  const page = readFileSync(join(dist, 'licences/index.html'), 'utf8');
  const forgotten = unnamed([...readTexts(dist).keys()], readShipped(), page);
  for (const line of forgotten) console.error(`licences: ${line}`);
  return [one(true), one(broken.length === 0), one(forgotten.length === 0)].reduce(add);
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

/** All, in order. Beside each other runs what alone would leave a processor idle: checkers, and a project's last long file. */
const whole: Readonly<Record<string, Stage>> = {
  'types, lint, spelling': async () => (await Promise.all([types, lint, spelling].map((stage) => totalsOf(stage, [])))).reduce(add),
  'unit, sandbox': () => vitest(['unit', 'sandbox'], []),
  // after the sandbox's tests, which leave the played lessons for it
  real,
  build,
  e2e,
};

const [only, ...rest] = process.argv.slice(2);
const asked = only === undefined ? whole : { [only]: stages[only] };

mkdirSync(REPORTS, { recursive: true });
const summary: string[] = [];
let total: Totals = { passed: 0, failed: 0, skipped: 0 };
for (const [name, stage] of Object.entries(asked)) {
  if (!stage) {
    console.error(`There is no stage named ${name}. Stages: ${Object.keys(stages).join(', ')}`);
    process.exit(2);
  }
  console.log(`\n=== ${name} ===`);
  const started = performance.now();
  const totals = await totalsOf(stage, rest);
  total = add(total, totals);
  summary.push(`${name.padEnd(21)} ${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s   ${totalsLine(totals)}`);
  console.log(summary.at(-1));
}
if (only === undefined) console.log(`\n${summary.join('\n')}\n\n${totalsLine(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;
