/**
 * Installs the real servers for `npm run test:real` and `.ci/run`, where that can be done: Debian or Ubuntu, as root, with a way to a
 * mirror. No service is started by it, and an Nginx that it has brought does not start with the machine either: the tests start the
 * programs themselves. Elsewhere it says why not, and that is no error.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isRoot } from '../lib/processes.ts';
import { NGINX, PACKAGES, whyNotReal } from './installed.ts';

/** Asked by Debian's packages before they start a service; 101 is no. */
const POLICY = '/usr/sbin/policy-rc.d';
/** A mirror that does not answer is not waited for longer, in milliseconds. */
const UPDATE_MS = 60_000;
const DOWNLOAD_MS = 180_000;

/** With no `ms` it ends when it likes: whoever breaks off dpkg leaves packages half installed. */
const apt = (args: readonly string[], ms?: number): boolean => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-qq', '-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=15'];
  return spawnSync('apt-get', [...options, ...args], { env, timeout: ms, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
};

/** Null: they are there. Otherwise why not. */
export function installReal(): string | null {
  const missing = whyNotReal();
  if (missing === null || process.platform !== 'linux') return missing;
  if (!existsSync('/usr/bin/apt-get')) return `${missing}; this machine has no apt-get`;
  if (!isRoot) return `${missing}; only root may install it`;
  console.log(`Installing ${PACKAGES.join(', ')} ...`);
  try {
    if (!installed()) return `${missing}; apt-get could not install it`;
  } catch (error) {
    return `${missing}; it could not be installed: ${error instanceof Error ? error.message : String(error)}`;
  }
  return whyNotReal();
}

function installed(): boolean {
  const install = (...how: string[]): string[] => ['install', '-y', '--no-install-recommends', ...how, ...PACKAGES];
  const download = install('--download-only');
  // what apt knows already may be enough, and an update takes a while
  if (!apt(download, DOWNLOAD_MS) && !(apt(['update'], UPDATE_MS) && apt(download, DOWNLOAD_MS))) return false;
  const hadNginx = existsSync(NGINX);
  const done = withoutServices(POLICY, () => apt(install('--no-download')));
  if (!hadNginx && existsSync(NGINX)) {
    const [program, ...args] = existsSync('/usr/bin/systemctl') ? ['systemctl', 'disable', 'nginx'] : ['update-rc.d', 'nginx', 'disable'];
    spawnSync(program ?? '', args, { stdio: 'ignore' });
  }
  return done;
}

const OWN = /^#!\/bin\/sh\n\[ -d \/proc\/(\d+) \] && exit 101\nexit 0\n$/;

/**
 * No package starts a service meanwhile. The file that forbids it holds only while this process lives, so that it does no harm where
 * nobody came to remove it. One that is somebody else's stays. Errors: it cannot be written.
 */
export function withoutServices<T>(policy: string, use: () => T): T {
  const owner = existsSync(policy) ? OWN.exec(readFileSync(policy, 'utf8'))?.[1] : String(process.pid);
  const own = owner !== undefined && (owner === String(process.pid) || !existsSync(`/proc/${owner}`));
  if (own) writeFileSync(policy, `#!/bin/sh\n[ -d /proc/${process.pid} ] && exit 101\nexit 0\n`, { mode: 0o755 });
  try {
    return use();
  } finally {
    if (own) rmSync(policy, { force: true });
  }
}
