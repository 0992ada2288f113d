/** Lets Svelte follow a plain object, so that its logic needs no compiler and can be tested as it stands. */
import { createSubscriber } from 'svelte/reactivity';

export class Reactive {
  /** To be called where state is read. */
  readonly read: () => void;
  #tell: () => void = () => {};

  constructor() {
    this.read = createSubscriber((update) => {
      this.#tell = update;
      return () => {
        this.#tell = () => {};
      };
    });
  }

  /** To be called when state has changed. */
  changed(): void {
    this.#tell();
  }
}
