/**
 * A learner's work as a folder for a real Ubuntu or Debian server: what is to be installed at the paths it has in the sandbox, the
 * unit that starts it, install.sh with the list it goes by, and a README. Pure: what is packed is decided here, and nowhere else.
 */
import { type Changed, type Changes, isVolatile } from '../../runtime/changes.ts';
import type { Files } from '../../runtime/runtime.ts';
import type { StartCommand } from '../servers.ts';
import { faultOfPath, faultOfTarget } from '../share/paths.ts';
import { accountsIn } from './accounts.ts';
import CLONES from './clones.sh?raw';
import { environmentsIn, isIn, wheelsOf } from './environments.ts';
import { generate } from './generated.ts';
import INSTALL from './install.sh?raw';
import { linesOf } from './list.ts';
import MACHINE from './machine.sh?raw';
import PATHS from './paths.sh?raw';
import { readme } from './readme.ts';
import SERVICES from './services.sh?raw';
import { wholeTree } from './whole-tree.ts';

export interface Deployed {
  readonly slug: string;
  readonly title: string;
  /** What the lesson starts, in this order. */
  readonly start: readonly StartCommand[];
  readonly files: Files;
  readonly changes: Changes;
  /** The wheels that were in the sandbox, by their place there. */
  readonly wheelhouse: Readonly<Record<string, Uint8Array>>;
  /** The repository that every sandbox has, by path; it goes along where it was cloned. */
  readonly repository: Readonly<Record<string, Uint8Array>>;
}

export type Tree = Readonly<Record<string, Changed>>;

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
  '/etc/ssl/',
];
const WHEELHOUSE = '/srv/wheelhouse';
const REPOSITORIES = '/var/lib/git/';
/** Links that `systemctl enable` makes. install.sh has it make them, where it wants them on that machine. */
const ENABLED = /^\/etc\/systemd\/system\/[^/]+\.(wants|requires)(\/|$)/;
const HOMES = ['/root/', '/home/'];
/** What shells and programs keep there. */
const HISTORY = /\/\.[^/]+(\/|$)/;
/** A server has accounts of its own; install.sh adds those that it lacks. */
const ACCOUNTS = /^\/etc\/(passwd|group|g?shadow)-?$/;

/** The folder's content, below a folder of one name. */
export function deployable(work: Deployed): readonly Packed[] {
  const { tree, places } = laid(work);
  const faults = faultsIn(tree);
  const mine = Object.entries(tree).filter(([path]) => !faults.has(path));
  const environments = environmentsIn(mine.map(([path]) => path)).filter(({ path }) => isBelow(places, path));
  const accounts = accountsIn(tree);

  const isInstalled = (path: string) =>
    isBelow(places, path) && !ENABLED.test(path) && !`${path}/`.startsWith(`${WHEELHOUSE}/`) && !isIn(environments, path);
  const isMachines = (path: string) => !isBelow([...places, ...HOMES], path) && !ACCOUNTS.test(path);

  const installed = Object.fromEntries(mine.filter(([path]) => isInstalled(path)));
  const made = generate({ start: work.start, tree, installed, environments, accounts });
  const generated = Object.fromEntries(Object.entries(made.files).filter(([path]) => !hasNoFolder(tree, path)));
  const all = { ...installed, ...generated };
  const other = mine.filter(([path, one]) => path in work.changes && one.kind === 'file' && isMachines(path) && !(path in all));
  const sorted = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
  const wheels = wheelsOf(environments, work.wheelhouse);
  const isMissed = (path: string) => isInstalled(path) || (path in work.changes && isMachines(path));

  const text = readme({
    title: work.title,
    installed: sorted,
    generated: Object.keys(generated),
    environments,
    wheels: wheels.length > 0,
    accounts: accounts.own.map(({ name }) => name),
    other: other.map(([path]) => path),
    stayed: mine.flatMap(([path, one]) =>
      path in work.changes && one.kind === 'file' && isBelow(HOMES, path) && !HISTORY.test(path) ? [path] : [],
    ),
    left: [...faults].filter(([path]) => !isVolatile(path) && isMissed(path)),
  });
  const folder = `shop-${work.slug}`;
  return [
    { path: `${folder}/README.md`, ...file(text) },
    { path: `${folder}/install.sh`, ...file(INSTALL, 0o755) },
    { path: `${folder}/clones.sh`, ...file(CLONES) },
    { path: `${folder}/machine.sh`, ...file(MACHINE) },
    { path: `${folder}/services.sh`, ...file(SERVICES) },
    { path: `${folder}/paths.sh`, ...file(PATHS) },
    // who checks the scripts before they run as root sees the parts, too
    { path: `${folder}/.shellcheckrc`, ...file('external-sources=true\n') },
    { path: `${folder}/files.list`, ...file(linesOf(sorted, accounts, made.requirements)) },
    ...sorted.map(([path, one]) => ({ path: `${folder}/files${path}`, ...plain(one) })),
    ...wheels.map(([name, data]) => ({ path: `${folder}/wheels/${name}`, ...file(data) })),
    ...other.map(([path, one]) => ({ path: `${folder}/not-installed${path}`, ...plain(one) })),
  ];
}

/** The sandbox's files, and in which folders of them a deployment lies. */
function laid({ files, changes, repository }: Deployed): { readonly tree: Tree; readonly places: readonly string[] } {
  const tree = wholeTree(files, changes);
  const isClone = ([path, one]: [string, Changed]) =>
    path.endsWith('/.git/config') && one.kind === 'file' && new TextDecoder().decode(one.data).includes(REPOSITORIES);
  if (!Object.entries(tree).some(isClone)) return { tree, places: INSTALLED };
  return { tree: wholeTree({ ...repository, ...files }, changes), places: [...INSTALLED, REPOSITORIES] };
}

const isBelow = (folders: readonly string[], path: string): boolean => folders.some((folder) => path.startsWith(folder));

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

function file(content: string | Uint8Array, mode = 0o644): Changed {
  const data = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { kind: 'file', data, mode, uid: 0, gid: 0 };
}
