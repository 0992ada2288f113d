/** yes [WORD…]: prints a line again and again, until it is ended. */
import { type Host, isSystemError } from '../../host/host.ts';
import { helped } from '../coreutils.ts';

/** Characters that are printed at once. */
const BLOCK = 8192;

export default async function yes(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const line = `${host.args.join(' ') || 'y'}\n`;
  const block = line.repeat(Math.max(1, Math.floor(BLOCK / line.length)));
  try {
    for (;;) await host.print(block);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    await host.printError(`yes: standard output: ${error.strerror}\n`);
    return 1;
  }
}
