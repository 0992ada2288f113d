/**
 * What is enabled on a machine that boots for the first time (systemd.preset(5)): files with `enable NAME` and `disable NAME`, of
 * which the first line that fits a unit counts; a unit that no line fits is enabled. A machine with no such files is left as it is.
 */
import { type Host, isSystemError } from '../../host/host.ts';
import { findUnitFile, unitNames } from './unit-files.ts';
import { linkUnit } from './wants.ts';

const FOLDERS = ['/etc/systemd/system-preset', '/run/systemd/system-preset', '/lib/systemd/system-preset'] as const;
/** A machine has it from its first boot on (machine-id(5)). */
const MACHINE_ID = '/etc/machine-id';

interface Rule {
  readonly enable: boolean;
  /** A unit's name, or `*` for all. */
  readonly name: string;
}

/** On the first boot: enables what the presets want enabled. */
export async function applyPresets(host: Host): Promise<void> {
  const rules = await readRules(host);
  if (rules.length === 0 || !(await isFirstBoot(host))) return;
  for (const name of await unitNames(host)) {
    const file = await findUnitFile(host, name);
    if (file !== null && wants(rules, name)) await linkUnit(host, name, file);
  }
  const id = [...host.random(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  await host.fs.write(MACHINE_ID, `${id}\n`, { mode: 0o444 });
}

/** `enabled` or `disabled`: what the presets say of a unit. */
export async function presetOf(host: Host, name: string): Promise<'enabled' | 'disabled'> {
  return wants(await readRules(host), name) ? 'enabled' : 'disabled';
}

const wants = (rules: readonly Rule[], name: string): boolean =>
  rules.find((rule) => rule.name === name || rule.name === '*')?.enable ?? true;

/** In the order of the files' names, wherever they lie; one in /etc hides its namesakes. */
async function readRules(host: Host): Promise<Rule[]> {
  const paths = new Map<string, string>();
  for (const folder of FOLDERS)
    for (const name of await host.fs.list(folder).catch(() => []))
      if (name.endsWith('.preset') && !paths.has(name)) paths.set(name, `${folder}/${name}`);
  const sorted = [...paths].sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = await Promise.all(sorted.map(([, path]) => host.fs.readText(path)));
  return texts.flatMap((text) =>
    [...text.matchAll(/^\s*(enable|disable)\s+(\S+)\s*$/gm)].map(([, verb, name = '']) => ({ enable: verb === 'enable', name })),
  );
}

async function isFirstBoot(host: Host): Promise<boolean> {
  try {
    await host.fs.stat(MACHINE_ID);
    return false;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return true;
    throw error;
  }
}
