/** The bundle of the kernel's worker, without the programs. */
import { PROGRAM_NAMES, PYTHON_PROGRAMS } from '../../programs/names.ts';
import type { Boot } from './channel.ts';
import { KernelWorker } from './kernel-worker.ts';

/** Called by the bootstrap once. */
export function boot({ modules }: Extract<Boot, { as: 'kernel' }>, port: MessagePort): void {
  new KernelWorker(modules, { names: PROGRAM_NAMES, users: PYTHON_PROGRAMS }, port);
}
