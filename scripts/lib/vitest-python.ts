/** Vitest set-up: the compiled Python library is there before tests ask for it (made once, then kept). */
import { compiledStdlib } from '../engine/stdlib.ts';

export async function setup(): Promise<void> {
  await compiledStdlib();
}
