/**
 * Puts the cases of `sandboxes/programs/uwsgi/cases` to the real uWSGI and writes what it did to the fixtures. For Linux,
 * as root, with Debian's uwsgi-core and uwsgi-plugin-python3, in namespaces of its own so that nothing of the machine is touched:
 *
 *   unshare --mount --net node scripts/run.mjs scripts/record-uwsgi.ts [--new]
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { APP, HOME, INI, plain, type Recorded, type StartCase, USER } from '../sandboxes/programs/uwsgi/cases/case.ts';
import { STARTS } from '../sandboxes/programs/uwsgi/cases/startup.ts';
import own from '../sandboxes/programs/uwsgi/fixtures/own.json' with { type: 'json' };
import { at } from './lib/paths.ts';

/** Nothing new in the log for this long, ms: it is up. */
const QUIET = 400;

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function prepare({ ini, files }: StartCase): void {
  for (const directory of ['/srv', '/run/shop']) {
    mkdirSync(directory, { recursive: true });
    spawnSync('umount', [directory]);
    execFileSync('mount', ['-t', 'tmpfs', 'none', directory]);
  }
  mkdirSync(HOME);
  chownSync('/run/shop', USER, USER);
  for (const [path, text] of Object.entries({ ...APP, ...files, ...(ini === undefined ? {} : { [INI]: ini }) })) put(path, text);
  if (existsSync('/run/shop/secret.ini')) chmodSync('/run/shop/secret.ini', 0o600);
}

/** Resolves when the process has ended, or nothing has been heard of it for a while. */
async function settled(child: ChildProcess, heard: () => number): Promise<void> {
  for (let before = -1; child.exitCode === null && heard() !== before; ) {
    before = heard();
    await pause(QUIET);
  }
}

async function record(one: StartCase): Promise<Recorded> {
  prepare(one);
  const env = { PATH: process.env.PATH, ...one.env };
  const owner = one.user !== 'www-data' ? {} : { uid: USER, gid: USER };
  const child = spawn('uwsgi', [...one.args], { cwd: HOME, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...owner });
  let output = '';
  const log = '/run/shop/shop.log';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const gone = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const closed = new Promise((resolve) => child.on('close', resolve));
  await settled(child, () => output.length + (existsSync(log) ? readFileSync(log).length : 0));
  if (child.exitCode === null) child.kill('SIGINT');
  const code = await gone;
  // Without a master, workers are left.
  spawnSync('kill', ['-KILL', '--', `-${child.pid}`]);
  await closed;
  const text = (path: string): string | null => (existsSync(path) ? plain(readFileSync(path, 'utf8')).join('\n') : null);
  const files = one.look && { files: Object.fromEntries(one.look.map((path) => [path, text(path)])) };
  return { output: plain(output), code, ...files };
}

execFileSync('ip', ['link', 'set', 'lo', 'up']);
/** With --new, only those that the file does not have yet. */
const old: Readonly<Record<string, Recorded>> = process.argv.includes('--new') ? own.starts : {};
const starts: Record<string, Recorded> = {};
for (const one of STARTS) starts[one.name] = old[one.name] ?? (await record(one));
const version = spawnSync('uwsgi', ['--version'], { encoding: 'utf8' }).stdout.trim();
const source = `uWSGI ${version} (Debian 12), recorded by scripts/record-uwsgi.ts`;
writeFileSync(at('sandboxes/programs/uwsgi/fixtures/own.json'), `${JSON.stringify({ source, starts }, null, 1)}\n`);
process.exit(0);
