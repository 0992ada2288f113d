/** Imports the application and says how that went, in uWSGI's words. */
import type { Host } from '../../host/host.ts';
import { PythonEnded } from '../python/ended.ts';
import type { App } from './app.ts';
import type { Log } from './log.ts';
import type { Options } from './options.ts';

/** True when there is an app; false when not; a number when it wants the process to exit with that code. */
export function loadApp(host: Host, log: Log, app: App | null, options: Options, where: 'master' | 'worker'): boolean | number {
  const start = host.now();
  const asked = app !== null && (options.module !== null || options.wsgiFile !== null);
  const loaded = asked && load(host, log, app, options);
  const ms = host.now() - start;
  host.event('uwsgi.app', { where, ms, ok: loaded === true });
  if (typeof loaded === 'number') return loaded;
  if (app !== null && loaded) {
    log.line(
      `WSGI app 0 (mountpoint='') ready in ${Math.floor(ms / 1000)} seconds on interpreter ${app.address} pid: ${host.pid}${options.noDefaultApp ? '' : ' (default app)'}`,
    );
    return true;
  }
  if (asked) log.line("unable to load app 0 (mountpoint='') (callable not found or import error)");
  log.line(options.needApp ? '*** no app loaded. GAME OVER ***' : '*** no app loaded. going in full dynamic mode ***');
  return false;
}

/** The import, which may also end Python itself: the process then exits as Python wanted to. */
function load(host: Host, log: Log, app: App, options: Options): boolean | number {
  try {
    return app.load(options);
  } catch (error) {
    if (!(error instanceof PythonEnded)) throw error;
    reportEnd(host, log, error);
    return error.code;
  }
}

/** A fault of Python's is said; that the app wished to exit is not. */
export function reportEnd(host: Host, log: Log, { message }: PythonEnded): void {
  if (message !== 'exit' && message !== 'sys.exit') log.line(`!!! uWSGI process ${host.pid} got a fatal Python error !!!`, message);
}
