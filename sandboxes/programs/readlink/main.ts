/** readlink [-f] FILE…: where a symbolic link leads. */
import { type Host, isSystemError } from '../../host/host.ts';
import { misused, readOwn } from '../coreutils.ts';

const FLAGS = ['-f', '--canonicalize', '-e', '--canonicalize-existing', '-n', '--no-newline', '-v', '--verbose'];

export default async function readlink(host: Host): Promise<number> {
  const parsed = await readOwn(host, { flags: FLAGS, values: [] });
  if (typeof parsed === 'number') return parsed;
  const has = (...names: readonly string[]): boolean => names.some((name) => parsed.flags.has(name));
  if (parsed.rest.length === 0) return misused(host, 'missing operand');
  const existing = has('-e', '--canonicalize-existing');
  const whole = existing || has('-f', '--canonicalize');
  let code = 0;
  for (const path of parsed.rest) {
    try {
      const place = whole ? await host.fs.realPath(path) : await host.fs.readLink(path);
      if (existing) await host.fs.stat(place);
      await host.print(has('-n', '--no-newline') && parsed.rest.length === 1 ? place : `${place}\n`);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      // Silent, like the real one: scripts ask by the exit code.
      if (has('-v', '--verbose')) await host.printError(`readlink: ${path}: ${error.strerror}\n`);
      code = 1;
    }
  }
  return code;
}
