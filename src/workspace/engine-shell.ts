/** The engine's own shell on a screen: it draws what is typed itself, so every key goes to it and all it prints to the screen. */
import type { ShellProcess, TerminalSize } from '../runtime/runtime.ts';
import { reasonOf } from './failure.ts';
import { Screen } from './screen.ts';

export class EngineShell {
  readonly #screen: Screen;
  readonly #start: (size: TerminalSize) => Promise<ShellProcess>;
  #shell: ShellProcess | null = null;
  #opening = false;
  #disposed = false;

  constructor(element: HTMLElement, start: (size: TerminalSize) => Promise<ShellProcess>) {
    this.#screen = new Screen(element, { convertEol: false });
    this.#start = start;
    const { terminal } = this.#screen;
    terminal.onData((keys) => {
      if (this.#shell) this.#shell.write(keys);
      else if (keys.includes('\r')) void this.#open();
    });
    terminal.onResize((size) => this.#shell?.resize(size));
    void this.#open();
  }

  text(): string {
    return this.#screen.text();
  }

  set screenReader(on: boolean) {
    this.#screen.terminal.options.screenReaderMode = on;
  }

  dispose(): void {
    this.#disposed = true;
    this.#shell?.close();
    this.#screen.dispose();
  }

  async #open(): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    const { cols, rows } = this.#screen.terminal;
    try {
      const shell = await this.#start({ cols, rows });
      if (this.#disposed) {
        shell.close();
        return;
      }
      this.#shell = shell;
      shell.onOutput((text) => this.#write(text));
      void shell.exited.then(() => {
        this.#shell = null;
        this.#write('\r\n[the shell has ended: press Enter for a new one]\r\n');
      });
    } catch (error) {
      this.#write(`The shell could not be started: ${reasonOf(error)}\r\nPress Enter to try again.\r\n`);
    } finally {
      this.#opening = false;
    }
  }

  #write(text: string): void {
    if (!this.#disposed) this.#screen.terminal.write(text);
  }
}
