/** Where a request's time went: who had it from when to when. Pure. */
import type { Stage } from '../../../trace/hops.ts';
import type { RequestTrace } from '../../../trace/requests.ts';

/** On its way to or from the visitor; in nginx; in the waiting line; with a worker; `unseen`: left nginx, and nobody saw where it was. */
export type Holder = 'way' | 'gate' | 'line' | 'worker' | 'unseen';

export interface Span {
  readonly holder: Holder;
  /** Milliseconds. */
  readonly ms: number;
}

const HOLDERS: Readonly<Record<Stage, Holder>> = {
  sent: 'way',
  gate: 'gate',
  shelf: 'gate',
  upstream: 'gate',
  queued: 'line',
  accepted: 'worker',
  room: 'worker',
  returned: 'gate',
  failed: 'gate',
  response: 'way',
  done: 'way',
};

/** In order of time, neighbours of one holder as one. The last one goes on until `now` when the request is under way. */
export function spansOf(request: RequestTrace, now: number): readonly Span[] {
  const spans: { holder: Holder; ms: number }[] = [];
  for (const [index, hop] of request.hops.entries()) {
    if (hop.stage === 'done') break;
    const next = request.hops[index + 1];
    const until = next?.t ?? Math.max(now, hop.t);
    const holder = hop.stage === 'upstream' && next?.stage === 'room' ? 'unseen' : HOLDERS[hop.stage];
    const last = spans.at(-1);
    if (last?.holder === holder) last.ms += until - hop.t;
    else spans.push({ holder, ms: until - hop.t });
  }
  return spans;
}
