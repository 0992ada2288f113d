/** The animation frames of a figure: asked for only as long as there is something to move. */

/** More time than this (ms) has not been watched: the tab was busy or away. */
const MOST = 100;

export class Frames {
  readonly #tick: (passed: number, time: number) => boolean;
  #request = 0;
  #before = 0;

  /** `tick` is told how many ms have passed, and says whether it wants another frame. */
  constructor(tick: (passed: number, time: number) => boolean) {
    this.#tick = tick;
  }

  /** Begins, unless it has. */
  wake(): void {
    if (this.#request) return;
    this.#before = performance.now();
    this.#request = requestAnimationFrame(this.#run);
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
  }

  #run = (time: number): void => {
    const passed = Math.min(MOST, Math.max(0, time - this.#before));
    this.#before = time;
    this.#request = this.#tick(passed, time) ? requestAnimationFrame(this.#run) : 0;
  };
}
