/** The shell's state: variables, jobs, where its words go, and who Ctrl-C is for. */
import { type Child, type Host, isSystemError } from '../../host/host.ts';
import type { Values } from './expand.ts';
import { Failure } from './failure.ts';
import { Foreground } from './foreground.ts';
import { type Job, Jobs } from './jobs.ts';
import type { Copy } from './launch.ts';
import { Lines } from './lines.ts';
import { Parser } from './parse.ts';
import { run } from './run.ts';
import { Source } from './source.ts';
import { Captured, type Streams, writeTo } from './streams.ts';
import { type List, SyntaxProblem } from './tree.ts';

/** A file that sources itself has no end. */
const DEEPEST = 50;
/** A loop that only works in memory lets the world in so often. */
const BREATH_MS = 20;
const INTERRUPTED = 130;
/** What `set` knows. */
export const OPTIONS = 'eux';

/** The way out of loops, or of the whole line. */
export type Leaving = { readonly how: 'break' | 'continue'; readonly loops: number } | { readonly how: 'line' };

export class Shell implements Values {
  readonly host: Host;
  readonly interactive: boolean;
  /** `$0` */
  name = 'sh';
  arguments: readonly string[] = [];
  variables: Map<string, string>;
  exported: Set<string>;
  /** `set`: e ends a script at the first failure, u minds variables that are not set, x shows what is carried out. */
  options: Set<string> = new Set();
  readonly jobs = new Jobs();
  readonly input: Lines;
  readonly foreground: Foreground;
  streams: Streams = { out: 'out', err: 'err', in: null };
  /** Lines that were entered, the oldest first. */
  history: string[] = [];
  /** Exit code of the last command, and of the last `$( )` in its words. */
  code = 0;
  substituted = 0;
  finished = false;
  /** It was said once that jobs are stopped. */
  warned = false;
  leaving: Leaving | null = null;
  /** Line of the text that is being carried out. */
  at = 0;
  /** Is what was started last Python? */
  python = false;
  /** Files that are being carried out, one in the other. */
  #depth = 0;
  /** Conditions that are being asked, one in the other. */
  #asking = 0;
  #interrupted = false;
  #breath = 0;

  constructor(host: Host, interactive: boolean) {
    this.host = host;
    this.interactive = interactive;
    this.variables = new Map(Object.entries(host.env));
    this.exported = new Set(this.variables.keys());
    this.input = new Lines(() => host.readInput());
    host.onSignal('SIGINT', () => this.interrupt());
    this.foreground = new Foreground(this);
  }

  /** What `fork` gave this process. */
  become(copy: Copy): void {
    this.name = copy.name;
    this.arguments = copy.arguments;
    this.variables = new Map(copy.variables);
    this.exported = new Set(copy.exported);
    this.options = new Set(copy.options);
    this.code = copy.code;
  }

  // ---- carrying out ----

  /** Is the rest of the list not for us? */
  get leaves(): boolean {
    return this.finished || this.#interrupted || this.leaving !== null;
  }

  /** What was typed is carried out: a new line, with nothing of the one before it. */
  async typed(list: List): Promise<void> {
    this.#interrupted = false;
    this.leaving = null;
    this.foreground.forgetStop();
    await run(this, list);
    this.leaving = null;
    if (this.#interrupted) this.code = INTERRUPTED;
  }

  /** Carry out the lines of a text, which are counted for themselves. Ctrl-C gives up the rest. */
  async source(text: string): Promise<void> {
    if (this.#depth >= DEEPEST) throw new Failure('.: files are nested too deep', true);
    const { at } = this;
    this.#depth++;
    const parser = new Parser(new Source(text));
    await this.guarded(async () => {
      for (let list = parser.line(); list !== null && !this.leaves; list = parser.line()) await run(this, list);
    });
    this.#depth--;
    this.at = at;
  }

  /** Does a piece of work; says what went wrong. */
  async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof SyntaxProblem) {
        this.at = error.line;
        await this.#wentWrong(error.message, 2, true);
      } else if (error instanceof Failure) await this.#wentWrong(error.message, error.code, error.grave);
      else if (isSystemError(error)) await this.#wentWrong(error.message, 1, false);
      else throw error;
    }
  }

  async #wentWrong(message: string, code: number, grave: boolean): Promise<void> {
    await this.complain(message);
    this.code = code;
    if (!grave) this.mayFail();
    else if (this.interactive) this.leaving = { how: 'line' };
    else this.finished = true;
  }

  /** Does something for its exit code: it may fail. */
  async asking(work: () => Promise<void>): Promise<void> {
    this.#asking++;
    try {
      await work();
    } finally {
      this.#asking--;
    }
  }

  /** `set -e`: after a command that was not asked whether it fails. */
  mayFail(): void {
    if (this.code !== 0 && this.options.has('e') && this.#asking === 0) this.finished = true;
  }

  /** After the body of a loop: is there another round? */
  goesOn(): boolean {
    const { leaving } = this;
    if (leaving === null || leaving.how === 'line') return !this.leaves;
    this.leaving = leaving.loops > 1 ? { how: leaving.how, loops: leaving.loops - 1 } : null;
    return this.leaving === null && leaving.how === 'continue' && !this.leaves;
  }

  /** Lets signals in. */
  async breathe(): Promise<void> {
    if (this.host.now() - this.#breath < BREATH_MS) return;
    await this.host.sleep(0);
    this.#breath = this.host.now();
  }

  /** Does something with other streams. */
  async within(streams: Streams, work: () => Promise<void>): Promise<void> {
    const before = this.streams;
    this.streams = streams;
    try {
      await work();
    } finally {
      this.streams = before;
    }
  }

  /** Does something as a copy of this shell would: only its exit code and what it prints remain. */
  async apart(work: () => Promise<void>): Promise<void> {
    const { variables, exported, options, finished, leaving, at } = this;
    const { cwd } = this.host;
    const all = this.arguments;
    this.variables = new Map(variables);
    this.exported = new Set(exported);
    this.options = new Set(options);
    try {
      await this.guarded(work);
    } finally {
      Object.assign(this, { variables, exported, options, finished, leaving, at, arguments: all });
      if (this.host.cwd !== cwd) await this.host.chdir(cwd);
    }
  }

  async capture(commands: List): Promise<string> {
    const text = await this.printedBy(() => this.apart(() => run(this, commands)));
    this.substituted = this.code;
    return text.replaceAll('\0', '').replace(/\n+$/, '');
  }

  /** What is printed meanwhile. Throws Failure when it is too much. */
  async printedBy(work: () => Promise<void>): Promise<string> {
    const captured = new Captured();
    await this.within({ ...this.streams, out: captured }, work);
    await Promise.all(captured.reading);
    return captured.text;
  }

  // ---- what is printed ----

  print(text: string): Promise<void> {
    return writeTo(this.streams.out, text, this.host);
  }

  printError(text: string): Promise<void> {
    return writeTo(this.streams.err, text, this.host);
  }

  /** An error of the shell itself, as dash words it. */
  complain(text: string): Promise<void> {
    return this.printError(`${this.name}: ${Math.max(this.at, 1)}: ${text}\n`);
  }

  // ---- values ----

  value(name: string): string | null {
    if (name === '?') return String(this.code);
    if (name === '$') return String(this.host.pid);
    if (name === '#') return String(this.arguments.length);
    if (name === '-') return [...this.options, ...(this.interactive ? ['i'] : [])].join('');
    if (name === '0') return this.name;
    if (/^\d+$/.test(name)) return this.arguments[Number(name) - 1] ?? null;
    return this.variables.get(name) ?? null;
  }

  set(name: string, value: string): void {
    this.variables.set(name, value);
  }

  missing(name: string): void {
    if (this.options.has('u') && name !== '!') throw new Failure(`${name}: parameter not set`, true);
  }

  get files() {
    return this.host.fs;
  }

  // ---- programs in the foreground ----

  /** Waits for programs in the foreground, see Foreground. The exit code of the last one. */
  attend(children: readonly Child[], text: string, piped: Promise<unknown> = Promise.resolve(), job?: Job): Promise<number> {
    return this.foreground.attend(children, text, piped, job);
  }

  /** Wait for something in a builtin; Ctrl-C ends the wait, with null. */
  until<T>(done: Promise<T>): Promise<T | null> {
    return this.foreground.until(done);
  }

  /** Ctrl-C: for the programs in the foreground, and no more of what was to come after them. */
  interrupt(): void {
    this.#interrupted = true;
    if (!this.interactive) {
      this.code = INTERRUPTED;
      this.finished = true;
    }
    this.foreground.interrupt();
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }
}
