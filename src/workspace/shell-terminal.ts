/**
 * xterm, the line editor and the sandbox's shell put together. Everything that is drawn goes through one queue,
 * because xterm writes later than it is told to and the editor must know where the prompt left the cursor.
 */
import type { Terminal } from '@xterm/xterm';
import { historyRequest, PAGE_OSC, readAsked, readCompleted, tabRequest } from '../../sandboxes/programs/page.ts';
import type { Proc } from '../runtime/runtime.ts';
import type { KeptHistory } from './kept-history.ts';
import { INDENT, LineEditor, type LineView, paint } from './line-editor.ts';
import { Prompts } from './prompts.ts';
import { Screen } from './screen.ts';

export interface ShellOptions {
  readonly spawn: () => Promise<Proc>;
  readonly signal: (pid: number, signal: 'SIGINT' | 'SIGHUP' | 'SIGTSTP') => Promise<void>;
  /** A program wants the page's editor to show a file. */
  readonly openFile: (path: string) => void;
  /** Lines that were entered before, on an earlier visit too. */
  readonly history: KeptHistory;
  /** Everything the shell and what runs in it prints. */
  readonly onOutput: (text: string) => void;
}

const NOTHING: LineView = { text: '', cursor: 0 };
/** A shell that has not printed a prompt by then gets the page's command anyway. */
const PROMPT_MS = 5_000;
/** A line typed ahead waits so long for the prompt; then it is meant for the program that runs. */
const AHEAD_MS = 400;
/** Characters of output that are drawn in one go: some thousand lines, more than anybody reads while they come. */
const MOST_AT_ONCE = 100_000;

export class ShellTerminal {
  readonly #screen: Screen;
  readonly #terminal: Terminal;
  readonly #options: ShellOptions;
  readonly #editor: LineEditor;
  #shell: Proc | null = null;
  #opening = false;
  readonly #prompts = new Prompts();
  #typed: Promise<void> = Promise.resolve();
  #commands: Promise<void> = Promise.resolve();
  /** The part of the line that stands on the screen, and the column it begins at. */
  #shown = NOTHING;
  #start = 0;
  /** Output that waits to be drawn. */
  #undrawn = '';
  #queue: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(element: HTMLElement, options: ShellOptions) {
    this.#options = options;
    this.#editor = new LineEditor(options.history.lines);
    this.#screen = new Screen(element, { convertEol: true, inTurn: (work) => this.#do(work) });
    this.#terminal = this.#screen.terminal;
    this.#terminal.onData((data) => this.#keys(data));
    this.#terminal.parser.registerOscHandler(PAGE_OSC, (data) => this.#asked(data));
    this.#open();
  }

  /** Types a command and presses Enter, when the one before it is done. What stood in the line is given up. */
  type(command: string): void {
    this.#commands = this.#commands.then(async () => {
      this.#open();
      await this.#prompts.next(PROMPT_MS);
      this.#keys(`\x05\x15${command}\r`);
      await this.#typed;
    });
  }

  /** What the terminal shows, scrolled-off lines too. */
  text(): string {
    return this.#screen.text();
  }

  focus(): void {
    this.#terminal.focus();
  }

  /** The learner closes it: what runs in it ends with it. */
  hangUp(): void {
    if (this.#shell) void this.#options.signal(this.#shell.pid, 'SIGHUP');
    this.dispose();
  }

  /** As if it had been typed: a text of several lines is entered line by line. */
  paste(text: string): void {
    this.#keys(text.replace(/\r?\n/g, '\r'));
    this.focus();
  }

  set screenReader(on: boolean) {
    this.#terminal.options.screenReaderMode = on;
  }

  dispose(): void {
    this.#disposed = true;
    this.#shell?.end();
    this.#screen.dispose();
  }

  #open(): void {
    if (this.#shell || this.#opening) return;
    this.#opening = true;
    this.#prompts.busy();
    this.#options.spawn().then(
      (shell) => {
        this.#opening = false;
        this.#shell = shell;
        shell.write(historyRequest(this.#options.history.lines));
        shell.onOutput((text) => {
          this.#options.onOutput(text);
          const drawn = this.#output(text);
          this.#prompts.see(text);
          return drawn;
        });
        void shell.exited.then(() => {
          this.#shell = null;
          this.#output('[the shell has ended: press Enter for a new one]\n');
          this.#prompts.free();
        });
      },
      (error: unknown) => {
        this.#opening = false;
        this.#output(`The shell could not be started: ${error instanceof Error ? error.message : error}\nPress Enter to try again.\n`);
        this.#prompts.free();
      },
    );
  }

  /** Adds work to the queue; each piece sees the screen as the one before it left it. */
  #do(work: () => Promise<void> | void): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      if (!this.#disposed) await work();
    });
    return this.#queue;
  }

  #write(text: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }

  get #place() {
    return { columns: this.#terminal.cols, start: this.#start };
  }

  async #show(view: LineView): Promise<void> {
    await this.#write(paint(this.#place, this.#shown, view));
    this.#shown = view;
  }

  /**
   * Output may come while a line is being typed: it goes above, and the line is drawn again below it. All that has come since the
   * last drawing is drawn at once, and of very much only the end: drawing is slower than a program that prints. Resolves when it
   * is drawn, so that a program prints no faster than that.
   */
  #output(more: string): Promise<void> {
    const waits = this.#undrawn !== '';
    this.#undrawn += more;
    if (this.#undrawn.length > 2 * MOST_AT_ONCE) this.#undrawn = this.#undrawn.slice(-MOST_AT_ONCE);
    if (waits) return this.#queue;
    return this.#do(async () => {
      const text = this.#undrawn;
      this.#undrawn = '';
      if (text === '') return;
      const line = this.#shown;
      if (line.text) await this.#show(NOTHING);
      await this.#write(text);
      const column = this.#terminal.buffer.active.cursorX;
      if (column >= this.#terminal.cols) await this.#write('\r\n');
      this.#start = column % this.#terminal.cols;
      if (line.text) await this.#show(line);
    });
  }

  /**
   * A paste of several lines is taken line by line, and one that comes while a command runs waits for the prompt, so that each
   * is seen where it belongs. Ctrl-C waits for nothing, and what was printed and not drawn yet is given up. A program with a
   * screen of its own gets every key as it is pressed.
   */
  #keys(data: string): void {
    const interrupts = data.includes('\x03');
    if (this.#shell && this.#terminal.buffer.active.type === 'alternate') {
      if (interrupts) void this.#options.signal(this.#shell.pid, 'SIGINT');
      else if (data === '\x1a') void this.#options.signal(this.#shell.pid, 'SIGTSTP');
      else this.#shell.write(data);
      return;
    }
    if (interrupts) {
      this.#prompts.free();
      this.#undrawn = '';
    }
    for (const part of data.split(/(?<=[\r\n])/)) {
      const isLine = /[\r\n]$/.test(part);
      this.#typed = this.#typed.then(async () => {
        if (isLine) await this.#prompts.next(AHEAD_MS);
        if (isLine && this.#shell) this.#prompts.busy();
        this.#do(() => this.#part(part));
      });
    }
  }

  async #part(part: string): Promise<void> {
    for (const action of this.#editor.feed(part)) {
      if (action.type === 'submit') {
        await this.#finish(action.line, '\n');
        if (this.#prompts.asked === 'shell') this.#options.history.add(action.line);
        if (this.#shell) this.#shell.write(`${action.line}\n`);
        else this.#open();
      } else if (action.type === 'interrupt') {
        await this.#finish(this.#shown.text, '^C\n');
        if (this.#shell) await this.#options.signal(this.#shell.pid, 'SIGINT');
      } else if (action.type === 'stop') await this.#stop();
      else if (action.type === 'end-of-input') this.#shell?.endOfFile();
      else if (action.type === 'complete') this.#complete(action.line);
      else this.#terminal.clear();
    }
    await this.#show(this.#editor.view);
  }

  /** Ctrl-Z: what runs is stopped. At a prompt nothing runs. */
  async #stop(): Promise<void> {
    if (!this.#shell || this.#prompts.asking === 'shell') return;
    await this.#finish(this.#shown.text, '^Z');
    await this.#options.signal(this.#shell.pid, 'SIGTSTP');
  }

  /** Only the shell can complete; where Python reads, Tab indents. */
  #complete(line: string): void {
    const { asking } = this.#prompts;
    if (asking === 'python') this.#editor.insert(INDENT);
    else if (asking === 'shell') this.#shell?.write(tabRequest({ columns: this.#terminal.cols, line }));
  }

  /** A program's word to the page. Any program may print one: nothing is believed of it but its form. */
  #asked(data: string): boolean {
    const asked = readAsked(data);
    if (asked?.what === 'open') this.#options.openFile(asked.text);
    if (asked?.what === 'forget') {
      this.#options.history.forget();
      this.#editor.forget();
    }
    const completed = asked?.what === 'complete' ? readCompleted(asked.text) : null;
    if (completed) {
      this.#do(async () => {
        if (this.#editor.complete(completed.line, completed.becomes)) await this.#show(this.#editor.view);
      });
    }
    return true;
  }

  /** The line is entered or given up: it stays on the screen and what follows begins below it. */
  async #finish(line: string, after: string): Promise<void> {
    await this.#show({ text: line, cursor: Array.from(line).length });
    await this.#write(after);
    this.#shown = NOTHING;
    this.#start = 0;
  }
}
