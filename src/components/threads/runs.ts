/**
 * What the learner's own runs were, from the trace: four or more requests of a kind that were sent together, and when a worker had
 * each of them. Many processes say the facts, and their batches come in any order, so they are kept apart and joined when asked for.
 */
import type { TraceEvent } from '../../../sandboxes/host/events.ts';

export const KINDS = ['wait', 'burn'] as const;
export type Kind = (typeof KINDS)[number];

/** Milliseconds since the first request of its run was sent. */
interface RunRequest {
  readonly sent: number;
  readonly from: number;
  readonly to: number;
}

export interface Run {
  readonly kind: Kind;
  /** How many workers took part. */
  readonly workers: number;
  /** In the order in which they were sent. */
  readonly requests: readonly RunRequest[];
  /** From the first request to the last answer, ms. */
  readonly wall: number;
}

/** Fewer than these show nothing about many. */
const MANY = 4;
/** Of older requests nobody asks any more. */
const KEPT = 200;

const kindOf = (url: string): Kind | undefined => KINDS.find((kind) => new RegExp(`^(https?://[^/]+)?/${kind}\\b`).test(url));

/** The latest facts of a sort. */
class Facts<Fact> extends Map<string, Fact> {
  override set(key: string, fact: Fact): this {
    super.set(key, fact);
    if (this.size > KEPT) for (const oldest of [...this.keys()].slice(0, -KEPT)) this.delete(oldest);
    return this;
  }
}

interface Sent {
  readonly key: string;
  readonly kind: Kind;
  readonly t: number;
}

export class Runs {
  /** By the client's connection and the count on it. */
  readonly #sent = new Facts<Sent>();
  readonly #answered = new Facts<number>();
  /** The connection from Nginx to a worker. */
  readonly #upstreams = new Facts<string>();
  /** By that connection. */
  readonly #called = new Facts<{ readonly t: number; readonly worker: number }>();
  readonly #returned = new Facts<number>();

  /** Whether a request was answered or failed: only then a run can be complete. */
  add(events: readonly TraceEvent[]): boolean {
    for (const event of events) this.#learn(event);
    return events.some(({ type }) => type === 'client.response' || type === 'client.failed' || type === 'wsgi.return');
  }

  /** Of each kind, the last run of one worker and the last of several. */
  latest(): Run[] {
    const latest = new Map<string, Run>();
    for (const kind of KINDS) for (const run of this.#runs(kind)) latest.set(`${kind} ${run.workers > 1}`, run);
    return [...latest.values()];
  }

  #learn(event: TraceEvent): void {
    switch (event.type) {
      case 'client.request': {
        const kind = kindOf(event.url);
        const key = `${event.conn}/${event.n}`;
        if (kind) this.#sent.set(key, { key, kind, t: event.t });
        break;
      }
      case 'nginx.upstream':
        this.#upstreams.set(`${event.conn}/${event.n}`, event.upstream);
        break;
      case 'wsgi.call':
        this.#called.set(event.conn, { t: event.t, worker: event.worker });
        break;
      case 'wsgi.return':
        this.#returned.set(event.conn, event.t);
        break;
      case 'client.response':
      case 'client.failed':
        this.#answered.set(`${event.conn}/${event.n}`, event.t);
    }
  }

  /** Requests belong together while at least one of those before is under way. */
  #runs(kind: Kind): Run[] {
    const all = [...this.#sent.values()].filter((one) => one.kind === kind).sort((a, b) => a.t - b.t);
    const groups: Sent[][] = [];
    let until = Number.NEGATIVE_INFINITY;
    for (const sent of all) {
      if (sent.t > until) groups.push([]);
      groups.at(-1)?.push(sent);
      until = Math.max(until, this.#answered.get(sent.key) ?? Number.POSITIVE_INFINITY);
    }
    return groups.flatMap((group) => this.#runOf(kind, group) ?? []);
  }

  /** Null while one of them is under way, or when one failed. */
  #runOf(kind: Kind, group: readonly Sent[]): Run | null {
    const start = group[0]?.t ?? 0;
    const workers = new Set<number>();
    const requests: RunRequest[] = [];
    let wall = 0;
    for (const { key, t } of group) {
      const upstream = this.#upstreams.get(key) ?? '';
      const called = this.#called.get(upstream);
      const returned = this.#returned.get(upstream);
      const answered = this.#answered.get(key);
      if (called === undefined || returned === undefined || answered === undefined) return null;
      workers.add(called.worker);
      requests.push({ sent: t - start, from: called.t - start, to: returned - start });
      wall = Math.max(wall, answered - start);
    }
    return requests.length < MANY ? null : { kind, workers: workers.size, requests, wall };
  }
}
