/** The listen queue over time: how many requests stood in it, kept while they become known better. */
import type { RequestTrace } from './requests.ts';
import { Sorted } from './sorted.ts';

/** One more waits, or one less. */
interface Step {
  readonly t: number;
  readonly by: 1 | -1;
}

/** Who leaves makes room for who comes at the same time. */
const inOrder = (a: Step, b: Step): number => a.t - b.t || a.by - b.by;

export class QueueDepth {
  readonly #steps = new Sorted<Step>(inOrder);
  /** After each step: how many wait, and the most that ever did until then. */
  readonly #depths: number[] = [];
  readonly #most: number[] = [];

  /** The most that ever waited at once. */
  get longest(): number {
    return this.#most.at(-1) ?? 0;
  }

  /** A request is known, known better, or forgotten. */
  change(before: RequestTrace | null, after: RequestTrace | null): void {
    const was = before ? stepsOf(before) : [];
    const is = after ? stepsOf(after) : [];
    if (was.length === is.length && was.every((step, i) => inOrder(step, is[i] as Step) === 0)) return;
    for (const step of was) this.#steps.remove(step);
    for (const step of is) this.#steps.add(step);
  }

  settle(): void {
    const from = this.#steps.settle();
    const { items } = this.#steps;
    this.#depths.length = from;
    this.#most.length = from;
    for (let i = from; i < items.length; i++) {
      const depth = (this.#depths[i - 1] ?? 0) + (items[i] as Step).by;
      this.#depths.push(depth);
      this.#most.push(Math.max(this.longest, depth));
    }
  }
}

/** When the request stood in the queue of the workers' socket; after a failure it may have stood there twice. */
function stepsOf({ hops }: RequestTrace): Step[] {
  const steps: Step[] = [];
  for (const [i, { stage, t }] of hops.entries()) {
    if (stage !== 'queued') continue;
    steps.push({ t, by: 1 });
    const next = hops[i + 1];
    if (next) steps.push({ t: next.t, by: -1 });
  }
  return steps;
}
