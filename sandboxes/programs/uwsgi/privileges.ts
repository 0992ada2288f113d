/** From root to the user and group of the configuration. uWSGI tries that several times, and says so each time. */
import type { Host } from '../../host/host.ts';
import { Ended } from './ended.ts';
import type { Log } from './log.ts';
import type { Options } from './options.ts';

/** A number other than root's is not looked up, and known before anything is. */
const numeric = (name: string | null): number => (name !== null && /^\d+$/.test(name) ? Number(name) : 0);

/** Throws Ended. */
export async function dropPrivileges(host: Host, log: Log, { uid, gid }: Options): Promise<void> {
  if (host.uid !== 0) return stay(host, log, numeric(uid), numeric(gid));
  if (uid === null || numeric(uid) > 0) log.line('uWSGI running as root, you can use --uid/--gid/--chroot options');
  const group = numeric(gid) || (await find(log, 'group', gid, (name) => host.group(name)));
  const user = numeric(uid) || (await find(log, 'user', uid, (name) => host.user(name)));
  if (group > 0) log.line(`setgid() to ${group}`);
  if (user > 0) log.line(`setuid() to ${user}`);
  if (group > 0 || user > 0) await host.setUser(user || host.uid, group || host.gid);
  if (host.uid === 0) log.line('*** WARNING: you are running uWSGI as root !!! (use the --uid flag) *** ');
}

/** Who is not root can only be told to be who they are. */
function stay(host: Host, log: Log, user: number, group: number): void {
  const wrong = group > 0 && host.gid !== group ? 'setgid' : user > 0 && host.uid !== user ? 'setuid' : null;
  if (wrong === null) return;
  log.line(`cannot ${wrong}() as non-root user`);
  throw new Ended(1);
}

/** The number of a name, 0 for none. */
async function find(
  log: Log,
  what: 'user' | 'group',
  name: string | null,
  lookup: (name: string) => Promise<number | null>,
): Promise<number> {
  if (name === null) return 0;
  const id = await lookup(name);
  if (id !== null) return id;
  log.line(`${what} ${name} not found.`);
  throw new Ended(1);
}
