/** Without a master the first process is itself worker 1, and nobody looks after the others. */
import type { Host } from '../../host/host.ts';
import { PythonEnded } from '../python/ended.ts';
import { Gateway } from './gateway.ts';
import { loadApp } from './load.ts';
import type { Log } from './log.ts';
import { serve } from './serve.ts';
import type { Instance } from './startup.ts';
import { newTally } from './tally.ts';
import { Wear } from './wear.ts';
import { WORKER_START, type WorkerStart } from './worker.ts';

/** What the real one exits with when a signal stops it and it has no master. */
const EXIT_STOPPED = 30;

/** Serve in this process, with `processes - 1` children beside it. Gives the exit code. */
export async function runAlone(
  host: Host,
  log: Log,
  { options, listener, router, app, image, loaded, appStartup }: Instance,
): Promise<number> {
  const { processes } = options;
  const gateway = new Gateway(host, log, options, router, listener.address);
  await gateway.spawn();
  log.line(
    processes === 1
      ? `spawned uWSGI worker 1 (and the only) (pid: ${host.pid}, cores: 1)`
      : `spawned uWSGI worker 1 (pid: ${host.pid}, cores: 1)`,
  );
  const children: number[] = [];
  for (let worker = 2; worker <= processes; worker++) {
    const start: WorkerStart = {
      worker,
      master: host.pid,
      options,
      loaded,
      appStartup,
      counters: { tally: newTally(), total: 0 },
      title: [host.name, ...host.args].join(' '),
    };
    const env = { ...host.env, [WORKER_START]: JSON.stringify(start) };
    const child = await host.spawn(host.name, host.args, {
      env,
      listeners: [listener],
      stdin: 'pipe',
      stdout: 'null',
      ...(image ? { image } : {}),
    });
    children.push(child.pid);
    log.line(`spawned uWSGI worker ${worker} (pid: ${child.pid}, cores: 1)`);
  }

  let stopping = false;
  const stop = (): void => {
    stopping = true;
    listener.close();
    gateway.bury();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP'] as const) host.onSignal(signal, stop);
  try {
    const ready = app !== null && (loaded ?? loadApp(host, log, app, options, 'worker'));
    if (typeof ready === 'number') return ready;
    const nothing = (): void => {};
    const counters = { tally: newTally(), total: 0 };
    const wear = new Wear(host, log, options, ready ? app : null);
    let done = false;
    await serve({
      host,
      log,
      options,
      worker: 1,
      listener,
      app: ready ? app : null,
      counters,
      began: nothing,
      done: nothing,
      over: () => {
        done = wear.request();
        return done;
      },
      stopping: () => stopping,
      // Nobody is there to do it.
      reload: nothing,
    });
    // Nobody starts another one.
    if (done) return 0;
  } catch (error) {
    if (error instanceof PythonEnded) return error.code;
    throw error;
  }
  for (const pid of children) await host.kill(pid, 'SIGKILL').catch(() => {});
  return EXIT_STOPPED;
}
