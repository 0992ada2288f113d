/** Tells systemd that uWSGI is ready (Type=notify), in the words of core/notify.c. Without NOTIFY_SOCKET nobody wants to know. */
import { type Host, isSystemError } from '../../host/host.ts';
import type { Log } from './log.ts';

export async function notifyReady(host: Host, log: Log): Promise<void> {
  const path = host.env.NOTIFY_SOCKET;
  if (path === undefined) return;
  try {
    const connection = await host.connect({ path });
    await connection.write('STATUS=uWSGI is ready\nREADY=1\n');
    connection.end();
    await connection.read();
    connection.close();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    log.line(`sendmsg(): ${error.strerror} [core/notify.c line 40]`);
  }
}
