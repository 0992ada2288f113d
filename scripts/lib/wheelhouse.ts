/** The sandbox's wheelhouse for scripts and tests. */
import { WHEELHOUSE } from '../../sandboxes/host/server-tree.ts';
import type { WheelSet } from '../../src/lesson/wheels.ts';
import { fetchWheels, wheelBytes } from '../engine/wheels.ts';

/** Why this build has no wheels, or null when it has. */
export const noWheels = async (): Promise<string | null> => (await fetchWheels()).missing;

/** The files of these sets by their path in the sandbox. Errors: this build has no wheels. */
export async function wheelFiles(sets: readonly WheelSet[]): Promise<Record<string, Uint8Array>> {
  const { wheels, missing } = await fetchWheels();
  if (missing !== null) throw new Error(`this build has no wheels of ${sets.join(', ')}: ${missing}`);
  return Object.fromEntries(
    wheels.filter(({ set }) => sets.some((one) => one === set)).map((wheel) => [`${WHEELHOUSE}/${wheel.file}`, wheelBytes(wheel)]),
  );
}
