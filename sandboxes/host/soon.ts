/**
 * Runs `work` at the end of this turn of the event loop and of whatever turns already stand in line: when all that has
 * arrived has been heard. The busier a process is, the more it hears and says at once. One timer for all that is due:
 * making one costs as much as a message.
 */
const due: (() => void)[] = [];

export function soon(work: () => void): void {
  due.push(work);
  if (due.length > 1) return;
  // Node holds a timer of 0 ms back for a whole one; browsers do not.
  if (typeof setImmediate === 'function') setImmediate(run);
  else setTimeout(run);
}

function run(): void {
  for (const work of due.splice(0)) work();
}
