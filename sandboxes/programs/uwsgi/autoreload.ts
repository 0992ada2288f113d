/**
 * py-autoreload: a worker looks at the files of its modules every few seconds and has the instance reloaded when one has
 * changed. The real one has a thread of Python for it, this one the moments when Python has nothing to do.
 */
import type { Host } from '../../host/host.ts';
import type { App } from './app.ts';
import type { Log } from './log.ts';

/** Watch until a file changes. `seconds` lie between two looks; what was changed before the first of them is not noticed. */
export async function autoreload(host: Host, log: Log, app: App, seconds: number, reload: () => void): Promise<void> {
  const times = new Map<string, number>();
  /** Those of the standard library are no files of the server. */
  const absent = new Set<string>();
  for (;;) {
    await host.sleep(seconds * 1000);
    for (const file of app.moduleFiles()) {
      if (absent.has(file)) continue;
      const modified = (await host.fs.stat(file).catch(() => null))?.modified;
      if (modified === undefined) {
        absent.add(file);
        continue;
      }
      const before = times.get(file);
      times.set(file, modified);
      if (before === undefined || before === modified) continue;
      log.line(`[uwsgi-python-reloader] module/file ${file} has been modified`);
      reload();
      return;
    }
  }
}
