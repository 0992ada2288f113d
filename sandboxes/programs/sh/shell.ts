/** The shell at work: reads lines, fills in words, runs programs in the foreground or beside itself. */
import type { Child, Host, SpawnOptions } from '../../host/host.ts';
import { readTab } from '../page.ts';
import { BUILTINS, REPORTS } from './builtins.ts';
import { exitCode, farewell, pump } from './children.ts';
import { Jobs } from './jobs.ts';
import { launch } from './launch.ts';
import { type Command, type Item, type Pipeline, parseLine, type Step, SyntaxProblem, type Word } from './parse.ts';
import { feed, writeTo } from './redirects.ts';
import { answerTab } from './tab.ts';
import { expand } from './words.ts';

/** A file that sources itself has no end. */
const DEEPEST = 50;
/** Where the cursor is, as a terminal tells a program that may have ended meanwhile. */
const TERMINAL_ANSWER = /\x1b\[\d+;\d+R/g;
const MAIN_SCREEN = '\x1b[?47l';

export class Shell {
  readonly host: Host;
  readonly interactive: boolean;
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  readonly jobs = new Jobs();
  /** Lines that were entered, the oldest first. */
  history: string[] = [];
  /** Exit code of the last command. */
  code = 0;
  finished = false;
  #lines = 0;
  /** Files that are being carried out, one in the other. */
  #depth = 0;
  /** What Ctrl-C is meant for. */
  #foreground: Child[] = [];
  #interrupted = false;
  #stopWaiting: (() => void) | null = null;
  /** Is what was started last Python? */
  python = false;
  /** Input that has come and is no whole line yet; Ctrl-C throws it away. */
  #rest = '';

  constructor(host: Host, interactive: boolean) {
    this.host = host;
    this.interactive = interactive;
    this.variables = new Map(Object.entries(host.env));
    this.exported = new Set(this.variables.keys());
    host.onSignal('SIGINT', () => this.#interrupt());
    if (interactive) host.onSignal('SIGHUP', () => void this.#hangUp());
  }

  /** Read and carry out lines of the input to its end, or to `exit`. */
  async read(): Promise<number> {
    const decoder = new TextDecoder();
    await this.#prompt();
    for (let chunk = await this.host.readInput(); chunk !== null; chunk = await this.host.readInput()) {
      this.#rest += decoder.decode(chunk, { stream: true });
      for (let end = this.#rest.indexOf('\n'); end >= 0; end = this.#rest.indexOf('\n')) {
        const line = this.#rest.slice(0, end).replace(/\r$/, '').replace(TERMINAL_ANSWER, '');
        this.#rest = this.#rest.slice(end + 1);
        this.#interrupted = false;
        const asked = this.interactive ? readTab(line) : null;
        if (asked) {
          await this.host.print(await answerTab(asked, this, this.#promptText));
          continue;
        }
        if (line.trim() !== '') this.history.push(line);
        await this.line(line);
        if (this.finished) return this.code;
        await this.#prompt();
      }
    }
    if (this.#rest !== '') await this.line(this.#rest);
    return this.code;
  }

  /** Carry out one line. */
  async line(line: string): Promise<void> {
    this.#lines++;
    let items: Item[];
    try {
      items = parseLine(line);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      await this.complain(error.message);
      this.code = 2;
      // What follows may be the body of a loop that there is not.
      if (!this.interactive) this.finished = true;
      return;
    }
    for (const item of items) {
      if (this.finished || this.#interrupted) break;
      if (item.background) await this.#background(item);
      else await this.#steps(item.steps);
    }
  }

  /** Carry out the lines of a file, which are counted for themselves. Ctrl-C gives up the rest. */
  async source(text: string): Promise<void> {
    if (this.#depth >= DEEPEST) {
      await this.complain('.: files are nested too deep');
      this.code = 2;
      return;
    }
    const lines = this.#lines;
    this.#lines = 0;
    this.#depth++;
    for (const line of text.split('\n')) {
      if (this.finished || this.#interrupted) break;
      await this.line(line);
    }
    this.#depth--;
    this.#lines = lines;
  }

  /** An error of the shell itself, as dash words it. */
  async complain(text: string): Promise<void> {
    await this.host.printError(`sh: ${this.#lines}: ${text}\n`);
  }

  async #steps(steps: readonly Step[]): Promise<void> {
    for (const { pipeline, when } of steps) {
      if (this.finished || this.#interrupted) return;
      if ((when === 'success' && this.code !== 0) || (when === 'failure' && this.code === 0)) continue;
      this.code = await this.#pipeline(pipeline);
    }
  }

  /** `&`: a single program is spawned and left alone; anything longer gets a shell of its own, as in every shell. */
  async #background(item: Item): Promise<void> {
    const [step] = item.steps;
    const pipeline = step?.pipeline;
    const command = pipeline?.[0];
    if (!step || !pipeline || !command) return;
    const { text } = item;
    const words = item.steps.length === 1 && pipeline.length === 1 ? await this.expand(command.words) : null;
    const [name = '', ...args] = words ?? [];
    const plain = words !== null && !Object.hasOwn(BUILTINS, name) && !isAssignment(name);
    const child = plain
      ? await launch(this, name, args, { stdin: 'null' }, command.redirects)
      : await launch(this, 'sh', ['-c', text], { stdin: 'null' });
    if (typeof child === 'number') {
      this.code = child;
      return;
    }
    const { id } = this.jobs.add(child, text);
    this.variables.set('!', String(child.pid));
    this.code = 0;
    if (this.interactive) await this.host.print(`[${id}] ${child.pid}\n`);
  }

  async #pipeline(commands: Pipeline): Promise<number> {
    const [only] = commands;
    if (only && commands.length === 1) return this.#command(only);
    const children: Child[] = [];
    let before: Child | null = null;
    const pumps: Promise<void>[] = [];
    for (const [i, command] of commands.entries()) {
      const words = await this.expand(command.words);
      const [name = '', ...args] = words;
      const last = i === commands.length - 1;
      const stdin = before || REPORTS.has(name) ? { stdin: 'pipe' as const } : {};
      const pipes: SpawnOptions = { ...stdin, ...(last ? {} : { stdout: 'pipe' }) };
      const report = REPORTS.has(name) ? await this.#report(name, args) : null;
      const [program, given] = Object.hasOwn(BUILTINS, name) ? ['sh', ['-c', words.map(quote).join(' ')]] : [name, args];
      const child =
        report === null
          ? await launch(this, program, given, pipes, command.redirects)
          : await launch(this, 'cat', [], pipes, command.redirects);
      if (typeof child === 'number') {
        for (const other of children) await this.host.kill(other.pid, 'SIGTERM').catch(() => undefined);
        return child;
      }
      children.push(child);
      if (report !== null) void feed(child, report);
      const fed = report !== null || command.redirects.some(({ from }) => from === 0);
      if (before) pumps.push(pump(before, fed ? null : child));
      before = child;
    }
    this.#foreground = children;
    const exits = await Promise.all(children.map((child) => child.exited));
    await Promise.all(pumps);
    this.#foreground = [];
    return exitCode(exits.at(-1));
  }

  async #command(command: Command): Promise<number> {
    const words = await this.expand(command.words);
    const assignments: [string, string][] = [];
    while (words[0] !== undefined && isAssignment(words[0])) {
      const word = words.shift() ?? '';
      assignments.push([word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
    }
    const [name, ...args] = words;
    if (name === undefined) {
      for (const [key, value] of assignments) this.variables.set(key, value);
      for (const redirect of command.redirects) if (redirect.from !== 0) await writeTo(this, redirect, '');
      return 0;
    }
    const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
    if (builtin) {
      let output = '';
      const into = command.redirects.find((redirect) => redirect.from === 1);
      const code = await builtin(this, args, async (text) => {
        if (into) output += text;
        else await this.host.print(text);
      });
      if (into) await writeTo(this, into, output);
      return code;
    }
    const env = Object.fromEntries(assignments);
    const child = await launch(this, name, args, {}, command.redirects, env);
    return typeof child === 'number' ? child : this.attend(child);
  }

  /** Waits for a program in the foreground: Ctrl-C is for it. Its exit code. */
  async attend(child: Child): Promise<number> {
    this.#foreground = [child];
    const exit = await child.exited;
    this.#foreground = [];
    // it may have left a screen of its own, which it cannot clear up any more
    if (exit.signal === 'SIGKILL' && this.interactive) await this.host.print(MAIN_SCREEN);
    const last = farewell(exit, this.python);
    if (last !== '') await this.host.printError(last);
    return exitCode(exit);
  }

  /** What a builtin prints that tells of this very shell: another one would not know it. */
  async #report(name: string, args: readonly string[]): Promise<string> {
    let text = '';
    await BUILTINS[name]?.(this, args, async (more) => {
      text += more;
    });
    return text;
  }

  expand(words: readonly Word[]): Promise<string[]> {
    return expand(words, (name) => this.value(name), this.host.fs);
  }

  /** Wait for something in a builtin; Ctrl-C ends the wait. */
  async until(done: Promise<unknown>): Promise<void> {
    const interrupted = new Promise<void>((resolve) => {
      this.#stopWaiting = resolve;
    });
    await Promise.race([done, interrupted]);
    this.#stopWaiting = null;
  }

  value(name: string): string {
    if (name === '?') return String(this.code);
    if (name === '$') return String(this.host.pid);
    return this.variables.get(name) ?? '';
  }

  /** Ctrl-C: for the program in the foreground, else a fresh line. */
  #interrupt(): void {
    this.#interrupted = true;
    this.#rest = '';
    if (this.#stopWaiting) {
      this.#stopWaiting();
      return;
    }
    if (this.#foreground.length === 0) {
      void this.host.print('\n').then(() => this.#prompt());
      return;
    }
    for (const child of this.#foreground) void this.host.kill(child.pid, 'SIGINT').catch(() => undefined);
  }

  /** The terminal was closed: what it started hears of it, and ends unless it knows better. */
  async #hangUp(): Promise<void> {
    const children = [...this.#foreground, ...this.jobs.all.map(({ child }) => child)];
    await Promise.all(children.map(({ pid }) => this.host.kill(pid, 'SIGHUP').catch(() => undefined)));
    this.host.onSignal('SIGHUP', 'default');
    await this.host.kill(this.host.pid, 'SIGHUP');
  }

  get #promptText(): string {
    const home = this.variables.get('HOME') ?? '/root';
    const where = this.host.cwd === home ? '~' : this.host.cwd.replace(`${home}/`, '~/');
    const environment = this.variables.get('VIRTUAL_ENV_PROMPT');
    const before = environment === undefined ? '' : `(${environment}) `;
    return `${before}root@web:${where}${this.host.uid === 0 ? '#' : '$'} `;
  }

  async #prompt(): Promise<void> {
    if (!this.interactive) return;
    const ended = this.jobs.takeEnded();
    if (ended !== '') await this.host.print(ended);
    await this.host.print(this.#promptText);
  }
}

const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*=/.test(word);
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
