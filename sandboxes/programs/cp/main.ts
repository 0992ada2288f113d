/** cp [-r] SOURCE… TARGET: copies files, with -r directories too. */
import type { Host } from '../../host/host.ts';
import { absolute, attempt, inside, pairs, readArguments, statOrNull } from '../coreutils.ts';

export default async function cp(host: Host): Promise<number> {
  const parsed = await readArguments(host, { flags: ['-r', '-R', '-a', '-f', '-p'], values: [] }, 'cp [-r] SOURCE... TARGET');
  if (typeof parsed === 'number') return parsed;
  const found = await pairs(host, parsed.rest);
  if (typeof found === 'number') return found;
  const recursive = ['-r', '-R', '-a'].some((flag) => parsed.flags.has(flag));
  let code = 0;
  for (const [from, to] of found) if (!(await copy(host, from, to, recursive))) code = 1;
  return code;
}

async function copy(host: Host, from: string, to: string, recursive: boolean): Promise<boolean> {
  const complain = async (text: string): Promise<false> => {
    await host.printError(`cp: ${text}\n`);
    return false;
  };
  let directory = false;
  let mode = 0;
  const seen = await attempt(host, `cannot stat '${from}'`, async () => {
    const info = await host.fs.stat(from);
    directory = info.kind === 'directory';
    mode = info.mode;
  });
  if (!seen) return false;
  const [source, target] = [absolute(host, from), absolute(host, to)];
  if (directory && !recursive) return complain(`-r not specified; omitting directory '${from}'`);
  if (source === target) return complain(`'${from}' and '${to}' are the same file`);
  if (!directory) {
    let bytes: Uint8Array = new Uint8Array(0);
    const read = await attempt(host, `cannot open '${from}' for reading`, async () => {
      bytes = await host.fs.read(from);
    });
    return read && attempt(host, `cannot create regular file '${to}'`, () => host.fs.write(to, bytes, { mode }));
  }
  if (target.startsWith(`${source}/`)) return complain(`cannot copy a directory, '${from}', into itself, '${to}'`);
  const there = await statOrNull(host, to).catch(() => null);
  if (there !== null && there.kind !== 'directory') return complain(`cannot overwrite non-directory '${to}' with directory '${from}'`);
  if (there === null && !(await attempt(host, `cannot create directory '${to}'`, () => host.fs.makeDirectory(to)))) return false;
  let all = true;
  for (const name of await host.fs.list(from)) all = (await copy(host, inside(from, name), inside(to, name), true)) && all;
  return all;
}
