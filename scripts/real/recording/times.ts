/**
 * When what happened, as well as it can be told from outside: clocks and logs of the real servers are a few milliseconds coarse, and what
 * they say must not come before its cause. Pure.
 */
import type { Hop } from '../hop-log.ts';
import { type Handled, handledIn, type Said, saidIn, type Taken, type Trouble, takenIn, troubleIn } from './lines.ts';
import type { Fact, Measured } from './measured.ts';

/** What the client and uWSGI know of a request, to a part of a millisecond. */
export interface Known {
  readonly sent: number;
  /** Infinity: none came. */
  readonly answered: number;
  readonly taken: Taken | null;
  /** Null: it never ended, or the worker died with it. */
  readonly handled: Handled | null;
}

export function knownOf({ port, t: sent }: Fact<'sent'>, facts: readonly Measured[]): Known {
  const lines = facts.flatMap((fact) => (fact.what === 'line' && fact.of === 'uwsgi' ? [fact.text] : []));
  return {
    sent,
    answered: facts.find((fact) => fact.what === 'answered' && fact.port === port)?.t ?? Number.POSITIVE_INFINITY,
    // of several that were tried the last
    taken: lines.flatMap((text) => takenIn(text) ?? []).findLast((one) => one.port === port) ?? null,
    handled: lines.flatMap((text) => handledIn(text) ?? []).findLast((one) => one.port === port) ?? null,
  };
}

/** What follows something else is at least so much later (ms): events are written to a thousandth. */
export const STEP = 0.002;

/** When nginx had read it, when it had answered. */
export interface Times {
  readonly begin: number;
  readonly end: number;
}

/**
 * nginx' clock is as old as its round of the loop, and shows whole milliseconds: what it says is put where it must have been, after the
 * request was sent and before a worker had it, and the answer between the worker's and the client's.
 */
export function timesOf({ at, seconds }: Hop, { sent, answered, taken, handled }: Known): Times {
  const said = at * 1000;
  const had = handled ? handled.at / 1000 : taken ? taken.at / 1000 : Number.POSITIVE_INFINITY;
  const returned = handled ? (handled.at + handled.micros) / 1000 : taken ? had + STEP : 0;
  return {
    begin: Math.min(Math.max(said - seconds * 1000, sent + STEP), had - STEP, answered - 2 * STEP),
    end: Math.min(Math.max(said, sent + 2 * STEP, Math.min(returned, said + 1) + STEP), answered - STEP),
  };
}

/** A line that is this far (ms) from the end of a request is about another one: nginx counts connections anew when it is started. */
const FAR = 1000;

export function troublesOf({ connection, at }: Hop, facts: readonly Measured[]): Trouble[] {
  const near = facts.flatMap((fact) =>
    fact.what === 'line' && fact.of === 'nginx' && Math.abs(fact.t - at * 1000) < FAR ? (troubleIn(fact.text) ?? []) : [],
  );
  return near.filter((trouble) => trouble.connection === connection);
}

/** What uWSGI says of its processes or sockets with that line; null for anything else. */
export const saidBy = (fact: Measured): Said | null => (fact.what === 'line' && fact.of === 'uwsgi' ? saidIn(fact.text) : null);

/** When nginx missed a worker that had ended in the middle of a request, by the worker's pid. */
export function missedAt(known: ReadonlyMap<number, Known>, hops: readonly Hop[], facts: readonly Measured[]): ReadonlyMap<number, number> {
  const missed = new Map<number, number>();
  for (const hop of hops) {
    const times = known.get(hop.port);
    if (!times?.taken || times.handled) continue;
    if (!troublesOf(hop, facts).some(({ reason }) => reason.startsWith('upstream prematurely closed'))) continue;
    const { pid } = times.taken;
    missed.set(pid, Math.min(missed.get(pid) ?? Number.POSITIVE_INFINITY, timesOf(hop, times).end));
  }
  return missed;
}

/** So long (ms) after its end a process may still be seen. */
const SEEN_LATE = 50;

/** It has ended before nginx missed it, and after the signal that ended it. */
function dated(end: Fact<'ended'>, missed: number | undefined, facts: readonly Measured[]): Fact<'ended'> {
  if (missed === undefined || end.t < missed || end.t - missed > SEEN_LATE) return end;
  const signalled = facts.flatMap((fact) => (fact.what === 'signal' && fact.pid === end.pid && fact.t < end.t ? [fact.t + STEP] : []));
  return { ...end, t: Math.max(missed - STEP, ...signalled) };
}

/**
 * The facts about processes in order of time. Linux dates a start to 10 ms, so that a line may speak of a process before it is there:
 * then it has been there by that line. And a line is read a moment late: uWSGI says that it ends a worker before it does.
 */
export function inOrder(facts: readonly Measured[], missed: ReadonlyMap<number, number>): Measured[] {
  const named = new Map<number, number>();
  for (const fact of facts) {
    const said = saidBy(fact);
    if (said?.is === 'master' || said?.is === 'worker') named.set(said.pid, fact.t);
  }
  const ends = new Map(
    facts.flatMap((fact) => (fact.what === 'ended' ? [[fact.pid, dated(fact, missed.get(fact.pid), facts)] as const] : [])),
  );
  const dates = facts.map((fact) => {
    if (fact.what === 'started') return { ...fact, t: Math.min(fact.t, named.get(fact.pid) ?? fact.t) };
    if (fact.what === 'ended') return ends.get(fact.pid) ?? fact;
    const said = saidBy(fact);
    const end = said?.is === 'harakiri' ? ends.get(said.pid) : undefined;
    return end ? { ...fact, t: Math.min(fact.t, end.t - STEP) } : fact;
  });
  return dates.sort((a, b) => a.t - b.t || Number(b.what === 'started') - Number(a.what === 'started'));
}
