/** RuntimeDirectory=: folders below /run that a service has while it runs; and what /run has at boot (tmpfiles.d(5)). */
import { type Host, isSystemError } from '../../host/host.ts';
import { readAccounts } from '../accounts.ts';
import type { Unit } from './unit.ts';

export async function makeRuntimeDirectories(host: Host, unit: Unit): Promise<void> {
  const accounts = await readAccounts(host);
  const account = unit.user === '' ? null : accounts.user(unit.user);
  const group = accounts.groups.find(({ name, gid }) => name === unit.group || String(gid) === unit.group);
  for (const name of unit.runtimeDirectories) {
    const path = `/run/${name}`;
    await host.fs.makeDirectory(path, { parents: true });
    await host.fs.chmod(path, unit.runtimeMode);
    await host.fs.chown(path, account?.uid ?? 0, group?.gid ?? account?.gid ?? 0);
  }
}

export async function removeRuntimeDirectories(host: Host, unit: Unit): Promise<void> {
  for (const name of unit.runtimeDirectories) await removeAll(host, `/run/${name}`);
}

async function removeAll(host: Host, path: string): Promise<void> {
  try {
    if ((await host.fs.lstat(path)).kind === 'directory')
      for (const name of await host.fs.list(path)) await removeAll(host, `${path}/${name}`);
    await host.fs.remove(path);
  } catch (error) {
    // somebody else was first
    if (!isSystemError(error)) throw error;
  }
}

const TMPFILES = '/etc/tmpfiles.d';

/** Makes the folders that /etc/tmpfiles.d asks for at every boot (lines `d PATH MODE USER GROUP`), if they are not there. */
export async function makeTmpfiles(host: Host): Promise<void> {
  const accounts = await readAccounts(host);
  for (const file of await host.fs.list(TMPFILES).catch(() => [])) {
    for (const line of (await host.fs.readText(`${TMPFILES}/${file}`)).split('\n')) {
      const [type, path, mode = '0755', user = 'root', group = 'root'] = line.trim().split(/\s+/);
      if (type !== 'd' || path === undefined || (await exists(host, path))) continue;
      await host.fs.makeDirectory(path, { parents: true });
      await host.fs.chmod(path, Number.parseInt(mode, 8));
      await host.fs.chown(path, accounts.user(user)?.uid ?? 0, accounts.groups.find(({ name }) => name === group)?.gid ?? 0);
    }
  }
}

const exists = (host: Host, path: string): Promise<boolean> =>
  host.fs.stat(path).then(
    () => true,
    () => false,
  );
