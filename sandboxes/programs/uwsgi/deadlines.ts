/** When the master ends a worker: its request, its memory or its life has got too long. */
import type { Host } from '../../host/host.ts';
import { sendTo } from './control.ts';
import type { Log } from './log.ts';
import { type Options, sandboxSays } from './options.ts';
import type { Slot } from './slot.ts';

const MB = 1024 * 1024;
/** Seconds that the start of a Python may take, on the slowest machine. */
const PYTHON_START = 60;

export class Deadlines {
  #host: Host;
  #log: Log;
  #options: Options;

  constructor(host: Host, log: Log, options: Options) {
    this.#host = host;
    this.#log = log;
    this.#options = options;
  }

  /** End a worker whose request takes too long. */
  async harakiri(slot: Slot): Promise<void> {
    const { busy, worker, child, exit } = slot;
    const { harakiri } = this.#options;
    if (harakiri === 0 || busy === null || exit !== null) return;
    const since = Math.floor(busy.since / 1000);
    if (Math.floor(this.#host.date() / 1000) <= since + harakiri) return;
    this.#log.dated(`*** HARAKIRI ON WORKER ${worker} (pid: ${child.pid}, try: 1) ***`);
    this.#log.dated(`HARAKIRI !!! worker ${worker} status !!!`);
    this.#log.dated(`HARAKIRI [core 0] ${busy.address} - ${busy.method} ${busy.uri} since ${since}`);
    this.#log.dated(`HARAKIRI !!! end of worker ${worker} status !!!`);
    slot.killedFor = 'harakiri';
    slot.harakiris++;
    await this.#host.kill(child.pid, 'SIGKILL').catch(() => {});
    await child.exited;
  }

  /** End a worker that has too much memory, whatever it is doing. */
  async evilReload(slot: Slot): Promise<void> {
    const { evilReloadOnRss } = this.#options;
    const { worker, child, exit, bytes } = slot;
    if (evilReloadOnRss === 0 || exit !== null || bytes < evilReloadOnRss * MB) return;
    this.#log.line(`*** EVIL RELOAD ON WORKER ${worker} RSS: ${bytes} (pid: ${child.pid}) ***`);
    slot.bytes = 0;
    slot.killedFor = 'memory';
    await this.#host.kill(child.pid, 'SIGKILL').catch(() => {});
    await child.exited;
  }

  /** End a worker whose Python does not start: WebAssembly may fail without a word, which fork() never does. */
  async startPython(slot: Slot): Promise<void> {
    const { worker, child, exit, python, up, since } = slot;
    if (python || up || exit !== null || Math.floor(this.#host.date() / 1000) - since <= PYTHON_START) return;
    this.#log.line(sandboxSays(`worker ${worker} (pid: ${child.pid}) had ${PYTHON_START} seconds to start Python, and did not: once more`));
    await this.#host.kill(child.pid, 'SIGKILL').catch(() => {});
    await child.exited;
  }

  /** Send a worker away that has lived long enough. */
  endLifetime(slot: Slot): void {
    const { maxWorkerLifetime } = this.#options;
    const { worker, child, exit, since, leaving } = slot;
    const lifetime = Math.floor(this.#host.date() / 1000) - since;
    if (maxWorkerLifetime === 0 || exit !== null || leaving !== null || lifetime <= maxWorkerLifetime) return;
    this.#log.line(`worker ${worker} lifetime reached, it was running for ${lifetime} second(s)`);
    slot.leaving = 'told';
    if (child.stdin) sendTo(child.stdin, { finish: true });
  }
}
