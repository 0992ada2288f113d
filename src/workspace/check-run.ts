/** "Check my work": the checks one by one with what came of each, how often they were tried, and the same in one sentence. */
import type { CheckResult, CheckTarget } from '../checks/index.ts';
import type { Check } from '../lesson/format.ts';
import { Reactive } from './reactive.ts';
import { nameOf } from './work-files.ts';

/** `earlier`: it passed in an earlier visit or try and has not been looked at since. `lost`: it was so, and is so no more. */
export type CheckState = 'pending' | 'earlier' | 'running' | 'passed' | 'not yet' | 'lost';

export interface CheckRow {
  readonly check: Check;
  readonly state: CheckState;
  /** What was found, in short: of those that are not so. */
  readonly found: string;
  /** What to do, where there is only one thing to say; shown at once. */
  readonly note: string;
  /** The lesson's help, from where to look to what to type; shown one by one. Empty where there is a note. */
  readonly levels: readonly string[];
  /** How many of them the learner has revealed. */
  readonly revealed: number;
}

/** Where passed checks and revealed hints are remembered. */
export interface Memory {
  readonly passed: () => readonly string[];
  readonly remember: (id: string) => void;
  readonly revealed: (id: string) => number;
  readonly reveal: (id: string, levels: number) => void;
}

export type RunChecks = (checks: readonly Check[], target: CheckTarget, onResult?: (result: CheckResult) => void) => Promise<CheckResult[]>;

export interface Running {
  /** The sandbox, ready to be looked at; null when it could not be started. */
  readonly prepare: () => Promise<CheckTarget | null>;
  readonly runChecks: RunChecks;
}

/** Kinds of checks that leave no trace in the sandbox and cost next to nothing. */
const CHEAP: readonly Check['kind'][] = ['file', 'config', 'event'];
const BLANK = { found: '', note: '', levels: [] } as const;

export class CheckRun {
  readonly #checks: readonly Check[];
  readonly #memory: Memory;
  readonly #state = new Reactive();
  #rows: readonly CheckRow[];
  #running = false;
  /** How often the learner has asked. */
  #runs = 0;
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
    return !this.running && !this.#unread.length && this.rows.every(({ state }) => isSo(state));
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
    this.#runs++;
    this.#unread = [];
    this.#rows = this.#checks.map((check) => this.#row(check, 'pending'));
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

  /**
   * Looks again at what can be seen without disturbing anything, and returns what has changed by that, in a sentence; empty when
   * nothing has. What the learner has not asked for yet can only become so: nobody is told of a failure they did not ask about.
   */
  async look(target: CheckTarget, runChecks: RunChecks): Promise<string> {
    const open = this.#rows.filter(({ check, state }) => CHEAP.includes(check.kind) && !(check.keeps && state === 'pending'));
    if (this.#running || !open.length) return '';
    const runs = this.#runs;
    const results = await runChecks(
      open.map(({ check }) => check),
      target,
    );
    const unread = await target.unread();
    // the learner has asked meanwhile, and gets an answer to that, or has it
    if (this.#runs !== runs) return '';
    const before = this.#rows;
    const found = new Map(results.map((result) => [result.id, result]));
    this.#rows = before.map((row) => {
      const result = found.get(row.check.id);
      return result ? this.#seen(row, result, unread) : row;
    });
    this.#unread = unread;
    this.#state.changed();
    const now = this.#rows.filter(({ state }, index) => state !== before[index]?.state && state !== 'earlier');
    return now
      .map(({ check, state }) => `${state === 'passed' ? 'Done' : 'No longer so'}: ${check.text}.`)
      .join(' ')
      .replaceAll('`', '');
  }

  /** Shows one more level of a check's help. */
  reveal(id: string): void {
    this.#rows = this.#rows.map((row) => (row.check.id === id ? { ...row, revealed: Math.min(row.revealed + 1, row.levels.length) } : row));
    this.#memory.reveal(id, this.#rows.find(({ check }) => check.id === id)?.revealed ?? 0);
    this.#state.changed();
  }

  /** What is remembered was changed elsewhere, or forgotten. Results of this visit stay. */
  recall(): void {
    if (this.#running || this.#rows.some(({ state }) => state !== 'pending' && state !== 'earlier')) return;
    this.#rows = this.#fresh();
    this.#state.changed();
  }

  #take(result: CheckResult): void {
    const at = this.#rows.findIndex(({ check }) => check.id === result.id);
    this.#rows = this.#rows.map((row, index) => (index === at ? this.#judged(row, result, 'not yet') : row));
    this.#mark(at + 1);
  }

  #judged(row: CheckRow, { passed, found, hint, exact }: CheckResult, otherwise: CheckState): CheckRow {
    if (passed) return { ...row, ...BLANK, state: 'passed' };
    if (exact === null) return { ...row, state: otherwise, found, note: hint ?? '', levels: [] };
    const levels = [row.check.nudge, hint ?? row.check.hint, exact];
    return { ...row, state: otherwise, found, note: '', levels };
  }

  /** A row after a look in the background. */
  #seen(row: CheckRow, result: CheckResult, unread: readonly string[]): CheckRow {
    const { state, check } = row;
    if (result.passed) {
      if (isSo(state)) return row.state === 'passed' ? row : { ...row, state: 'passed' };
      // it is so again, as it was before
      if (state === 'lost') return this.#judged(row, result, state);
      // with files that no server has read, what is so now may not be so after the next start
      if (unread.length) return row;
      this.#memory.remember(check.id);
      return this.#judged(row, result, state);
    }
    // what has happened stays so, though not since the last start
    if (state === 'passed') return check.kind === 'event' ? { ...row, state: 'earlier' } : this.#judged(row, result, 'lost');
    return state === 'not yet' || state === 'lost' ? this.#judged(row, result, state) : row;
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
      this.#say(
        `${this.#rows.length - missing.length} of ${this.#rows.length} passed. Not yet: ${first.check.text}. ${first.note}`.trimEnd(),
      );
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
    return this.#checks.map((check) => this.#row(check, passed.includes(check.id) ? 'earlier' : 'pending'));
  }

  #row(check: Check, state: CheckState): CheckRow {
    return { check, state, ...BLANK, revealed: this.#memory.revealed(check.id) };
  }
}

const isSo = (state: CheckState): boolean => state === 'passed' || state === 'earlier';
