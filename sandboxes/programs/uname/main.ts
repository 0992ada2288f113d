/** uname: names the system. No Linux runs here, and the release says so. */
import type { Host } from '../../host/host.ts';
import { misused, readOwn } from '../coreutils.ts';

/** In the order in which they are printed. */
const PARTS: readonly (readonly [flag: string, value: string])[] = [
  ['-s', 'Linux'],
  ['-n', 'web'],
  ['-r', 'sandbox'],
  ['-v', '#1 imitation of Debian 12'],
  ['-m', 'wasm32'],
  ['-o', 'GNU/Linux'],
];

export default async function uname(host: Host): Promise<number> {
  const parsed = await readOwn(host, { flags: [...PARTS.map(([flag]) => flag), '-a', '--all'], values: [] });
  if (typeof parsed === 'number') return parsed;
  const [extra] = parsed.rest;
  if (extra !== undefined) return misused(host, `extra operand ‘${extra}’`);
  const all = parsed.flags.has('-a') || parsed.flags.has('--all');
  const wanted = PARTS.filter(([flag]) => all || (parsed.flags.size === 0 ? flag === '-s' : parsed.flags.has(flag)));
  await host.print(`${wanted.map(([, value]) => value).join(' ')}\n`);
  return 0;
}
