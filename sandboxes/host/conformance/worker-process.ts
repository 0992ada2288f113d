/** The bundle of the browser host's conformance run: the real one with the suite's programs instead of the sandbox's. */
import { bootWhole } from '../worker/boot-whole.ts';
import type { Boot } from '../worker/channel.ts';
import { programs } from './suite.ts';

export function boot(boot: Boot, port: MessagePort): void {
  bootWhole({ programs, python: null }, {}, boot, port);
}
