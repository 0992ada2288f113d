/** enable and disable: a symbolic link in the folder of the target that wants the unit (systemd.unit(5), [Install]). */
import type { Host } from '../../host/host.ts';
import { readUnit } from '../systemd/unit.ts';
import { ETC, enabledUnits, findUnitFile } from '../systemd/unit-files.ts';
import { linkUnit } from '../systemd/wants.ts';

const NO_INSTALL = `The unit files have no installation config (WantedBy=, RequiredBy=, UpheldBy=,
Also=, or Alias= settings in the [Install] section, and DefaultInstance= for
template units). This means they are not meant to be enabled or disabled using systemctl.
 
Possible reasons for having these kinds of units are:
• A unit may be statically enabled by being symlinked from another unit's
  .wants/, .requires/, or .upholds/ directory.
• A unit's purpose may be to act as a helper for some other unit which has
  a requirement dependency on it.
• A unit may be started when needed via activation (socket, path, timer,
  D-Bus, udev, scripted systemctl call, ...).
• In case of template units, the unit is meant to be enabled with some
  instance name specified.
`;

/** The exit code. What is done is said on standard error, as the real one does. */
export async function enable(host: Host, names: readonly string[]): Promise<number> {
  for (const name of names) {
    const file = await findUnitFile(host, name);
    if (file === null) {
      await host.printError(`Failed to enable unit: Unit file ${name} does not exist.\n`);
      return 1;
    }
    if (readUnit(file.text).unit.wantedBy.length === 0) await host.printError(NO_INSTALL);
    for (const link of await linkUnit(host, name, file)) await host.printError(`Created symlink ${link} → ${file.path}.\n`);
  }
  return 0;
}

export async function disable(host: Host, names: readonly string[]): Promise<number> {
  for (const name of names) {
    const file = await findUnitFile(host, name);
    if (file === null) {
      await host.printError(`Failed to disable unit: Unit file ${name} does not exist.\n`);
      return 1;
    }
    for (const target of await targets(host)) {
      const link = `${ETC}/${target}/${name}`;
      if (!(await host.fs.list(`${ETC}/${target}`)).includes(name)) continue;
      await host.fs.remove(link);
      await host.printError(`Removed "${link}".\n`);
    }
  }
  return 0;
}

const targets = async (host: Host): Promise<string[]> =>
  (await host.fs.list(ETC).catch(() => [])).filter((name) => name.endsWith('.wants'));

/** `enabled`, `disabled`, or `static` for a unit that says nothing of it; null when there is no such unit. */
export async function enablement(host: Host, name: string): Promise<string | null> {
  const file = await findUnitFile(host, name);
  if (file === null) return null;
  const { wantedBy } = readUnit(file.text).unit;
  for (const target of wantedBy) if ((await enabledUnits(host, target)).includes(name)) return 'enabled';
  return wantedBy.length === 0 ? 'static' : 'disabled';
}
