/**
 * Runs `work` at the end of this turn of the event loop and of whatever turns already stand in line: when all that has
 * arrived has been heard. The busier a process is, the more it hears and says at once.
 */
export function soon(work: () => void): void {
  // Node holds a timer of 0 ms back for a whole one; browsers do not.
  if (typeof setImmediate === 'function') setImmediate(work);
  else setTimeout(work);
}
