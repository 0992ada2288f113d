/** chown [-R] [OWNER][:[GROUP]] FILE…: changes owner and group. */
import type { Host } from '../../host/host.ts';
import { type Accounts, readAccounts } from '../accounts.ts';
import { attempt, misused, readOwn } from '../coreutils.ts';
import { walk } from '../walk.ts';

/** Null: as it was. */
interface Owner {
  readonly uid: number | null;
  readonly gid: number | null;
}

export default async function chown(host: Host): Promise<number> {
  const parsed = await readOwn(host, { flags: ['-R', '--recursive'], values: [] });
  if (typeof parsed === 'number') return parsed;
  const [text, ...paths] = parsed.rest;
  if (text === undefined) return misused(host, 'missing operand');
  if (paths.length === 0) return misused(host, `missing operand after ‘${text}’`);
  const owner = readOwner(await readAccounts(host), text);
  if ('problem' in owner) {
    await host.printError(`chown: ${owner.problem}: ‘${text}’\n`);
    return 1;
  }
  let code = 0;
  const refused = async (path: string, why: string): Promise<void> => {
    await host.printError(`chown: cannot access '${path}': ${why}\n`);
    code = 1;
  };
  const deepest = parsed.flags.size > 0 ? Number.POSITIVE_INFINITY : 0;
  for (const path of paths) {
    for await (const { path: at, info, depth } of walk(host, path, refused, 0, deepest)) {
      // What a link on the command line leads to is changed; links below are passed over.
      if (info.kind === 'link' && depth > 0) continue;
      const done = await attempt(host, `changing ownership of '${at}'`, async () => {
        const now = info.kind === 'link' ? await host.fs.stat(at) : info;
        await host.fs.chown(at, owner.uid ?? now.uid, owner.gid ?? now.gid);
      });
      if (!done) code = 1;
    }
  }
  return code;
}

function readOwner(accounts: Accounts, text: string): Owner | { readonly problem: string } {
  const [, name = '', colon, group = ''] = /^([^:]*)(:?)(.*)$/.exec(text) ?? [];
  const number = (value: string): number | null => (/^\d+$/.test(value) ? Number(value) : null);
  const user = name === '' ? null : accounts.user(name);
  const uid = user?.uid ?? number(name);
  if (name !== '' && uid === null) return { problem: 'invalid user' };
  if (group === '') {
    if (colon && name !== '' && user === null) return { problem: 'invalid spec' };
    return { uid, gid: colon ? (user?.gid ?? null) : null };
  }
  const gid = accounts.groups.find((one) => one.name === group)?.gid ?? number(group);
  return gid === null ? { problem: 'invalid group' } : { uid, gid };
}
