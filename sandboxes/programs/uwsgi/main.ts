/**
 * `uwsgi`: an application server that reads the same configuration and prints the same words as uWSGI 2.0.21 of
 * Debian 12. A master loads the application once and starts workers from its memory; they share one listening socket.
 */
import type { Host, Listener, Program } from '../../host/host.ts';
import { runAlone } from './alone.ts';
import { Ended } from './ended.ts';
import { vacuum } from './leftovers.ts';
import { Log } from './log.ts';
import { Master } from './master.ts';
import { type Instance, startUp } from './startup.ts';
import { runWorker, WORKER_START, type WorkerStart } from './worker.ts';

const uwsgi: Program = async (host) => {
  const worker = host.env[WORKER_START];
  if (worker !== undefined) return runWorker(host, JSON.parse(worker) as WorkerStart);
  const log = new Log(host);
  try {
    return await runServer(host, log);
  } catch (error) {
    if (error instanceof Ended) return error.code;
    throw error;
  } finally {
    await log.drained();
  }
};

async function runServer(host: Host, log: Log): Promise<number> {
  const home = host.cwd;
  let inherited: Listener | null = null;
  for (;;) {
    const instance: Instance = await startUp(host, log, inherited);
    if (!instance.options.master) {
      const code = await runAlone(host, log, instance);
      await vacuum(host, log, instance.options, instance.listener);
      return code;
    }
    const outcome = await new Master(host, log, instance).run(inherited !== null);
    if (outcome !== 'reload') {
      instance.listener.close();
      await vacuum(host, log, instance.options, instance.listener);
      return outcome.code;
    }
    inherited = instance.listener;
    await startAnew(host, log, home, instance);
  }
}

/** The real one replaces itself by exec(): same process, same socket, everything else from the beginning. */
async function startAnew(host: Host, log: Log, home: string, { options }: Instance): Promise<void> {
  log.line(
    'binary reloading uWSGI...',
    `chdir() to ${home}`,
    'closing all non-uwsgi socket fds > 2 (max_fd = 20000)...',
    `found fd 3 mapped to socket 0 (${options.sockets[0]?.address ?? ''})`,
    'running /usr/bin/uwsgi-core',
  );
  await host.chdir(home);
}

export default uwsgi;
