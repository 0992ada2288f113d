/** The rows of a log that is still being written, for the page: brought up to date a few times a second, not at every event. */
import { createSubscriber } from 'svelte/reactivity';
import type { TraceLog } from '../trace/log.ts';
import { type Row, Traffic } from '../trace/traffic.ts';

const SETTLE_MS = 120;
const shared = new WeakMap<TraceLog, LiveTraffic>();

/** One for each log, whoever asks. */
export function liveTraffic(log: TraceLog): LiveTraffic {
  const traffic = shared.get(log) ?? new LiveTraffic(log);
  shared.set(log, traffic);
  return traffic;
}

export class LiveTraffic {
  readonly #traffic: Traffic;
  /** Makes whoever reads in an effect or a derived value read again. State of our own would not: it is no dependency of the derived value that makes it. */
  readonly #follow: () => void;

  constructor(log: TraceLog) {
    this.#traffic = new Traffic(log);
    this.#follow = createSubscriber((update) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const settle = (): void => {
        timer = undefined;
        update();
      };
      const stop = log.subscribe(() => {
        timer ??= setTimeout(settle, SETTLE_MS);
      });
      return () => {
        stop();
        clearTimeout(timer);
      };
    });
  }

  newest(count: number): Row[] {
    this.#follow();
    return this.#traffic.newest(count);
  }

  find(key: string): Row | null {
    this.#follow();
    return this.#traffic.find(key);
  }
}
