/**
 * One machine under a load that never ends: seats that each take one request at a time, and cores that the seats take turns at. A
 * seat is whoever can work on one request: a uWSGI process without threads, or one thread of a w3wp.exe. Nothing is random, so the
 * same machine always gives the same numbers.
 */

/** What one request needs, ms: first a core, then the answer of somebody else (a database, say). At least one of them of the core. */
export interface Work {
  readonly cpu: number;
  readonly wait: number;
}

/** What a seat is doing: on a core, waiting for somebody else's answer, or ready to compute with no core free. */
export type Doing = 'computes' | 'waits' | 'queues';

export interface Run {
  /** Requests answered in a second. */
  readonly perSecond: number;
  /** How many cores were in use, on average. */
  readonly busyCores: number;
  /** What each seat was doing at one moment near the end. */
  readonly doing: readonly Doing[];
}

interface Seat {
  doing: Doing;
  /** Until the end of what it is doing, ms; of no meaning while it queues. */
  left: number;
}

/** The first second is left out: until then not every seat has its rhythm. */
const WARM_UP_MS = 1000;
const MEASURED_MS = 2000;
/** Between two beats of requests that take 100 ms, where most of them begin. */
const LOOK_MS = WARM_UP_MS + MEASURED_MS - 25;

/** Runs a machine for three seconds, in steps of a millisecond. A seat keeps its core until it has computed, then takes the next request. */
export function runMachine(cores: number, seats: number, work: Work): Run {
  const all = Array.from({ length: seats }, (): Seat => ({ doing: 'queues', left: 0 }));
  const queue = [...all];
  let free = cores;
  let answered = 0;
  let coreMs = 0;
  let doing: readonly Doing[] = [];

  const startNext = (): void => {
    while (free > 0 && queue.length > 0) {
      const seat = queue.shift() as Seat;
      seat.doing = 'computes';
      seat.left = work.cpu;
      free--;
    }
  };

  startNext();
  for (let ms = 0; ms < WARM_UP_MS + MEASURED_MS; ms++) {
    const measured = ms >= WARM_UP_MS;
    if (measured) coreMs += cores - free;
    for (const seat of all) {
      if (seat.doing === 'queues' || --seat.left > 0) continue;
      if (seat.doing === 'computes') free++;
      if (seat.doing === 'computes' && work.wait > 0) {
        seat.doing = 'waits';
        seat.left = work.wait;
        continue;
      }
      if (measured) answered++;
      seat.doing = 'queues';
      queue.push(seat);
    }
    startNext();
    if (ms === LOOK_MS) doing = all.map((seat) => seat.doing);
  }
  return { perSecond: (answered * 1000) / MEASURED_MS, busyCores: coreMs / MEASURED_MS, doing };
}
