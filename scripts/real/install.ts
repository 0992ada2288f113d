/**
 * Installs the real servers for `npm run test:real` and `.ci/run`, where that can be done: Debian or Ubuntu, as root, with a way to a
 * mirror. No service is started or left behind enabled by it: the tests start the programs themselves. Elsewhere it says why not, and
 * that is no error.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { isRoot } from '../lib/processes.ts';
import { PACKAGES, whyNotReal } from './installed.ts';

/** Asked by Debian's packages before they start a service; 101 is no. */
const POLICY = '/usr/sbin/policy-rc.d';
/** A mirror that does not answer is not waited for longer, in milliseconds. */
const UPDATE_MS = 60_000;
const INSTALL_MS = 180_000;

const apt = (args: readonly string[], ms: number): boolean => {
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
  const own = !existsSync(POLICY);
  if (own) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const install = ['install', '-y', '--no-install-recommends', ...PACKAGES];
    // what apt knows already may be enough, and an update takes a while
    if (!apt(install, INSTALL_MS) && !(apt(['update'], UPDATE_MS) && apt(install, INSTALL_MS)))
      return `${missing}; apt-get could not install it`;
  } finally {
    if (own) rmSync(POLICY, { force: true });
  }
  return whyNotReal();
}
