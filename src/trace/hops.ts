/** The stations of one request and their times. */

/**
 * Where a request is from a hop on. Between the visitor and the gate: `sent`, `response`. In nginx: `gate`, `shelf` (a static file).
 * Towards the worker: `upstream`, `queued`, `accepted`. In the worker: `room`. Back to nginx: `returned`, `failed`. Over: `done`.
 */
export type Stage = 'sent' | 'gate' | 'shelf' | 'upstream' | 'queued' | 'accepted' | 'room' | 'returned' | 'failed' | 'response' | 'done';

export interface Hop {
  readonly stage: Stage;
  /** Strictly increasing within a request: clocks of browsers are coarse, and two hops may carry the same time. */
  readonly t: number;
  readonly pid: number;
  readonly listener?: number;
  readonly status?: number;
  readonly reason?: string;
}

/** One microsecond: what keeps hops apart that carry the same time. */
const TICK = 0.001;

/**
 * Makes the times of hops strictly increasing. `upstream` and `response` are what nginx says afterwards about something
 * that the kernel or the client saw first, so those give way; otherwise the later hop does.
 */
export function putInOrder(hops: readonly { -readonly [K in keyof Hop]: Hop[K] }[], end: number): void {
  for (let i = hops.length - 1; i >= 0; i--) {
    const hop = hops[i] as Hop;
    const next = hops[i + 1];
    const givesWay = next && (hop.stage === 'upstream' || hop.stage === 'response');
    (hops[i] as { t: number }).t = Math.min(hop.t, end, givesWay ? next.t : end);
  }
  for (let i = 1; i < hops.length; i++) (hops[i] as { t: number }).t = Math.max((hops[i] as Hop).t, (hops[i - 1] as Hop).t + TICK);
}

/** The earliest time at which two lists of hops differ. */
export function firstDifference(before: readonly Hop[], after: readonly Hop[]): number {
  for (let i = 0; ; i++) {
    const a = before[i];
    const b = after[i];
    if (!a || !b) return Math.min(a?.t ?? Number.POSITIVE_INFINITY, b?.t ?? Number.POSITIVE_INFINITY);
    if (a.t !== b.t || a.stage !== b.stage) return Math.min(a.t, b.t);
  }
}
