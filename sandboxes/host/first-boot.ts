/**
 * What the first boot of a machine leaves in its files: the links of the units that the presets enable, and the machine's id
 * (systemd.preset(5), machine-id(5)). It is done where the machine is laid, so that none of it counts as its owner's work. Presets in
 * /run speak for this boot alone, and are gone after it: later the machine says what its distribution had in mind.
 */
import { PRESET_FOLDERS, presetFiles, rulesIn, wants } from '../programs/systemd/presets.ts';
import { readUnit } from '../programs/systemd/unit.ts';
import { ETC, UNIT_FOLDERS } from '../programs/systemd/unit-files.ts';
import { ROOT, type Tree } from './tree.ts';

/** A machine has it from its first boot on. */
const MACHINE_ID = '/etc/machine-id';
const decoder = new TextDecoder();

/** On a machine that has preset files and was never booted; all others are left as they are. */
export function bootFirst(tree: Tree): void {
  const files = presetFiles(PRESET_FOLDERS.map((folder) => [folder, namesIn(tree, folder)]));
  if (files.length === 0 || tree.entry(MACHINE_ID) !== null) return;
  const rules = rulesIn(files.map((path) => textOf(tree, path)));
  const units = new Map<string, string>();
  for (const folder of UNIT_FOLDERS)
    for (const name of namesIn(tree, folder)) if (name.endsWith('.service') && !units.has(name)) units.set(name, `${folder}/${name}`);
  for (const [name, path] of units) if (wants(rules, name)) link(tree, name, path);
  const id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  for (const path of files) if (path.startsWith('/run/')) tree.remove(path, ROOT);
  tree.write(MACHINE_ID, new TextEncoder().encode(`${id}\n`), ROOT, { mode: 0o444 });
}

function link(tree: Tree, name: string, path: string): void {
  for (const target of readUnit(textOf(tree, path)).unit.wantedBy) {
    const folder = `${ETC}/${target}.wants`;
    tree.makeDirectory(folder, ROOT, true);
    if (!namesIn(tree, folder).includes(name)) tree.symlink(path, `${folder}/${name}`, ROOT);
  }
}

const textOf = (tree: Tree, path: string): string => decoder.decode(tree.read(path, ROOT));

/** Nothing where there is no such folder. */
const namesIn = (tree: Tree, folder: string): string[] => (tree.entry(folder)?.kind === 'directory' ? tree.list(folder, ROOT) : []);
