/** Enabling is a link: in the folder of the target that wants the unit (systemd.unit(5), [Install]). */
import type { Host } from '../../host/host.ts';
import { readUnit } from './unit.ts';
import { ETC, enabledUnits, type UnitFile } from './unit-files.ts';

/** Makes the links that the unit's WantedBy= asks for and that are not there; returns their paths. */
export async function linkUnit(host: Host, name: string, { path, text }: UnitFile): Promise<string[]> {
  const made: string[] = [];
  for (const target of readUnit(text).unit.wantedBy) {
    const folder = `${ETC}/${target}.wants`;
    if ((await enabledUnits(host, target)).includes(name)) continue;
    await host.fs.makeDirectory(folder, { parents: true });
    await host.fs.symlink(path, `${folder}/${name}`);
    made.push(`${folder}/${name}`);
  }
  return made;
}
