/** The bundle of the processes that run no Python. */
import { plainPrograms } from '../../programs/registry-plain.ts';
import { bootWith } from './boot.ts';
import type { ProcessBoot } from './channel.ts';

/** Called by the bootstrap once. */
export function boot(boot: ProcessBoot, port: MessagePort): void {
  bootWith({ programs: plainPrograms, python: null }, boot, port);
}
