/** yes [WORD…]: prints the same line until it is stopped. */
import type { Host } from '../../host/host.ts';
import { helped } from '../coreutils.ts';

/** Characters that go at once. */
const AT_ONCE = 8 * 1024;

export default async function yes(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const line = `${host.args.length > 0 ? host.args.join(' ') : 'y'}\n`;
  const lines = line.repeat(Math.max(1, Math.floor(AT_ONCE / line.length)));
  for (;;) await host.print(lines);
}
