/** Accounts of the sandbox that a real server may lack: those that its /etc/passwd has beside root's, www-data's and nobody's. */
import type { Changed } from '../../runtime/changes.ts';
import { faultOfPath } from '../share/paths.ts';

export interface Account {
  readonly name: string;
  /** Its first group. */
  readonly group: string;
  readonly home: string;
}

export interface Accounts {
  readonly own: readonly Account[];
  /** `www-data:adm`; root for whoever is not known. */
  owner(uid: number, gid: number): string;
  /** Name of an account, from its name or number as it stands in an ini; null where there is none. */
  user(text: string | undefined): string | null;
  group(text: string | undefined): string | null;
}

/** Every Ubuntu and Debian has these. */
const EVERYWHERE = new Map([
  [0, 'root'],
  [33, 'www-data'],
]);
/** Numbers of accounts that somebody has made. */
const OWN = { from: 1000, to: 59_999 } as const;
/** What useradd takes, and no option. */
const NAME = /^[a-z][a-z0-9_-]{0,31}$/;

export function accountsIn(tree: Readonly<Record<string, Changed>>): Accounts {
  const users = linesOf(tree, '/etc/passwd');
  const groups = linesOf(tree, '/etc/group');
  const isOwn = (id: string | undefined) => Number(id) >= OWN.from && Number(id) <= OWN.to;
  const names = (lines: readonly (readonly string[])[]) =>
    new Map([...EVERYWHERE, ...lines.filter(([, , id]) => isOwn(id)).map(([name = '', , id]) => [Number(id), name] as const)]);
  const userNames = names(users);
  const groupNames = names(groups);
  const own = users
    .filter(([, , id]) => isOwn(id))
    .map(([name = '', , , gid, , home = '']) => ({
      name,
      group: groupNames.get(Number(gid)) ?? name,
      home: faultOfPath(home) === null ? home : '/nonexistent',
    }));
  const byText = (known: ReadonlyMap<number, string>, text = ''): string | null =>
    known.get(/^\d+$/.test(text) ? Number(text) : Number.NaN) ?? [...known.values()].find((name) => name === text) ?? null;
  return {
    own,
    owner: (uid, gid) => `${userNames.get(uid) ?? 'root'}:${groupNames.get(gid) ?? 'root'}`,
    user: (text) => byText(userNames, text),
    group: (text) => byText(groupNames, text),
  };
}

/** The fields of those lines that have a plain name. */
function linesOf(tree: Readonly<Record<string, Changed>>, path: string): readonly (readonly string[])[] {
  const file = tree[path];
  if (file?.kind !== 'file') return [];
  const lines = new TextDecoder().decode(file.data).split('\n');
  return lines.map((line) => line.split(':')).filter(([name = '', , id = '']) => NAME.test(name) && /^\d+$/.test(id));
}
