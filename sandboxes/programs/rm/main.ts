/** rm [-r] [-f] FILE…: removes files, with -r directories too. */
import { type Host, isSystemError, SystemError } from '../../host/host.ts';
import { absolute, attempt, inside, misused, readArguments } from '../coreutils.ts';

export default async function rm(host: Host): Promise<number> {
  const parsed = await readArguments(host, { flags: ['-r', '-R', '-f', '--recursive', '--force'], values: [] }, 'rm [-r] [-f] FILE...');
  if (typeof parsed === 'number') return parsed;
  const { flags, rest } = parsed;
  const force = flags.has('-f') || flags.has('--force');
  const recursive = flags.has('-r') || flags.has('-R') || flags.has('--recursive');
  if (rest.length === 0) return force ? 0 : misused(host, 'missing operand');
  let code = 0;
  for (const path of rest) {
    if (recursive && absolute(host, path) === '/') {
      await host.printError("rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n");
      code = 1;
    } else if (!(await removeOne(host, path, recursive, force))) code = 1;
  }
  return code;
}

async function removeOne(host: Host, path: string, recursive: boolean, force: boolean): Promise<boolean> {
  let emptied = true;
  const removed = await attempt(host, `cannot remove '${path}'`, async () => {
    try {
      const { kind } = await host.fs.lstat(path.replace(/(?<=.)\/+$/, ''));
      if (kind === 'link' && path.endsWith('/')) throw new SystemError('ENOTDIR');
      if (kind === 'directory') {
        if (!recursive) throw new SystemError('EISDIR');
        for (const name of await host.fs.list(path)) emptied = (await removeOne(host, inside(path, name), true, force)) && emptied;
      }
      if (emptied) await host.fs.remove(path);
    } catch (error) {
      if (!(force && isSystemError(error, 'ENOENT'))) throw error;
    }
  });
  return removed && emptied;
}
