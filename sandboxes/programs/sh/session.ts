/** The shell reading: prompts, lines that belong together, Tab. */
import { readHistory, readTab } from '../page.ts';
import { parse } from './parse.ts';
import type { Shell } from './shell.ts';
import { answerTab } from './tab.ts';
import { type List, SyntaxProblem } from './tree.ts';

/** Where the cursor is, as a terminal tells a program that may have ended meanwhile. */
const TERMINAL_ANSWER = /\x1b\[\d+;\d+R/g;
/** The command goes on in the next line. */
const MORE = '> ';
const MOST_HISTORY = 500;

export class Session {
  readonly #shell: Shell;
  /** Lines that are no whole command yet. */
  #pending = '';
  #busy = false;
  #lines = 0;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** Read and carry out commands to the end of the input, or to `exit`. Its exit code. */
  async run(): Promise<number> {
    const shell = this.#shell;
    shell.host.onSignal('SIGINT', () => this.#interrupt());
    await this.#prompt();
    for (let read = await shell.input.next(); read !== null; read = await shell.input.next()) {
      if (await this.#asked(read.line)) continue;
      const line = read.line.replace(/\r$/, '').replace(TERMINAL_ANSWER, '');
      this.#lines++;
      if (line.trim() !== '') shell.history = [...shell.history, line].slice(-MOST_HISTORY);
      await this.#line(`${this.#pending}${line}\n`, true);
      if (shell.finished) return shell.code;
      await this.#prompt();
    }
    if (this.#pending !== '') await this.#line(this.#pending, false);
    return shell.code;
  }

  /** What the page has to say, not who sits at it. */
  async #asked(line: string): Promise<boolean> {
    if (!this.#shell.interactive) return false;
    const kept = readHistory(line);
    if (kept) this.#shell.history = [...kept, ...this.#shell.history].slice(-MOST_HISTORY);
    const tab = kept ? null : readTab(line);
    if (tab) await this.#shell.host.print(await answerTab(tab, this.#shell, this.#promptText));
    return kept !== null || tab !== null;
  }

  /** `open`: there may be more of it. */
  async #line(text: string, open: boolean): Promise<void> {
    const shell = this.#shell;
    this.#pending = '';
    this.#busy = true;
    let list: List = [];
    await shell.guarded(async () => {
      try {
        list = parse(text, open, this.#lines - text.split('\n').length + 2);
      } catch (error) {
        if (!(error instanceof SyntaxProblem && error.unfinished && open)) throw error;
        this.#pending = text;
      }
    });
    if (this.#pending === '') await shell.typed(list);
    this.#busy = false;
  }

  #interrupt(): void {
    const shell = this.#shell;
    shell.interrupt();
    shell.input.takeAll();
    this.#pending = '';
    if (!this.#busy && shell.interactive) void shell.host.print('\n').then(() => this.#prompt());
  }

  get #promptText(): string {
    if (this.#pending !== '') return MORE;
    const { host, variables } = this.#shell;
    const home = variables.get('HOME') ?? '/root';
    const where = host.cwd === home ? '~' : host.cwd.replace(`${home}/`, '~/');
    const environment = variables.get('VIRTUAL_ENV_PROMPT');
    const before = environment === undefined ? '' : `(${environment}) `;
    return `${before}root@web:${where}${host.uid === 0 ? '#' : '$'} `;
  }

  async #prompt(): Promise<void> {
    const { interactive, jobs, host } = this.#shell;
    if (!interactive) return;
    const ended = jobs.takeEnded();
    if (ended !== '') await host.print(ended);
    await host.print(this.#promptText);
  }
}
