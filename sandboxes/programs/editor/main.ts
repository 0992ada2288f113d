/** nano and vi: the page's Files tab is the editor. They ask the page to show the file there. */
import type { Host } from '../../host/host.ts';
import { absolute, helped, statOrNull } from '../coreutils.ts';
import { askPage } from '../page.ts';

export default async function editor(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const name = host.args.find((arg) => !/^[-+]/.test(arg));
  if (name === undefined) {
    await host.printError(`${host.name}: the editor here is the Files tab; name a file and it opens there\n`);
    return 1;
  }
  const path = absolute(host, name);
  const info = await statOrNull(host, path).catch(() => null);
  if (info?.kind !== 'file') {
    const why = info === null ? `there is no file ${path}; make it with touch first` : `${path} is no file`;
    await host.printError(`${host.name}: the editor here is the Files tab, and ${why}\n`);
    return 1;
  }
  await host.print(`${askPage('open', path)}The editor here is the Files tab: ${path} opens there.\n`);
  return 0;
}
