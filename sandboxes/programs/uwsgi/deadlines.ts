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

  /** Look at one worker. True when its end is on its way. */
  look(slot: Slot): boolean {
    if (slot.exit !== null) return false;
    const ends = [this.#harakiri(slot), this.#evilReload(slot), this.#startPython(slot), this.#endLifetime(slot)];
    return ends.includes(true);
  }

  /** A request takes too long. */
  #harakiri(slot: Slot): boolean {
    const { busy, worker, child } = slot;
    const { harakiri } = this.#options;
    if (harakiri === 0 || busy === null) return false;
    const since = Math.floor(busy.since / 1000);
    if (Math.floor(this.#host.date() / 1000) <= since + harakiri) return false;
    this.#log.dated(`*** HARAKIRI ON WORKER ${worker} (pid: ${child.pid}, try: 1) ***`);
    this.#log.dated(`HARAKIRI !!! worker ${worker} status !!!`);
    this.#log.dated(`HARAKIRI [core 0] ${busy.address} - ${busy.method} ${busy.uri} since ${since}`);
    this.#log.dated(`HARAKIRI !!! end of worker ${worker} status !!!`);
    slot.killedFor = 'harakiri';
    slot.harakiris++;
    return this.#kill(slot);
  }

  #kill({ child }: Slot): true {
    void this.#host.kill(child.pid, 'SIGKILL').catch(() => {});
    return true;
  }

  /** It has too much memory, whatever it is doing. */
  #evilReload(slot: Slot): boolean {
    const { evilReloadOnRss } = this.#options;
    const { worker, child, bytes } = slot;
    if (evilReloadOnRss === 0 || bytes < evilReloadOnRss * MB) return false;
    this.#log.line(`*** EVIL RELOAD ON WORKER ${worker} RSS: ${bytes} (pid: ${child.pid}) ***`);
    slot.bytes = 0;
    slot.killedFor = 'memory';
    return this.#kill(slot);
  }

  /** Its Python does not start: WebAssembly may fail without a word, which fork() never does. */
  #startPython(slot: Slot): boolean {
    const { worker, child, python, up, since } = slot;
    if (python || up || Math.floor(this.#host.date() / 1000) - since <= PYTHON_START) return false;
    this.#log.line(sandboxSays(`worker ${worker} (pid: ${child.pid}) had ${PYTHON_START} seconds to start Python, and did not: once more`));
    return this.#kill(slot);
  }

  /** It has lived long enough, and is sent away: there is no end to the time it may take. */
  #endLifetime(slot: Slot): boolean {
    const { maxWorkerLifetime } = this.#options;
    const { worker, child, since, leaving } = slot;
    const lifetime = Math.floor(this.#host.date() / 1000) - since;
    if (maxWorkerLifetime === 0 || leaving !== null || lifetime <= maxWorkerLifetime) return false;
    this.#log.line(`worker ${worker} lifetime reached, it was running for ${lifetime} second(s)`);
    slot.leaving = 'told';
    if (child.stdin) sendTo(child.stdin, { finish: true });
    return true;
  }
}
