/** The rows of a log that is still being written, as state: brought up to date a few times a second, not at every event. */
import { untrack } from 'svelte';
import type { TraceLog } from '../trace/log.ts';
import { type Row, Traffic } from './traffic.ts';

const SETTLE_MS = 120;
const shared = new WeakMap<TraceLog, LiveTraffic>();

/** One for each log, whoever asks. */
export function liveTraffic(log: TraceLog): LiveTraffic {
  // State that a derived value makes itself is no dependency of it: whoever asks first would never hear of a change.
  const traffic = shared.get(log) ?? untrack(() => new LiveTraffic(log));
  shared.set(log, traffic);
  return traffic;
}

export class LiveTraffic {
  readonly #traffic: Traffic;
  #version = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(log: TraceLog) {
    this.#traffic = new Traffic(log);
    log.subscribe(() => {
      this.#timer ??= setTimeout(() => this.#settle(), SETTLE_MS);
    });
  }

  newest(count: number): Row[] {
    return this.#version >= 0 ? this.#traffic.newest(count) : [];
  }

  find(key: string): Row | null {
    return this.#version >= 0 ? this.#traffic.find(key) : null;
  }

  #settle(): void {
    this.#timer = undefined;
    this.#version++;
  }
}
