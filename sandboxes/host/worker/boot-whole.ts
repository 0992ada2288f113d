/** For a bundle that holds everything, kernel and programs, as tests and the benchmark make one. */
import { type Bundle, bootWith } from './boot.ts';
import type { Boot } from './channel.ts';
import { KernelWorker } from './kernel-worker.ts';

export function bootWhole(bundle: Bundle, users: Readonly<Record<string, number>>, boot: Boot, port: MessagePort): void {
  if (boot.as === 'kernel') new KernelWorker(boot.modules, { names: new Set(Object.keys(bundle.programs)), users }, port);
  else bootWith(bundle, boot, port);
}
