/** The engine's bundle of the benchmark in the browser: kernel and programs of the product, and the benchmark's programs beside them. */
import { bootWhole } from '../../../sandboxes/host/worker/boot-whole.ts';
import type { Boot } from '../../../sandboxes/host/worker/channel.ts';
import { PYTHON_PROGRAMS } from '../../../sandboxes/programs/names.ts';
import { programs } from './programs.ts';

export function boot(boot: Boot, port: MessagePort): void {
  bootWhole({ programs, python: null }, PYTHON_PROGRAMS, boot, port);
}
