/**
 * What is enabled on a machine from its first boot on (systemd.preset(5)): files with `enable NAME` and `disable NAME`, of which the
 * first line that fits a unit counts; a unit that no line fits is enabled. The machine of the sandbox has had its first boot
 * (see host/first-boot.ts): a later one changes nothing.
 */
import type { Host } from '../../host/host.ts';

export const PRESET_FOLDERS = ['/etc/systemd/system-preset', '/run/systemd/system-preset', '/lib/systemd/system-preset'] as const;

export interface Rule {
  readonly enable: boolean;
  /** A unit's name, or `*` for all. */
  readonly name: string;
}

/** `enabled` or `disabled`: what the presets say of a unit. */
export async function presetOf(host: Host, name: string): Promise<'enabled' | 'disabled'> {
  const folders = await Promise.all(PRESET_FOLDERS.map(async (folder) => [folder, await host.fs.list(folder).catch(() => [])] as const));
  const texts = await Promise.all(presetFiles(folders).map((path) => host.fs.readText(path)));
  return wants(rulesIn(texts), name) ? 'enabled' : 'disabled';
}

/** Paths of the preset files in these folders, in the order in which they count: that of their names; one in /etc hides its namesakes. */
export function presetFiles(folders: readonly (readonly [folder: string, names: readonly string[]])[]): string[] {
  const paths = new Map<string, string>();
  for (const [folder, names] of folders)
    for (const name of names) if (name.endsWith('.preset') && !paths.has(name)) paths.set(name, `${folder}/${name}`);
  return [...paths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

export const rulesIn = (texts: readonly string[]): Rule[] =>
  texts.flatMap((text) =>
    [...text.matchAll(/^\s*(enable|disable)\s+(\S+)\s*$/gm)].map(([, verb, name = '']) => ({ enable: verb === 'enable', name })),
  );

export const wants = (rules: readonly Rule[], name: string): boolean =>
  rules.find((rule) => rule.name === name || rule.name === '*')?.enable ?? true;
