/** Files that an instance leaves behind: its number in a file, its log, its socket; and how `vacuum` removes them. */
import { type Host, isSystemError } from '../../host/host.ts';
import { Ended } from './ended.ts';
import { fileOutput, type Log, numbered } from './log.ts';
import type { Options } from './options.ts';
import { isTcp, nameMade } from './socket.ts';
import type { Instance } from './startup.ts';

/** Throws Ended. */
export async function writePidFile(host: Host, log: Log, path: string | null): Promise<void> {
  if (path === null) return;
  log.line(`writing pidfile to ${path}`);
  try {
    await host.fs.write(path, `${host.pid}\n`);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    log.line(`open("${path}"): ${error.strerror} [core/utils.c line 3624]`);
    throw new Ended(1);
  }
}

/** From here on the log goes to the file of `logto`. Throws Ended. */
export async function openLogFile(host: Host, log: Log, { logto, uid, gid }: Options): Promise<void> {
  if (logto === null) return;
  try {
    await host.fs.write(logto, '', { append: true });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    log.line(`open("${logto}"): ${error.strerror} [core/logging.c line 288]`);
    throw new Ended(1);
  }
  // The real one keeps the file open; here it is opened for each write, and later by the user that root becomes.
  const user = uid === null ? null : /^\d+$/.test(uid) ? Number(uid) : await host.user(uid);
  const group = gid === null ? null : /^\d+$/.test(gid) ? Number(gid) : await host.group(gid);
  if (host.uid === 0 && user !== null) await host.fs.chown(logto, user, group ?? host.gid);
  log.writeTo(numbered(host, 0, fileOutput(host, logto)));
}

/** At the end of the instance. */
export async function vacuum(host: Host, log: Log, instance: Instance): Promise<void> {
  const { listener, named } = instance;
  const { vacuum, uid, pidfile, pidfile2, stats } = instance.options;
  if (!vacuum) return;
  // Who has become another user may not remove what root has written, and does not try.
  if (uid === null) await remove(host, log, pidfile, 'pidfile', 1617);
  await remove(host, log, pidfile2, 'pidfile2', 1625);
  if ('path' in listener.address) {
    const { path } = listener.address;
    const now = await nameMade(host, listener);
    // Another instance has taken the name. After a reload the real one takes itself for another, too.
    if (now !== null && now !== named) log.line(`VACUUM WARNING: unix socket ${path} changed inode. Skip removal`);
    else await remove(host, log, path, `unix socket ${path}`, 1662);
  }
  if (stats !== null && !isTcp(stats)) await remove(host, log, stats, `unix socket ${stats} (stats)`, 1675);
}

/** `line` is where in the real one's source the error is. */
async function remove(host: Host, log: Log, path: string | null, what: string, line: number): Promise<void> {
  if (path === null) return;
  try {
    await host.fs.remove(path);
    log.line(`VACUUM: ${what} removed.`);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    log.line(`unlink(): ${error.strerror} [core/uwsgi.c line ${line}]`);
  }
}
