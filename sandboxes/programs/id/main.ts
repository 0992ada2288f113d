/** id [-u | -g | -G] [-n] [USER…]: users with their groups, by number and name. */
import type { Host } from '../../host/host.ts';
import { type Accounts, readAccounts } from '../accounts.ts';
import { readOwn } from '../coreutils.ts';

const SHORT: Readonly<Record<string, string>> = { '--user': '-u', '--group': '-g', '--groups': '-G', '--name': '-n' };

export default async function id(host: Host): Promise<number> {
  const parsed = await readOwn(host, { flags: ['-u', '-g', '-G', '-n', ...Object.keys(SHORT)], values: [] });
  if (typeof parsed === 'number') return parsed;
  const flags = new Set([...parsed.flags].map((flag) => SHORT[flag] ?? flag));
  const [one, other] = ['-u', '-g', '-G'].filter((flag) => flags.has(flag));
  const problem =
    other !== undefined
      ? 'cannot print "only" of more than one choice'
      : one === undefined && flags.has('-n')
        ? 'cannot print only names or real IDs in default format'
        : null;
  if (problem !== null) {
    await host.printError(`id: ${problem}\n`);
    return 1;
  }
  const accounts = await readAccounts(host);
  let code = 0;
  for (const name of parsed.rest.length > 0 ? parsed.rest : [null]) {
    const who = name === null ? { name: accounts.userName(host.uid), uid: host.uid, gid: host.gid } : accounts.user(name);
    if (who === null) {
      await host.printError(`id: ‘${name}’: no such user\n`);
      code = 1;
      continue;
    }
    await host.print(`${described(accounts, who, one, flags.has('-n'))}\n`);
  }
  return code;
}

function described(accounts: Accounts, who: { name: string; uid: number; gid: number }, only: string | undefined, names: boolean): string {
  const groups = [
    who.gid,
    ...accounts.groups.filter(({ gid, members }) => gid !== who.gid && members.includes(who.name)).map(({ gid }) => gid),
  ];
  const group = (gid: number): string => (names ? accounts.groupName(gid) : String(gid));
  if (only === '-u') return names ? who.name : String(who.uid);
  if (only === '-g') return group(who.gid);
  if (only === '-G') return groups.map(group).join(' ');
  const both = (gid: number): string => `${gid}(${accounts.groupName(gid)})`;
  return `uid=${who.uid}(${who.name}) gid=${both(who.gid)} groups=${groups.map(both).join(',')}`;
}
