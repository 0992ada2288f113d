/**
 * The bundle that every worker imports from a blob: kernel, guest and all programs.
 */
import { programs } from '../../programs/registry.ts';
import { bootWith } from './boot.ts';
import type { Boot } from './channel.ts';

/** Called by the bootstrap once. */
export function boot(boot: Boot, port: MessagePort): void {
  bootWith(programs, boot, port);
}
