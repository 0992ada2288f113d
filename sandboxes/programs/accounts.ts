/** The users and groups of the machine, as /etc/passwd and /etc/group have them. */
import type { Host } from '../host/host.ts';

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}
interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export interface Accounts {
  readonly users: readonly Account[];
  readonly groups: readonly Group[];
  user(nameOrNumber: string): Account | null;
  userName(uid: number): string;
  groupName(gid: number): string;
}

export async function readAccounts(host: Host): Promise<Accounts> {
  const users = (await records(host, '/etc/passwd')).map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  const groups = (await records(host, '/etc/group')).map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(',').filter(Boolean),
  }));
  return {
    users,
    groups,
    user: (text) => users.find(({ name, uid }) => name === text || String(uid) === text) ?? null,
    userName: (uid) => users.find((user) => user.uid === uid)?.name ?? String(uid),
    groupName: (gid) => groups.find((group) => group.gid === gid)?.name ?? String(gid),
  };
}

async function records(host: Host, file: string): Promise<string[][]> {
  const text = await host.fs.readText(file).catch(() => '');
  return text
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => line.split(':'));
}
