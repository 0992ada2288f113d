/**
 * What a worker has used up: requests and memory. After each request it looks whether that is enough (max-requests,
 * reload-on-rss) and then leaves by itself, for the master to start a fresh one.
 *
 * What Linux calls the resident set is here what the program has asked of WebAssembly's memory (see MemoryUse): about
 * 23 MB for a fresh worker, and 10 MB more for every 10 MB that an application keeps.
 */
import type { Host } from '../../host/host.ts';
import type { App } from './app.ts';
import type { Log } from './log.ts';
import type { Options } from './options.ts';

const MB = 1024 * 1024;
/** How often a worker measures itself for the master when evil-reload-on-rss is set, ms. */
const WATCH_EVERY = 3000;

export class Wear {
  #host: Host;
  #log: Log;
  #options: Options;
  #app: App | null;
  /** As uWSGI does: the start in whole seconds, the present to the millisecond. */
  readonly #started: number;
  #requests = 0;
  #bytes = 0;
  #collected = 0;
  #tellMaster: ((bytes: number) => void) | null = null;

  constructor(host: Host, log: Log, options: Options, app: App | null) {
    this.#host = host;
    this.#log = log;
    this.#options = options;
    this.#app = app;
    this.#started = Math.floor(host.date() / 1000) * 1000;
    this.#measure();
  }

  /** A request is over. True when it was this worker's last: it has said good-bye and shall end. */
  request(): boolean {
    const { maxRequests, reloadOnRss, minWorkerLifetime } = this.#options;
    this.#requests++;
    this.#measure();
    const enough = (maxRequests > 0 && this.#requests >= maxRequests) || (reloadOnRss > 0 && this.#bytes >= reloadOnRss * MB);
    if (!enough || this.#host.date() - this.#started < minWorkerLifetime * 1000) return false;
    this.#log.line(`...The work of process ${this.#host.pid} is done. Seeya!`);
    return true;
  }

  /** Measure every few seconds and tell the master. The real one has a thread for it, this one only its idle moments. */
  async watch(worker: number, tellMaster: (bytes: number) => void): Promise<void> {
    this.#log.dated(`mem-collector thread started for worker ${worker}`);
    this.#tellMaster = tellMaster;
    for (;;) {
      await this.#host.sleep(WATCH_EVERY);
      this.collect();
    }
  }

  /** Measure now, because there will be no idle moment for a while. */
  collect(): void {
    if (this.#tellMaster === null) return;
    this.#measure();
    if (this.#bytes !== this.#collected) this.#tellMaster(this.#bytes);
    this.#collected = this.#bytes;
  }

  #measure(): void {
    const bytes = this.#app?.memory().used ?? 0;
    if (bytes !== this.#bytes) this.#host.event('process.memory', { bytes });
    this.#bytes = bytes;
  }
}
