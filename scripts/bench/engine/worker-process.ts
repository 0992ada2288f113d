/** The engine's bundle of the benchmark in the browser: the product's, with the benchmark's programs beside its own. */
import { bootWith } from '../../../sandboxes/host/worker/boot.ts';
import type { Boot } from '../../../sandboxes/host/worker/channel.ts';
import { programs } from './programs.ts';

export function boot(boot: Boot, port: MessagePort): void {
  bootWith(programs, boot, port);
}
