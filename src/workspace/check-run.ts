/** "Check my work": the checks one by one with what came of each, how often they were tried, and the same in one sentence. */
import type { CheckResult, CheckTarget } from '../checks/index.ts';
import type { Check } from '../lesson/format.ts';
import { Reactive } from './reactive.ts';
import { nameOf } from './work-files.ts';

/** `earlier`: it passed in an earlier visit or try and has not been looked at since. */
export type CheckState = 'pending' | 'earlier' | 'running' | 'passed' | 'not yet';

export interface CheckRow {
  readonly check: Check;
  readonly state: CheckState;
  /** What was found, in short, and what to do: of those that are not yet so. */
  readonly found: string;
  readonly hint: string;
}

/** Where passed checks are remembered. */
export interface Memory {
  readonly passed: () => readonly string[];
  readonly remember: (id: string) => void;
}

export interface Running {
  /** The sandbox, ready to be looked at; null when it could not be started. */
  readonly prepare: () => Promise<CheckTarget | null>;
  readonly runChecks: (checks: readonly Check[], target: CheckTarget, onResult: (result: CheckResult) => void) => Promise<unknown>;
}

export class CheckRun {
  readonly #checks: readonly Check[];
  readonly #memory: Memory;
  readonly #state = new Reactive();
  #rows: readonly CheckRow[];
  #running = false;
  #failures = 0;
  /** Files that no server had read when the last checks were made: what was found does not hold for them. */
  #unread: readonly string[] = [];
  #said = '';

  constructor(checks: readonly Check[], memory: Memory) {
    this.#checks = checks;
    this.#memory = memory;
    this.#rows = this.#fresh();
  }

  get rows(): readonly CheckRow[] {
    this.#state.read();
    return this.#rows;
  }

  get running(): boolean {
    this.#state.read();
    return this.#running;
  }

  /** Tries in which not all checks passed. */
  get failures(): number {
    this.#state.read();
    return this.#failures;
  }

  get done(): boolean {
    return !this.running && !this.#unread.length && this.rows.every(({ state }) => state === 'passed' || state === 'earlier');
  }

  /** What there is to say, for people who hear the page: once at the beginning, once at the end. */
  get said(): string {
    this.#state.read();
    return this.#said;
  }

  /** Makes all checks. Never throws; while they are being made, another wish changes nothing. */
  async run({ prepare, runChecks }: Running): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#unread = [];
    this.#rows = this.#checks.map((check) => ({ check, state: 'pending', found: '', hint: '' }));
    this.#say('Checking.');
    try {
      const target = await prepare();
      if (target) {
        this.#mark(0);
        await runChecks(this.#checks, target, (result) => this.#take(result));
        this.#conclude(await target.unread());
      } else this.#giveUp('The sandbox could not be started, so nothing was checked.');
    } catch (error) {
      this.#giveUp(`Nothing was checked: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** What is remembered was changed elsewhere, or forgotten. Results of this visit stay. */
  recall(): void {
    if (this.#running || this.#rows.some(({ state }) => state === 'passed' || state === 'not yet')) return;
    this.#rows = this.#fresh();
    this.#state.changed();
  }

  #take({ id, passed, found, hint }: CheckResult): void {
    const at = this.#rows.findIndex(({ check }) => check.id === id);
    const done = { state: passed ? 'passed' : 'not yet', found: passed ? '' : found, hint: hint ?? '' } as const;
    this.#rows = this.#rows.map((row, index) => (index === at ? { ...row, ...done } : row));
    this.#mark(at + 1);
  }

  #mark(at: number): void {
    this.#rows = this.#rows.map((row, index) => (index === at ? { ...row, state: 'running' } : row));
    this.#state.changed();
  }

  #conclude(unread: readonly string[]): void {
    const missing = this.#rows.filter(({ state }) => state !== 'passed');
    this.#unread = unread;
    // what passed with the files of before may not pass with those that are there now
    if (!unread.length) for (const { check, state } of this.#rows) if (state === 'passed') this.#memory.remember(check.id);
    if (missing.length) this.#failures++;
    this.#running = false;
    const first = missing[0];
    const all = `${this.#rows.length === 1 ? 'The check' : `All ${this.#rows.length} checks`} passed`;
    if (first)
      this.#say(`${this.#rows.length - missing.length} of ${this.#rows.length} passed. Not yet: ${first.check.text}. ${first.hint}`);
    else if (unread.length)
      this.#say(`${all}, but ${unread.map(nameOf).join(', ')} has not been read yet. Restart servers, then check again.`);
    else this.#say(`${all}.`);
  }

  #giveUp(why: string): void {
    this.#running = false;
    this.#rows = this.#fresh();
    this.#say(why);
  }

  #say(text: string): void {
    this.#said = text.replaceAll('`', '');
    this.#state.changed();
  }

  #fresh(): CheckRow[] {
    const passed = this.#memory.passed();
    return this.#checks.map((check) => ({ check, state: passed.includes(check.id) ? 'earlier' : 'pending', found: '', hint: '' }));
  }
}
