/**
 * Which of several answers that are waited for may still be shown: none to a question that is older than what is shown by then.
 */
export class Turns {
  #asked = 0;
  #shown = 0;

  /** Something is asked for. Returns whether its answer may be shown, to be called when it is there. */
  ask(): () => boolean {
    const mine = ++this.#asked;
    return () => {
      if (mine < this.#shown) return false;
      this.#shown = mine;
      return true;
    };
  }

  /** Something is shown at once: whatever was asked for before comes too late. */
  now(): void {
    this.#shown = ++this.#asked;
  }

  /** Nothing is shown any more. */
  end(): void {
    this.#shown = Number.POSITIVE_INFINITY;
  }
}
