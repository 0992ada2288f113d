/** touch FILE…: makes empty files, and gives files that are there the time of now. */
import type { Host } from '../../host/host.ts';
import { attempt, misused, readArguments, statOrNull } from '../coreutils.ts';

export default async function touch(host: Host): Promise<number> {
  const parsed = await readArguments(host, { flags: ['-c'], values: [] }, 'touch [-c] FILE...');
  if (typeof parsed === 'number') return parsed;
  if (parsed.rest.length === 0) return misused(host, 'missing file operand');
  let code = 0;
  for (const path of parsed.rest) {
    const done = await attempt(host, `cannot touch '${path}'`, async () => {
      const info = await statOrNull(host, path);
      if (info === null && parsed.flags.has('-c')) return;
      if (info === null || info.kind === 'file') await host.fs.write(path, '', { append: true });
    });
    if (!done) code = 1;
  }
  return code;
}
