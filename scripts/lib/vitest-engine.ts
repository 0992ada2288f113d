/** Vitest set-up for the suites on the Node host: they start processes from the engine's Node bundles. */
import { buildEngine } from '../build-engine.ts';

export async function setup(): Promise<void> {
  await buildEngine();
}
