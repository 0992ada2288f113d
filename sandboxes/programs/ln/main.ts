/** ln -s [-f] [-n] TARGET… LINK: makes symbolic links. */
import { type Host, isSystemError, SystemError } from '../../host/host.ts';
import { attempt, baseName, inside, lstatOrNull, misused, readOwn, statOrNull } from '../coreutils.ts';

const FLAGS = ['-s', '--symbolic', '-f', '--force', '-n', '--no-dereference', '-T', '--no-target-directory', '-v', '--verbose'];

export default async function ln(host: Host): Promise<number> {
  const parsed = await readOwn(host, { flags: FLAGS, values: [] });
  if (typeof parsed === 'number') return parsed;
  const has = (short: string, long: string): boolean => parsed.flags.has(short) || parsed.flags.has(long);
  const { rest } = parsed;
  const [first] = rest;
  if (first === undefined) return misused(host, 'missing file operand');
  if (!has('-s', '--symbolic')) {
    await host.printError(`ln: this sandbox has no hard links; make a symbolic one: ln -s ${rest.join(' ')}\n`);
    return 1;
  }
  // One word: the link is made here, and has the target's name.
  const last = rest.length === 1 ? '.' : (rest.at(-1) ?? '');
  const targets = rest.length === 1 ? rest : rest.slice(0, -1);
  const asLink = has('-T', '--no-target-directory') || (has('-n', '--no-dereference') && (await lstatOrNull(host, last))?.kind === 'link');
  const intoDirectory = !asLink && (await statOrNull(host, last).catch(() => null))?.kind === 'directory';
  if (!intoDirectory && targets.length > 1) {
    await host.printError(`ln: target '${last}': Not a directory\n`);
    return 1;
  }
  let code = 0;
  for (const target of targets) {
    const link = intoDirectory ? (rest.length === 1 ? baseName(target) : inside(last, baseName(target))) : last;
    const made = await attempt(host, `failed to create symbolic link '${link}'`, () => make(host, target, link, has('-f', '--force')));
    if (!made) code = 1;
    else if (has('-v', '--verbose')) await host.print(`'${link}' -> '${target}'\n`);
  }
  return code;
}

async function make(host: Host, target: string, link: string, force: boolean): Promise<void> {
  try {
    await host.fs.symlink(target, link);
  } catch (error) {
    if (!force || !isSystemError(error, 'EEXIST')) throw error;
    if ((await host.fs.lstat(link)).kind === 'directory') throw new SystemError('EEXIST');
    // As with the real one there is always something by that name: the new link takes the place of what was there at once.
    const beside = `${link}.${host.pid}`;
    await host.fs.symlink(target, beside);
    await host.fs.rename(beside, link);
  }
}
