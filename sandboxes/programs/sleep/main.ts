/** sleep SECONDS…: waits. */
import type { Host } from '../../host/host.ts';
import { helped, misused } from '../coreutils.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

export default async function sleep(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  if (host.args.length === 0) return misused(host, 'missing operand');
  let seconds = 0;
  for (const arg of host.args) {
    const [all, number, unit = ''] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(arg) ?? [];
    if (all === undefined) return misused(host, `invalid time interval ‘${arg}’`);
    seconds += Number(number) * (UNITS[unit] ?? 1);
  }
  // a timer of a browser counts no more than 24 days
  const until = host.now() + seconds * 1000;
  for (let left = seconds * 1000; left > 0; left = until - host.now()) await host.sleep(Math.min(left, 1_000_000));
  return 0;
}
