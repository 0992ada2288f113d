/** The bundle of the processes that run Python, and of the spares that will. */
import { makeBase, warm } from '../../programs/python/spare.ts';
import { pythonPrograms } from '../../programs/registry-python.ts';
import { bootWith } from './boot.ts';
import type { ProcessBoot } from './channel.ts';

/** Called by the bootstrap once. */
export function boot(boot: ProcessBoot, port: MessagePort): void {
  bootWith({ programs: pythonPrograms, python: { makeBase, warm } }, boot, port);
}
