/** cp [-r] SOURCE… TARGET: copies files, with -r directories too. Links are followed, but with -r they are copied as links. */
import type { Host } from '../../host/host.ts';
import { absolute, attempt, inside, lstatOrNull, pairs, readArguments, statOrNull } from '../coreutils.ts';

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
  let link: string | null = null;
  let mode = 0;
  const seen = await attempt(host, `cannot stat '${from}'`, async () => {
    const info = await (recursive ? host.fs.lstat(from) : host.fs.stat(from));
    if (info.kind === 'link') link = await host.fs.readLink(from);
    directory = info.kind === 'directory';
    mode = info.mode;
  });
  if (!seen) return false;
  const real = (path: string): Promise<string> => host.fs.realPath(path).catch(() => absolute(host, path));
  const [source, target] = link === null ? await Promise.all([real(from), real(to)]) : [absolute(host, from), absolute(host, to)];
  if (directory && !recursive) return complain(`-r not specified; omitting directory '${from}'`);
  if (source === target) return complain(`'${from}' and '${to}' are the same file`);
  if (link !== null) return copyLink(host, link, to);
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

/** In the place of a file or another link. */
function copyLink(host: Host, target: string, to: string): Promise<boolean> {
  return attempt(host, `cannot create symbolic link '${to}'`, async () => {
    const there = await lstatOrNull(host, to);
    if (there !== null && there.kind !== 'directory') await host.fs.remove(to);
    await host.fs.symlink(target, to);
  });
}
