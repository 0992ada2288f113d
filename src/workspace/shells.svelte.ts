/** The shells that are open beside each other, one of them shown. */
import type { ShellTerminal } from './shell-terminal.ts';

/** More than so many nobody keeps apart, and each is a process. */
const MOST = 6;

export interface OpenShell {
  /** What its tab is called by. */
  readonly number: number;
  /** Null until it has a screen. */
  readonly terminal: ShellTerminal | null;
}

export class Shells {
  /** In the order of their tabs. */
  all = $state.raw<readonly OpenShell[]>([{ number: 1, terminal: null }]);
  /** Number of the one that is shown. */
  shown = $state(1);

  /** The one that is shown, once it has a screen. */
  get current(): ShellTerminal | null {
    return this.all.find(({ number }) => number === this.shown)?.terminal ?? null;
  }

  get full(): boolean {
    return this.all.length >= MOST;
  }

  /** One more, with the lowest number that is free; it is shown. */
  add(): void {
    if (this.full) return;
    let number = 1;
    while (this.all.some((shell) => shell.number === number)) number++;
    this.all = [...this.all, { number, terminal: null }];
    this.shown = number;
  }

  /** It has a screen now. */
  opened(number: number, terminal: ShellTerminal): void {
    this.all = this.all.map((shell) => (shell.number === number ? { number, terminal } : shell));
  }

  /** Ends a shell and what runs in it; its neighbour is shown. The last one stays. */
  close(number: number): void {
    const at = this.all.findIndex((shell) => shell.number === number);
    if (at < 0 || this.all.length === 1) return;
    this.all[at]?.terminal?.hangUp();
    this.all = this.all.toSpliced(at, 1);
    if (this.shown === number) this.shown = this.all[Math.min(at, this.all.length - 1)]?.number ?? 1;
  }
}
