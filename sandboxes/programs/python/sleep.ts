/** Waiting in synchronous code without using the processor (CPython's own time.sleep spins in WebAssembly). */

let cell: Int32Array | null = null;

/**
 * Shared memory can be made this way even where SharedArrayBuffer is hidden, in a page that is not isolated. Chromium notes the
 * place in the source where that is done, and reads the whole function again for it: here a short one, and only where somebody waits.
 */
const makeCell = (): Int32Array => new Int32Array(new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 }).buffer);

/** Stops this thread for `ms` milliseconds. */
export function pause(ms: number): void {
  cell ??= makeCell();
  Atomics.wait(cell, 0, 0, ms);
}
