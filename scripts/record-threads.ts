/**
 * Sends four requests at once to the real uWSGI, with threads and with processes, and writes who was at work when: what the figures
 * of the lesson on the GIL show as a recording. Run it by hand, on a machine that has little else to do, with Debian's uwsgi-core
 * and uwsgi-plugin-python3; as root it takes precedence over other programs:
 *
 *   node scripts/run.mjs scripts/record-threads.ts [PORT]
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { cpus, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Close, Measured, MeasuredRun, MeasuredSetup, Span } from '../src/components/threads/measured.ts';
import { at } from './lib/paths.ts';
import { AT_ONCE, RUNS, SETUPS, THREADS_APP, THREADS_LESSON, threadsInputs, URLS } from './lib/threads-inputs.ts';

/** So long a piece of a run that computes is kept in full, ms. */
const CLOSE = 60;
/** A program that takes precedence is disturbed less (nice value). */
const PRECEDENCE = -20;

const SESSION = '/proc/self/autogroup';

/** A line of the watch, see record-threads.py. Times in seconds of the machine's clock. */
interface Said {
  readonly worker: number;
  readonly thread: number;
  readonly from: number;
  readonly to: number;
  readonly cpu: number;
  readonly turns: readonly Span[];
  readonly python: string;
  readonly switchInterval: number;
}

const port = process.argv[2] ?? '4530';
const folder = mkdtempSync(join(tmpdir(), 'threads-'));
const log = join(folder, 'watch.ndjson');
/** What its Python is. */
let about: Pick<Said, 'python' | 'switchInterval'> = { python: '', switchInterval: 0 };

async function answered(url: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    get(`http://127.0.0.1:${port}${url}`, { agent: false }, (response) => {
      response.resume().on('end', resolve);
    }).on('error', reject);
  });
}

/** One run: the lines of its requests, by the time at which they began. */
async function send(url: string): Promise<Said[]> {
  writeFileSync(log, '');
  await Promise.all(Array.from({ length: AT_ONCE }, () => answered(url)));
  const said = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line): Said => JSON.parse(line));
  about = said[0] ?? about;
  return said.sort((a, b) => a.from - b.from);
}

/** Milliseconds since the run began, to a hundredth. */
const since = (start: number, t: number): number => Math.round((t - start) * 1e5) / 100;
const startOf = (run: readonly Said[]): number => run[0]?.from ?? 0;
const wallOf = (run: readonly Said[]): number => Math.max(...run.map(({ to }) => to)) - startOf(run);
const coresOf = (run: readonly Said[]): number => Math.round((run.reduce((sum, { cpu }) => sum + cpu, 0) / wallOf(run)) * 100) / 100;

/** The run in the middle, by how long it took. */
function middle(runs: readonly (readonly Said[])[]): readonly Said[] {
  return [...runs].sort((a, b) => wallOf(a) - wallOf(b))[Math.floor(runs.length / 2)] ?? [];
}

function measured(runs: readonly (readonly Said[])[]): MeasuredRun {
  const run = middle(runs);
  const start = startOf(run);
  const requests = run.map(({ worker, thread, from, to, cpu }) => ({
    ...{ worker, thread },
    ...{ from: since(start, from), to: since(start, to), cpu: since(0, cpu) },
  }));
  const walls = runs.map((one) => since(0, wallOf(one))).sort((a, b) => a - b);
  const cores = runs.map(coresOf).sort((a, b) => a - b);
  const ends = (list: readonly number[]): [number, number] => [list[0] ?? 0, list.at(-1) ?? 0];
  return { requests, wall: since(0, wallOf(run)), cores: coresOf(run), walls: ends(walls), allCores: ends(cores) };
}

/** The middle of a run, as far as it fits. */
function close(run: readonly Said[]): Close {
  const start = startOf(run);
  const middle = Math.round((wallOf(run) * 1000) / 2);
  const [from, to] = [middle - CLOSE / 2, middle + CLOSE / 2];
  const turns = run.map((one) =>
    one.turns.map(([a, b]): Span => [Math.max(since(start, a), from), Math.min(since(start, b), to)]).filter(([a, b]) => a < b),
  );
  return { from, to, turns };
}

async function listening(server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const up = await answered('/').then(
      () => true,
      () => false,
    );
    if (up) return;
    await pause(100);
  }
  throw new Error(`uwsgi has ended with ${server.exitCode}`);
}

async function record(setup: (typeof SETUPS)[number]): Promise<MeasuredSetup> {
  const options = {
    'http-socket': `127.0.0.1:${port}`,
    plugins: 'python3',
    chdir: at('scripts'),
    'wsgi-file': 'record-threads.py',
    ...setup,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const env = { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', WATCH_LOG: log, WATCH_APP: THREADS_APP };
  const server = spawn('uwsgi', ['--master', '--need-app', ...args], { env, stdio: 'ignore' });
  const gone = new Promise((resolve) => server.on('exit', resolve));
  try {
    await listening(server);
    const runs = { wait: [] as Said[][], burn: [] as Said[][] };
    for (let i = 0; i < RUNS; i++) {
      runs.wait.push(await send(URLS.wait));
      runs.burn.push(await send(URLS.burn));
    }
    return { ...setup, wait: measured(runs.wait), burn: measured(runs.burn), close: close(middle(runs.burn)) };
  } finally {
    server.kill('SIGINT');
    await gone;
  }
}

if (process.getuid?.() === 0) {
  setPriority(PRECEDENCE);
  // Linux shares time between terminal sessions first, and between the processes of each only then
  if (existsSync(SESSION)) writeFileSync(SESSION, String(PRECEDENCE));
}
const setups: MeasuredSetup[] = [];
for (const setup of SETUPS) setups.push(await record(setup));
rmSync(folder, { recursive: true });
const all: Measured = {
  made: new Date().toISOString().slice(0, 10),
  uwsgi: execFileSync('uwsgi', ['--version'], { encoding: 'utf8' }).trim(),
  python: about.python,
  machine: `Linux on ${cpus().length} cores of an ${cpus()[0]?.model.trim()}`,
  cores: cpus().length,
  inputs: threadsInputs(),
  ...{ runs: RUNS, switchInterval: about.switchInterval, urls: URLS, setups },
};
writeFileSync(join(THREADS_LESSON, 'threads.json'), `${JSON.stringify(all, null, 1)}\n`);
for (const { processes, threads, wait, burn } of setups)
  console.log(
    `${processes} processes, ${threads} threads: wait ${wait.wall} ms, ${wait.cores} cores; burn ${burn.wall} ms, ${burn.cores} cores`,
  );
