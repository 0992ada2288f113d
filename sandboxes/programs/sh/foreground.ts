/** The programs that a shell waits for: Ctrl-C and Ctrl-Z are for them, and so is the end of the terminal. */
import type { Child, Exit, Host, Signal } from '../../host/host.ts';
import { exitCode, farewell } from './children.ts';
import type { Job } from './jobs.ts';
import type { Shell } from './shell.ts';
import { Captured } from './streams.ts';

const MAIN_SCREEN = '\x1b[?47l';
/** 128 and the number of SIGTSTP. */
const STOPPED = 148;

export class Foreground {
  readonly #shell: Shell;
  readonly #host: Host;
  #children: readonly Child[] = [];
  #stopWaiting: (() => void) | null = null;
  /** Was Ctrl-Z pressed while there was no program yet? */
  #stopAsked = false;

  constructor(shell: Shell) {
    const { host } = shell;
    this.#shell = shell;
    this.#host = host;
    host.onSignal('SIGTSTP', () => void this.#stop());
    if (shell.interactive) host.onSignal('SIGHUP', () => void this.#hangUp());
    else host.onSignal('SIGCONT', () => void this.#signal(this.#children, 'SIGCONT'));
  }

  /**
   * Waits for programs in the foreground: Ctrl-C and Ctrl-Z are for them. The exit code of the last one. When they are stopped they
   * become a job, or are it still.
   */
  async attend(children: readonly Child[], text: string, piped: Promise<unknown>, job: Job | undefined): Promise<number> {
    const shell = this.#shell;
    this.#children = children;
    // Ctrl-C and Ctrl-Z may have come while they were being started
    if (shell.interrupted) this.interrupt();
    if (this.#stopAsked) void this.#stop();
    // only who sits at a terminal can let something go on that was stopped
    const ends = await Promise.all(children.map((child) => (shell.interactive ? child.wait() : child.exited)));
    const exits = ends.filter((end): end is Exit => !('stopped' in end));
    if (exits.length < ends.length) {
      this.#children = [];
      shell.leaving = { how: 'line' };
      const stopped = job ?? shell.jobs.add(children, text, piped);
      await this.#host.print(`${MAIN_SCREEN}\n${shell.jobs.line(stopped)}`);
      return STOPPED;
    }
    await piped;
    if (shell.streams.out instanceof Captured) await Promise.all(shell.streams.out.reading);
    this.#children = [];
    const last = exits.at(-1);
    if (children.length === 1 && last) {
      // it may have left a screen of its own, which it cannot clear up any more
      if (last.signal === 'SIGKILL' && shell.interactive) await this.#host.print(MAIN_SCREEN);
      await shell.printError(farewell(last, shell.python));
    }
    return exitCode(last);
  }

  /** Wait for something in a builtin; Ctrl-C ends the wait. */
  async until<T>(done: Promise<T>): Promise<T | null> {
    const interrupted = new Promise<null>((resolve) => {
      this.#stopWaiting = () => resolve(null);
    });
    const result = await Promise.race([done, interrupted]);
    this.#stopWaiting = null;
    return result;
  }

  /** Ctrl-C */
  interrupt(): void {
    this.#stopWaiting?.();
    void this.#signal(this.#children, 'SIGINT');
  }

  /** A new line, or a builtin is over: a key that was pressed before is not for the programs that come. */
  forgetStop(): void {
    this.#stopAsked = false;
  }

  /** Ctrl-Z, for the programs in the foreground. Who has no terminal of his own stops with them. */
  async #stop(): Promise<void> {
    const { interactive } = this.#shell;
    this.#stopAsked = interactive && this.#children.length === 0;
    await this.#signal(this.#children, 'SIGTSTP');
    if (!interactive) await this.#host.kill(this.#host.pid, 'SIGSTOP');
  }

  /** The terminal was closed: what it started hears of it, and ends unless it knows better. */
  async #hangUp(): Promise<void> {
    const children = [...this.#children, ...this.#shell.jobs.all.flatMap((job) => job.children)];
    await this.#signal(children, 'SIGHUP');
    // who is stopped hears it then
    await this.#signal(children, 'SIGCONT');
    this.#host.onSignal('SIGHUP', 'default');
    await this.#host.kill(this.#host.pid, 'SIGHUP');
  }

  async #signal(children: readonly Child[], signal: Signal): Promise<void> {
    await Promise.all(children.map(({ pid }) => this.#host.kill(pid, signal).catch(() => undefined)));
  }
}
