/** which [-a] COMMAND…: where a command is, in the directories of $PATH. */
import type { Host } from '../../host/host.ts';
import { readOwn } from '../coreutils.ts';
import { placesOf } from '../sh/locate.ts';

export default async function which(host: Host): Promise<number> {
  const parsed = await readOwn(host, { flags: ['-a'], values: [] }, 2);
  if (typeof parsed === 'number') return parsed;
  let code = parsed.rest.length > 0 ? 0 : 1;
  for (const name of parsed.rest) {
    const places = await placesOf(host, name, host.env.PATH ?? '');
    if (places.length === 0) code = 1;
    for (const place of parsed.flags.has('-a') ? places : places.slice(0, 1)) await host.print(`${place}\n`);
  }
  return code;
}
