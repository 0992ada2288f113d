/** What was done with one press, and its way back. */
import { Reactive } from '../reactive.ts';
import type { Undoable } from './texts.ts';

/** A way back that takes its time, and may fail. */
type Back = Omit<Undoable, 'undo'> & { readonly undo: () => Promise<void> };

export class Undos {
  readonly #state = new Reactive();
  #files: Undoable | null = null;
  #work: Undoable | null = null;

  /** What was done last, of what can be undone still. */
  get last(): Undoable | null {
    this.#state.read();
    return this.#files ?? this.#work;
  }

  offer(undoable: Undoable): void {
    this.#files = undoable.of === 'files' ? undoable : null;
    if (undoable.of === 'work') this.#work = undoable;
    this.#state.changed();
  }

  /** One that fails is offered again. */
  offerBack(back: Back, failed: (error: unknown) => void): void {
    const undo = () =>
      back.undo().catch((error: unknown) => {
        failed(error);
        this.offerBack(back, failed);
      });
    this.offer({ ...back, undo: () => void undo() });
  }

  /** Something else was changed. */
  forgetFiles(): void {
    this.#files = null;
    this.#state.changed();
  }

  /** The last is to be undone, and can be no more. */
  take(): Undoable | null {
    const { last } = this;
    if (this.#files) this.#files = null;
    else this.#work = null;
    this.#state.changed();
    return last;
  }
}
