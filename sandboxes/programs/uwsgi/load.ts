/** Imports the application and says how that went, in uWSGI's words. */
import type { Host } from '../../host/host.ts';
import type { App } from './app.ts';
import type { Log } from './log.ts';
import type { Options } from './options.ts';

/** True when there is an app; false when not; a number when it wants the process to exit with that code. */
export function loadApp(host: Host, log: Log, app: App, options: Options, where: 'master' | 'worker'): boolean | number {
  const start = host.now();
  const asked = options.module !== null || options.wsgiFile !== null;
  const loaded = asked && app.load(options);
  const ms = host.now() - start;
  host.event('uwsgi.app', { where, ms, ok: loaded === true });
  if (typeof loaded === 'number') return loaded;
  if (loaded) {
    log.line(
      `WSGI app 0 (mountpoint='') ready in ${Math.floor(ms / 1000)} seconds on interpreter ${app.address} pid: ${host.pid} (default app)`,
    );
    return true;
  }
  if (asked) log.line("unable to load app 0 (mountpoint='') (callable not found or import error)");
  log.line(options.needApp ? '*** no app loaded. GAME OVER ***' : '*** no app loaded. going in full dynamic mode ***');
  return false;
}
