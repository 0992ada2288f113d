/** ln: says that there are no links here. */
import type { Host } from '../../host/host.ts';
import { helped, misused } from '../coreutils.ts';

export default async function ln(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const paths = host.args.filter((arg) => !arg.startsWith('-'));
  if (paths.length === 0) return misused(host, 'missing file operand');
  const [target = '', link = 'LINK'] = paths;
  await host.printError(`ln: the file system of this sandbox has no links; copy the file instead: cp ${target} ${link}\n`);
  return 1;
}
