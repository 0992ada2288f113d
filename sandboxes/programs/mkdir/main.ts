/** mkdir [-p] DIRECTORY…: makes directories. */
import type { Host } from '../../host/host.ts';
import { attempt, misused, readArguments } from '../coreutils.ts';

export default async function mkdir(host: Host): Promise<number> {
  const parsed = await readArguments(host, { flags: ['-p', '--parents'], values: [] }, 'mkdir [-p] DIRECTORY...');
  if (typeof parsed === 'number') return parsed;
  if (parsed.rest.length === 0) return misused(host, 'missing operand');
  const parents = parsed.flags.has('-p') || parsed.flags.has('--parents');
  let code = 0;
  for (const path of parsed.rest) {
    if (!(await attempt(host, `cannot create directory '${path}'`, () => host.fs.makeDirectory(path, { parents })))) code = 1;
  }
  return code;
}
