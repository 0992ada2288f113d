/** chmod [-R] MODE FILE…: changes permissions. */
import { type Host, isSystemError } from '../../host/host.ts';
import { attempt, misused, readOwn } from '../coreutils.ts';
import { walk } from '../walk.ts';
import { readMode } from './mode.ts';

export default async function chmod(host: Host): Promise<number> {
  // `-x` and `-w` are modes, not options
  const removes = host.args.findIndex((arg) => /^-[rwxXst]+$/.test(arg));
  const args = removes < 0 ? host.args : host.args.with(removes, `a${host.args[removes]}`);
  const parsed = await readOwn(host, { flags: ['-R', '--recursive'], values: [] }, 1, args);
  if (typeof parsed === 'number') return parsed;
  const [text, ...paths] = parsed.rest;
  if (text === undefined) return misused(host, 'missing operand');
  if (paths.length === 0) return misused(host, `missing operand after ‘${text}’`);
  const change = readMode(text);
  if (change === null) return misused(host, `invalid mode: ‘${text}’`);
  let code = 0;
  const set = async (path: string, mode: number, directory: boolean): Promise<void> => {
    const done = await attempt(host, `changing permissions of '${path}'`, () => host.fs.chmod(path, change(mode, directory)));
    if (!done) code = 1;
  };
  const refused = async (path: string, why: string): Promise<void> => {
    await host.printError(`chmod: cannot access '${path}': ${why}\n`);
    code = 1;
  };
  const deepest = parsed.flags.size > 0 ? Number.POSITIVE_INFINITY : 0;
  for (const path of paths) {
    try {
      for await (const { path: at, info, depth } of walk(host, path, refused, 0, deepest)) {
        // What a link on the command line leads to is changed; links below are passed over.
        if (info.kind === 'link' && depth > 0) continue;
        const { mode, kind } = info.kind === 'link' ? await host.fs.stat(at) : info;
        await set(at, mode, kind === 'directory');
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      await refused(path, error.strerror);
    }
  }
  return code;
}
