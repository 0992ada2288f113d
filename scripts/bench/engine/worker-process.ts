/** The engine's bundle of the benchmark in the browser: the product's, with the benchmark's programs beside its own. */
import { bootWith } from '../../../sandboxes/host/worker/boot.ts';
import type { Boot } from '../../../sandboxes/host/worker/channel.ts';
import { python } from '../../../sandboxes/host/worker/process.ts';
import { programs } from './programs.ts';

export function boot(boot: Boot, port: MessagePort): void {
  bootWith({ programs, python }, boot, port);
}
