/** mv SOURCE… TARGET: renames and moves. */
import type { Host } from '../../host/host.ts';
import { absolute, attempt, pairs, readArguments } from '../coreutils.ts';

export default async function mv(host: Host): Promise<number> {
  const parsed = await readArguments(host, { flags: ['-f'], values: [] }, 'mv SOURCE... TARGET');
  if (typeof parsed === 'number') return parsed;
  const found = await pairs(host, parsed.rest);
  if (typeof found === 'number') return found;
  let code = 0;
  for (const [from, to] of found) if (!(await move(host, from, to))) code = 1;
  return code;
}

async function move(host: Host, from: string, to: string): Promise<boolean> {
  if (!(await attempt(host, `cannot stat '${from}'`, () => host.fs.lstat(from)))) return false;
  const [source, target] = [absolute(host, from), absolute(host, to)];
  if (source === target) {
    await host.printError(`mv: '${from}' and '${to}' are the same file\n`);
    return false;
  }
  if (target.startsWith(`${source}/`)) {
    await host.printError(`mv: cannot move '${from}' to a subdirectory of itself, '${to}'\n`);
    return false;
  }
  return attempt(host, `cannot move '${from}' to '${to}'`, () => host.fs.rename(from, to));
}
