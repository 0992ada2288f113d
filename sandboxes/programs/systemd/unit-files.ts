/** Where unit files are, and which of them are enabled (systemd.unit(5)). Also systemctl looks through this. */
import { type Host, isSystemError } from '../../host/host.ts';

/** The administrator's own come before those of packages. */
export const UNIT_FOLDERS = ['/etc/systemd/system', '/run/systemd/system', '/lib/systemd/system'] as const;
export const ETC = UNIT_FOLDERS[0];
export const TARGET = 'multi-user.target';

export interface UnitFile {
  readonly path: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** The file of a unit, or null. */
export async function findUnitFile(host: Host, name: string): Promise<UnitFile | null> {
  for (const folder of UNIT_FOLDERS) {
    const path = `${folder}/${name}`;
    try {
      const { kind, modified } = await host.fs.stat(path);
      if (kind === 'file') return { path, text: await host.fs.readText(path), modified };
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
  return null;
}

/** Services that have a file. */
export async function unitNames(host: Host): Promise<string[]> {
  const names = await Promise.all(UNIT_FOLDERS.map((folder) => host.fs.list(folder).catch(() => [])));
  return [...new Set(names.flat())].filter((name) => name.endsWith('.service')).sort();
}

/** Services that a target wants: links in its folder. */
export async function enabledUnits(host: Host, target: string = TARGET): Promise<string[]> {
  const names = await Promise.all(UNIT_FOLDERS.map((folder) => host.fs.list(`${folder}/${target}.wants`).catch(() => [])));
  return [...new Set(names.flat())].filter((name) => name.endsWith('.service')).sort();
}
