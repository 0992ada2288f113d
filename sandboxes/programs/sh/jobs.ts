/** What runs beside the shell: `jobs`, `fg`, `wait` and `%1`. */
import type { Child, Exit } from '../../host/host.ts';

type Ended = 'Done' | 'Terminated' | 'Killed' | `Exit ${number}`;

export class Job {
  readonly id: number;
  readonly text: string;
  /** More than one of a pipeline; the last one's exit code counts. */
  readonly children: readonly Child[];
  /** What is carried from one of them to the next. */
  readonly piped: Promise<unknown>;
  readonly done: Promise<void>;
  ended: Ended | null = null;

  constructor(id: number, children: readonly Child[], text: string, piped: Promise<unknown>) {
    this.id = id;
    this.children = children;
    this.text = text;
    this.piped = piped;
    this.done = Promise.all(children.map(({ exited }) => exited)).then((exits) => {
      this.ended = stateAfter(exits.at(-1));
    });
  }

  get state(): 'Running' | 'Stopped' | Ended {
    return this.ended ?? (this.children.some(({ stopped }) => stopped !== null) ? 'Stopped' : 'Running');
  }
}

export class Jobs {
  #all: Job[] = [];
  #last = 0;

  get all(): readonly Job[] {
    return this.#all;
  }

  get anyStopped(): boolean {
    return this.#all.some(({ state }) => state === 'Stopped');
  }

  add(children: readonly Child[], text: string, piped: Promise<unknown> = Promise.resolve()): Job {
    const job = new Job(++this.#last, children, text, piped);
    this.#all.push(job);
    return job;
  }

  /** `%1`, `%%` or `%+` (the last), `%-` (the one before it), `%name`; without a word the last. */
  find(spec = '%%'): Job | null {
    if (!spec.startsWith('%')) return this.#all.find(({ children }) => children.some(({ pid }) => String(pid) === spec)) ?? null;
    const what = spec.slice(1);
    if (what === '' || what === '%' || what === '+') return this.#all.at(-1) ?? null;
    if (what === '-') return this.#all.at(-2) ?? this.#all.at(-1) ?? null;
    if (/^\d+$/.test(what)) return this.#all.find(({ id }) => String(id) === what) ?? null;
    return this.#all.findLast(({ text }) => text.startsWith(what)) ?? null;
  }

  /** As `jobs` shows it: `+` is the last one, `-` the one before it. */
  line(job: Job): string {
    const mark = job === this.#all.at(-1) ? '+' : job === this.#all.at(-2) ? '-' : ' ';
    return `[${job.id}]${mark}  ${job.state.padEnd(24)}${job.text}\n`;
  }

  forget(job: Job): void {
    this.#all = this.#all.filter((other) => other !== job);
    if (this.#all.length === 0) this.#last = 0;
  }

  /** Those that have ended since, as lines; they are forgotten. */
  takeEnded(): string {
    const ended = this.#all.filter((job) => job.ended !== null);
    const lines = ended.map((job) => this.line(job)).join('');
    for (const job of ended) this.forget(job);
    return lines;
  }
}

function stateAfter(exit: Exit | undefined): Ended {
  const { code, signal } = exit ?? { code: 0, signal: null };
  if (signal !== null) return signal === 'SIGKILL' ? 'Killed' : 'Terminated';
  return code === 0 ? 'Done' : `Exit ${code}`;
}
