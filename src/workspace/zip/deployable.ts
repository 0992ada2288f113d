/**
 * A learner's work as a folder for a real Ubuntu or Debian server: what is to be installed at the paths it has in the sandbox, the
 * unit that starts it, install.sh with the list it goes by, and a README. Pure: what is packed is decided here, and nowhere else.
 */
import { type Changed, type Changes, isVolatile } from '../../runtime/changes.ts';
import type { Files } from '../../runtime/runtime.ts';
import type { StartCommand } from '../servers.ts';
import { faultOfPath, faultOfTarget } from '../share/paths.ts';
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

type Tree = Readonly<Record<string, Changed>>;

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
  const faults = faultsIn(tree);
  const mine = Object.entries(tree).filter(([path]) => !faults.has(path));
  const installed = Object.fromEntries(mine.filter(([path]) => isInstalled(path, environments)));
  const generated = Object.fromEntries(Object.entries(generate(work, installed)).filter(([path]) => !hasNoFolder(tree, path)));
  const all = { ...installed, ...generated };
  const other = mine.filter(([path, one]) => path in work.changes && one.kind === 'file' && isMachines(path) && !(path in all));
  const folder = `shop-${work.slug}`;
  const sorted = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
  const isMissed = (path: string) => isInstalled(path, environments) || (path in work.changes && isMachines(path));
  const names = {
    installed: sorted.map(([path]) => path),
    generated: Object.keys(generated),
    units: sorted.flatMap(([path]) => /^\/etc\/systemd\/system\/([A-Za-z0-9_.:-]+)\.service$/.exec(path)?.[1] ?? []),
    other: other.map(([path]) => path),
    left: [...faults].filter(([path]) => !isVolatile(path) && isMissed(path)),
  };
  return [
    { path: `${folder}/README.md`, ...file(readme(work, names)) },
    { path: `${folder}/install.sh`, ...file(INSTALL, 0o755) },
    { path: `${folder}/files.list`, ...file(sorted.map(([path, one]) => `${line(path, one)}\n`).join('')) },
    ...sorted.map(([path, one]) => ({ path: `${folder}/files${path}`, ...plain(one) })),
    ...other.map(([path, one]) => ({ path: `${folder}/not-installed${path}`, ...plain(one) })),
  ];
}

/** Why a path cannot go into a zip that others unpack, and root installs; by path, those with nothing wrong not among them. */
function faultsIn(tree: Tree): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  for (const [path, one] of Object.entries(tree)) {
    const fault = faultOfPath(path) ?? (one.kind === 'link' ? faultOfTarget(one.target) : null);
    if (fault !== null) faults.set(path, fault);
    else if (hasNoFolder(tree, path)) faults.set(path, 'it lies below a link or a file');
  }
  return faults;
}

/** Is there a link or a file where a folder above the path should be? What is unpacked through a link lands somewhere else. */
function hasNoFolder(tree: Tree, path: string): boolean {
  const names = path.split('/');
  return names.some((_, at) => {
    const above = at > 0 && tree[names.slice(0, at).join('/')];
    return above && above.kind !== 'folder';
  });
}

/** On a real server nothing of a learner's runs as another user or asks for more than it says: no setuid, no setgid. */
function plain(one: Changed): Changed {
  return one.kind === 'link' ? one : { ...one, mode: one.mode & 0o777 };
}

/** Neither of the deployment nor somebody's own. */
function isMachines(path: string): boolean {
  return ![...INSTALLED, '/root/', '/home/'].some((folder) => path.startsWith(folder));
}

function isInstalled(path: string, environments: readonly string[]): boolean {
  if (!INSTALLED.some((folder) => path.startsWith(folder))) return false;
  if (path.startsWith('/srv/wheelhouse')) return false;
  // the sandbox's Python is another one than the server's
  return !environments.some((folder) => `${path}/`.startsWith(folder));
}

/** What the server needs beside the learner's files. */
function generate({ start, wheels }: Deployed, installed: Tree): Tree {
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
  return [one.kind === 'file' ? 'f' : 'd', (one.mode & 0o777).toString(8).padStart(4, '0'), owner, path, ''].join('\t');
}
