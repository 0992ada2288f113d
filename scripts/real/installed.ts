/** The real servers of this machine: where they are, and why they cannot be used where they cannot. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { LIKE } from '../../sandboxes/programs/differences.ts';
import { isRoot } from '../lib/processes.ts';
import { nginxVersion, uwsgiVersion } from '../lib/real-server.ts';

/** Debian's and Ubuntu's places. */
export const NGINX = '/usr/sbin/nginx';
export const UWSGI = '/usr/bin/uwsgi';
/** The visitor of the lessons' commands. */
const CURL = '/usr/bin/curl';

/** The packages that bring them and what their tests need, for `apt-get install`. */
export const PACKAGES = [
  'nginx-light',
  'uwsgi-core',
  'uwsgi-plugin-python3',
  'curl',
  'openssl',
  'python3-venv',
  'unzip',
  'shellcheck',
] as const;

/** Why there is nothing to compare with, or null. */
export function whyNotReal(): string | null {
  if (process.platform !== 'linux') return 'the real servers are tried on Linux only';
  const missing = [NGINX, UWSGI, CURL].filter((path) => !existsSync(path));
  if (missing.length > 0) return `not installed: ${missing.join(', ')} (apt-get install ${PACKAGES.join(' ')})`;
  if (pythonVersion() === null) return `${UWSGI} has no plugin python3`;
  return null;
}

/** Why files and checks can be tried here, but words not be compared; null: they can. */
export function whyNotCompared(): string | null {
  if (whyNotReal() !== null) return 'nothing is installed';
  // ports and accounts would be others than the lesson's
  if (!isRoot) return 'only root has the ports and accounts of the lessons';
  const [nginx, uwsgi] = [nginxVersion(NGINX), uwsgiVersion(UWSGI)];
  return nginx === LIKE.nginx && uwsgi === LIKE.uwsgi ? null : `ours follow other versions than nginx ${nginx} and uWSGI ${uwsgi}`;
}

let version: string | null = null;

/** `3.11` of the Python in uWSGI's plugin, which is the one that lessons' code runs on. Null: there is no plugin. */
export function pythonVersion(): string | null {
  // that there is none is not kept: it may be installed meanwhile
  if (version === null) {
    const { stdout } = spawnSync(UWSGI, ['--plugins', 'python3', '--python-version'], { encoding: 'utf8' });
    version = /^(\d+\.\d+)/m.exec(stdout ?? '')?.[1] ?? null;
  }
  return version;
}
