/**
 * `uwsgi`: an application server that reads the same configuration and prints the same words as uWSGI 2.0.21 of
 * Debian 12. A master loads the application once and starts workers from its memory; they share one listening socket.
 */
import type { Host, Listener, Program } from '../../host/host.ts';
import { runAlone } from './alone.ts';
import { Ended } from './ended.ts';
import { vacuum } from './leftovers.ts';
import { Log, numbered, outputOf } from './log.ts';
import { Master } from './master.ts';
import { ROUTER_START, type RouterStart, runRouter } from './router.ts';
import { socketFd } from './socket.ts';
import { type Instance, startUp } from './startup.ts';
import { runWorker, WORKER_START, type WorkerStart } from './worker.ts';

const uwsgi: Program = async (host) => {
  const worker = host.env[WORKER_START];
  if (worker !== undefined) return runWorker(host, JSON.parse(worker) as WorkerStart);
  const log = new Log(host);
  const router = host.env[ROUTER_START];
  if (router !== undefined) return startRouter(host, JSON.parse(router) as RouterStart);
  try {
    return await runServer(host, log);
  } catch (error) {
    if (error instanceof Ended) return error.code;
    throw error;
  } finally {
    await log.drained();
  }
};

async function startRouter(host: Host, start: RouterStart): Promise<number> {
  const log = new Log(host, numbered(host, 0, outputOf(host, start.logto)));
  return runRouter(host, log, start);
}

async function runServer(host: Host, log: Log): Promise<number> {
  const home = host.cwd;
  let inherited: Listener | null = null;
  for (;;) {
    hearNobody(host);
    const instance: Instance = await startUp(host, log, inherited);
    if (!instance.options.master) {
      const code = await runAlone(host, log, instance);
      await vacuum(host, log, instance);
      return code;
    }
    const outcome = await new Master(host, log, instance).run(inherited !== null);
    if (outcome !== 'reload') {
      instance.listener.close();
      await vacuum(host, log, instance);
      return outcome.code;
    }
    inherited = instance.listener;
    hearNobody(host);
    await startAnew(host, log, home, instance);
  }
}

/**
 * Until the master listens. Python is then up already in the real one, and SIGINT a KeyboardInterrupt in the app's import;
 * here nobody can interrupt Python, and SIGINT ends the process.
 */
function hearNobody(host: Host): void {
  for (const signal of ['SIGHUP', 'SIGTERM'] as const) host.onSignal(signal, 'ignore');
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGUSR1'] as const) host.onSignal(signal, 'default');
}

/** The real one replaces itself by exec(): same process, same socket, everything else from the beginning. */
async function startAnew(host: Host, log: Log, home: string, { options }: Instance): Promise<void> {
  log.line(
    'binary reloading uWSGI...',
    `chdir() to ${home}`,
    'closing all non-uwsgi socket fds > 2 (max_fd = 20000)...',
    `found fd ${socketFd(options)} mapped to socket 0 (${options.sockets[0]?.address ?? ''})`,
    'running /usr/bin/uwsgi-core',
  );
  await host.chdir(home);
}

export default uwsgi;
