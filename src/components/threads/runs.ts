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
  /** How many workers there were when it began, whether all of them took part or not. */
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
/** Facts may come before the request they are about: so many that belong to none are kept beside. */
const LOOSE = 200;

const kindOf = (url: string): Kind | undefined => KINDS.find((kind) => new RegExp(`^(https?://[^/]+)?/${kind}\\b`).test(url));

/** Facts of a sort: those that are wanted, and the latest of the others. */
class Facts<Fact> {
  readonly #facts = new Map<string, Fact>();
  readonly #wanted: (key: string) => boolean;

  constructor(wanted: (key: string) => boolean) {
    this.#wanted = wanted;
  }

  get(key: string): Fact | undefined {
    return this.#facts.get(key);
  }

  set(key: string, fact: Fact): void {
    this.#facts.set(key, fact);
    if (this.#facts.size <= KEPT + LOOSE) return;
    const oldest = [...this.#facts.keys()].find((one) => !this.#wanted(one));
    if (oldest !== undefined) this.#facts.delete(oldest);
  }
}

/** When a worker lived. */
interface Life {
  from: number;
  to: number;
}

interface Sent {
  readonly key: string;
  readonly kind: Kind;
  readonly t: number;
  readonly pid: number;
}

export class Runs {
  /** By the client's connection and the count on it. */
  readonly #sent = new Map<string, Sent>();
  readonly #answered = new Facts<number>((key) => this.#sent.has(key));
  /** The connection from Nginx to a worker. */
  readonly #upstreams = new Facts<string>((key) => this.#sent.has(key));
  /** By that connection. */
  readonly #called = new Facts<number>((conn) => this.#sent.has(this.#requests.get(conn) ?? ''));
  readonly #returned = new Facts<number>((conn) => this.#sent.has(this.#requests.get(conn) ?? ''));
  readonly #requests: Facts<string> = new Facts((conn) => this.#sent.has(this.#requests.get(conn) ?? ''));
  /** By pid. */
  readonly #workers = new Map<number, Life>();
  readonly #ended = new Map<number, number>();

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
        if (kind) this.#sent.set(key, { key, kind, t: event.t, pid: event.pid });
        const [oldest] = this.#sent.keys();
        if (this.#sent.size > KEPT && oldest !== undefined) this.#sent.delete(oldest);
        break;
      }
      case 'nginx.upstream':
        this.#upstreams.set(`${event.conn}/${event.n}`, event.upstream);
        this.#requests.set(event.upstream, `${event.conn}/${event.n}`);
        break;
      case 'wsgi.call':
        this.#called.set(event.conn, event.t);
        break;
      case 'wsgi.return':
        this.#returned.set(event.conn, event.t);
        break;
      case 'client.response':
      case 'client.failed':
        this.#answered.set(`${event.conn}/${event.n}`, event.t);
        break;
      case 'process.role':
        if (event.server === 'uwsgi' && event.worker !== undefined)
          this.#workers.set(event.pid, { from: event.t, to: this.#end(event.pid) });
        break;
      case 'process.exit': {
        this.#ended.set(event.pid, event.t);
        const worker = this.#workers.get(event.pid);
        if (worker) worker.to = event.t;
      }
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
      // whose client has ended waits no more
      until = Math.max(until, this.#answered.get(sent.key) ?? this.#end(sent.pid));
    }
    return groups.flatMap((group) => this.#runOf(kind, group) ?? []);
  }

  /** Null while one of them is under way, or when one failed. */
  #runOf(kind: Kind, group: readonly Sent[]): Run | null {
    const start = group[0]?.t ?? 0;
    const requests: RunRequest[] = [];
    let wall = 0;
    for (const { key, t } of group) {
      const upstream = this.#upstreams.get(key) ?? '';
      const called = this.#called.get(upstream);
      const returned = this.#returned.get(upstream);
      const answered = this.#answered.get(key);
      if (called === undefined || returned === undefined || answered === undefined) return null;
      requests.push({ sent: t - start, from: called - start, to: returned - start });
      wall = Math.max(wall, answered - start);
    }
    const workers = [...this.#workers.values()].filter(({ from, to }) => from <= start && start < to).length;
    return requests.length < MANY ? null : { kind, workers: Math.max(1, workers), requests, wall };
  }

  /** When a process ended, Infinity if it did not. */
  #end(pid: number): number {
    return this.#ended.get(pid) ?? Number.POSITIVE_INFINITY;
  }
}
