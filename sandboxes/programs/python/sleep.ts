/** Waiting in synchronous code without using the processor (CPython's own time.sleep spins in WebAssembly). */

/** Shared memory can be made this way even where SharedArrayBuffer is hidden, in a page that is not isolated. */
const cell = new Int32Array(new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 }).buffer);

/** Stops this thread for `ms` milliseconds. */
export function pause(ms: number): void {
  Atomics.wait(cell, 0, 0, ms);
}
