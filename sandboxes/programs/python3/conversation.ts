/** `python3` without a program: lines typed at the prompt, one by one. */
import { type PythonProcess, settle } from './process.ts';

/** What `push` gives beside an exit code, see _python3.py. */
const COMPLETE = -1;

export class Conversation {
  readonly #process: PythonProcess;
  readonly #decoder = new TextDecoder();
  /** Typed, and not read yet. */
  #typed = '';
  #more = false;

  constructor(process: PythonProcess) {
    this.#process = process;
  }

  /** To its end: exit(), or end of input. Gives the exit code. */
  async hold(quiet: boolean): Promise<number> {
    const { host, module } = this.#process;
    await host.printError(module.converse(quiet));
    await this.#listen();
    for (;;) {
      const line = await this.#line();
      if (line === null) break;
      const code = await this.#push(line);
      if (code >= 0) {
        module.end();
        return code;
      }
      await this.#listen();
    }
    await host.print('\n');
    return module.end();
  }

  /** Python cannot be interrupted while it runs: Ctrl-C then has its default effect, the end of the process. */
  async #push(line: string): Promise<number> {
    const { host, module } = this.#process;
    host.onSignal('SIGINT', 'default');
    host.flush();
    const result = module.push(line);
    await settle(this.#process);
    this.#more = result < COMPLETE;
    return result;
  }

  /** The prompt. Ctrl-C there gives up what was typed. */
  async #listen(): Promise<void> {
    const { host, module } = this.#process;
    host.onSignal('SIGINT', () => {
      this.#typed = '';
      this.#more = false;
      module.interrupt();
      void host.printError('KeyboardInterrupt\n').then(() => this.#prompt());
    });
    await this.#prompt();
  }

  async #prompt(): Promise<void> {
    await this.#process.host.print(this.#process.module.prompt(this.#more));
  }

  /** The next line, or null at the end of input. */
  async #line(): Promise<string | null> {
    for (;;) {
      const end = this.#typed.indexOf('\n');
      if (end >= 0) {
        const line = this.#typed.slice(0, end).replace(/\r$/, '');
        this.#typed = this.#typed.slice(end + 1);
        return line;
      }
      const chunk = await this.#process.host.readInput();
      if (chunk === null) return null;
      this.#typed += this.#decoder.decode(chunk, { stream: true });
    }
  }
}
