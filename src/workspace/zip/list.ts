/** files.list of the folder: what install.sh goes by. A line is kind, mode, owner, path and one thing more, with tabs between. */
import type { Changed } from '../../runtime/changes.ts';
import type { Accounts } from './accounts.ts';

/**
 * Accounts (`u`: owner is name and group, the path its home), then files (`f`), folders (`d`) and links (`l`, with their target), then
 * Python environments (`v`, with the path of the file that names their packages).
 */
export function linesOf(
  installed: readonly (readonly [path: string, one: Changed])[],
  accounts: Accounts,
  requirements: Readonly<Record<string, string>>,
): string {
  const lines = [
    ...accounts.own.map(({ name, group, home }) => ['u', '0000', `${name}:${group}`, home, '']),
    ...installed.map(([path, one]) => fieldsOf(path, one, accounts)),
    ...Object.entries(requirements).map(([path, file]) => ['v', '0755', 'root:root', path, file]),
  ];
  return lines.map((fields) => `${fields.join('\t')}\n`).join('');
}

function fieldsOf(path: string, one: Changed, { owner }: Accounts): readonly string[] {
  if (one.kind === 'link') return ['l', '0777', 'root:root', path, one.target];
  const mode = (one.mode & 0o777).toString(8).padStart(4, '0');
  return [one.kind === 'file' ? 'f' : 'd', mode, owner(one.uid, one.gid), path, ''];
}
