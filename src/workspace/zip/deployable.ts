/**
 * A learner's work as a folder for a real Ubuntu or Debian server: what is to be installed at the paths it has in the sandbox, the
 * unit that starts it, install.sh with the list it goes by, and a README. Pure: what is packed is decided here, and nowhere else.
 */
import type { Changed, Changes } from '../../runtime/changes.ts';
import type { Files } from '../../runtime/runtime.ts';
import type { StartCommand } from '../servers.ts';
import { faultOfPath } from '../share/paths.ts';
import { readme, requirements, runFolder, unit } from './generated.ts';
import INSTALL from './install.sh?raw';
import { wholeTree } from './whole-tree.ts';

export interface Deployed {
  readonly slug: string;
  readonly title: string;
  /** What the lesson starts, in this order. */
  readonly start: readonly StartCommand[];
  /** Sets of Python packages that it uses. */
  readonly wheels: readonly string[];
  readonly files: Files;
  readonly changes: Changes;
}

/** One thing in the zip, at its path in there. */
export type Packed = { readonly path: string } & Changed;

/** Where things lie that a deployment consists of. What lies elsewhere belongs to the machine, and goes along to be read only. */
const INSTALLED = [
  '/srv/',
  '/opt/',
  '/var/www/',
  '/usr/local/',
  '/etc/nginx/sites-available/',
  '/etc/nginx/sites-enabled/',
  '/etc/nginx/conf.d/',
  '/etc/nginx/snippets/',
  '/etc/uwsgi/',
  '/etc/systemd/system/',
  '/etc/ssl/shop/',
];
export const UNIT = '/etc/systemd/system/shop.service';
export const RUN_FOLDER = '/etc/tmpfiles.d/shop.conf';
export const REQUIREMENTS = '/srv/shop/requirements.txt';

/** The users that every Ubuntu and Debian with a web server has. */
const OWNERS: Readonly<Record<number, string>> = { 0: 'root', 33: 'www-data' };

/** The folder's content, below a folder of one name. */
export function deployable(work: Deployed): readonly Packed[] {
  const tree = wholeTree(work.files, work.changes);
  const environments = Object.keys(tree).flatMap((path) => (path.endsWith('/pyvenv.cfg') ? [path.slice(0, -'pyvenv.cfg'.length)] : []));
  const mine = Object.entries(tree).filter(([path]) => faultOfPath(path) === null);
  const installed = Object.fromEntries(mine.filter(([path]) => isInstalled(path, environments)));
  const generated = generate(work, installed);
  const all = { ...installed, ...generated };
  const other = mine.filter(([path, one]) => path in work.changes && one.kind === 'file' && isMachines(path) && !(path in all));
  const folder = `shop-${work.slug}`;
  const sorted = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = { installed: sorted.map(([path]) => path), generated: Object.keys(generated), other: other.map(([path]) => path) };
  return [
    { path: `${folder}/README.md`, ...file(readme(work, names)) },
    { path: `${folder}/install.sh`, ...file(INSTALL, 0o755) },
    { path: `${folder}/files.list`, ...file(sorted.map(([path, one]) => `${line(path, one)}\n`).join('')) },
    ...sorted.map(([path, one]) => ({ path: `${folder}/files${path}`, ...one })),
    ...other.map(([path, one]) => ({ path: `${folder}/not-installed${path}`, ...one })),
  ];
}

/** Neither of the deployment nor somebody's own. */
function isMachines(path: string): boolean {
  return ![...INSTALLED, '/root/', '/home/'].some((folder) => path.startsWith(folder));
}

function isInstalled(path: string, environments: readonly string[]): boolean {
  if (!INSTALLED.some((folder) => path.startsWith(folder))) return false;
  if (path.startsWith('/srv/wheelhouse') || path.includes('/__pycache__/') || path.endsWith('/__pycache__')) return false;
  // the sandbox's Python is another one than the server's
  return !environments.some((folder) => `${path}/`.startsWith(folder));
}

/** What the server needs beside the learner's files. */
function generate({ start, wheels }: Deployed, installed: Readonly<Record<string, Changed>>): Readonly<Record<string, Changed>> {
  const units = Object.entries(installed).flatMap(([path, one]) =>
    path.endsWith('.service') && one.kind === 'file' ? [new TextDecoder().decode(one.data)] : [],
  );
  const app = start.find(({ program }) => program !== 'nginx' && program !== 'systemd');
  return {
    ...(units.length === 0 && app ? { [UNIT]: file(unit(app)) } : {}),
    ...(units.length > 0 && !units.some((text) => /^RuntimeDirectory\s*=/m.test(text)) ? { [RUN_FOLDER]: file(runFolder()) } : {}),
    ...(installed[REQUIREMENTS] ? {} : { [REQUIREMENTS]: file(requirements(wheels)) }),
  };
}

function file(text: string, mode = 0o644): Changed {
  return { kind: 'file', data: new TextEncoder().encode(text), mode, uid: 0, gid: 0 };
}

/** A line of files.list: kind, mode, owner, path, target of a link. */
function line(path: string, one: Changed): string {
  if (one.kind === 'link') return ['l', '0777', 'root:root', path, one.target].join('\t');
  const owner = `${OWNERS[one.uid] ?? 'root'}:${OWNERS[one.gid] ?? 'root'}`;
  return [one.kind === 'file' ? 'f' : 'd', one.mode.toString(8).padStart(4, '0'), owner, path, ''].join('\t');
}
