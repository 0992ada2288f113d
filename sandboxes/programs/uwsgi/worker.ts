/** A worker process: continues the master's memory, then serves. */
import type { Host } from '../../host/host.ts';
import { PythonEnded } from '../python/ended.ts';
import { App } from './app.ts';
import { autoreload } from './autoreload.ts';
import { type FromWorker, WorkerControl } from './control.ts';
import { loadApp, reportEnd } from './load.ts';
import { Log, numbered, outputOf } from './log.ts';
import { hasPython, type Options } from './options.ts';
import type { UwsgiRequest } from './request.ts';
import { type Counters, serve } from './serve.ts';
import { Wear } from './wear.ts';

/** What the master hands to a worker, in its environment. */
export interface WorkerStart {
  readonly worker: number;
  readonly master: number;
  readonly options: Options;
  /** Did the master load the application? Null when the worker shall (lazy-apps). */
  readonly loaded: boolean | null;
  /** Seconds that took. */
  readonly appStartup: number;
  readonly counters: Counters;
  readonly title: string;
}

export const WORKER_START = 'UWSGI_SANDBOX_WORKER';

/** Exit codes that a master understands. */
export const EXIT_RELOAD = 17;
export const EXIT_NO_APP = 22;

export async function runWorker(host: Host, start: WorkerStart): Promise<number> {
  const { worker, master, options, counters } = start;
  host.setTitle(start.title);
  host.event('process.role', { role: 'worker', server: 'uwsgi', worker });
  const [listener] = host.inherited;
  if (listener === undefined) return 1;

  let stopping = false;
  let orphan = false;
  let serving = false;
  let leaving = false;
  let wear: Wear | null = null;
  let busy: (FromWorker & { say: 'busy' }) | null = null;
  const finish = (): void => {
    stopping = true;
    if (serving) listener.close();
  };
  const output = outputOf(host, options.logto);
  const control = new WorkerControl(host, counters.total, output, finish, () => {
    // Without a master there is nobody whose end would be theirs.
    orphan = options.master;
    if (orphan) finish();
  });
  const alone = numbered(host, 0, output);
  const log = new Log(host, options.master ? (entry) => control.log(entry) : alone);
  if (options.logDate) log.dateLines();
  host.onSignal('SIGHUP', () => {
    log.line(`Gracefully killing worker ${worker} (pid: ${host.pid})...`);
    finish();
  });

  const tellBusy = (): void => {
    if (busy !== null) control.busy(busy);
    busy = null;
  };
  const began = ({ variables, pairs }: UwsgiRequest): void => {
    const of = (name: string): string => variables.get(name) ?? '';
    busy = {
      say: 'busy',
      begun: counters.tally.begun,
      since: host.date(),
      address: of('REMOTE_ADDR'),
      method: of('REQUEST_METHOD'),
      uri: of('REQUEST_URI'),
      vars: options.stats === null ? [] : pairs.map(([name, value]) => `${name}=${value}`),
    };
    // Otherwise the master needs to know only of requests that take long: those that sleep.
    if (options.harakiri > 0 || options.stats !== null) tellBusy();
  };
  const done = (): void => {
    busy = null;
    control.done(counters.tally, options.stats !== null);
  };

  try {
    let app: App | null = null;
    let appStartup = start.appStartup;
    if (hasPython(options)) {
      const onSleep = (): void => {
        tellBusy();
        wear?.collect();
      };
      app = await App.open({ host, log, options, worker, master, image: host.image, forks: false, onSleep });
      if (app === null) return 1;
      control.tell({ say: 'python' });
      const begun = host.now();
      const mustLoad = start.loaded === null || (start.loaded && !app.forked);
      const loaded = mustLoad ? loadApp(host, log, app, options, 'worker') : start.loaded;
      if (typeof loaded === 'number') return loaded;
      if (mustLoad) appStartup = Math.floor((host.now() - begun) / 1000);
      if (!loaded && options.needApp) {
        await host.kill(master, 'SIGINT').catch(() => {});
        return EXIT_NO_APP;
      }
      if (!loaded) app = null;
    }
    wear = new Wear(host, log, options, app);
    if (options.evilReloadOnRss > 0) void wear.watch(worker, (bytes) => control.tell({ say: 'memory', bytes }));
    const over = (): boolean => {
      leaving = wear?.request() ?? false;
      return leaving;
    };
    const reload = (): void => void host.kill(master, 'SIGHUP').catch(() => {});
    if (options.pyAutoreload > 0 && app !== null) {
      if (worker === 1) log.line('Python auto-reloader enabled');
      void autoreload(host, log, app, options.pyAutoreload, reload).catch((error: unknown) =>
        log.line(`[sandbox] py-autoreload has ended: ${error}`),
      );
    }
    serving = true;
    control.tell({ say: 'up', appStartup: app === null ? null : appStartup });
    await serve({ host, log, options, worker, listener, app, counters, began, done, over, stopping: () => stopping, reload });
  } catch (error) {
    if (!(error instanceof PythonEnded)) throw error;
    tellBusy();
    reportEnd(host, log, error);
    return error.code;
  } finally {
    control.tell(leaving ? { say: 'leaving' } : null);
  }
  if (leaving) return 0;
  if (orphan) log.dated(`uWSGI worker ${worker} screams: UAAAAAAH my master disconnected: i will kill myself !!!`);
  return orphan ? 0 : EXIT_RELOAD;
}
