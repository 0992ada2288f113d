/** The bundle of the browser host's conformance run: the real one with the suite's programs instead of the sandbox's. */
import { bootWith } from '../worker/boot.ts';
import type { Boot } from '../worker/channel.ts';
import { programs } from './suite.ts';

export function boot(boot: Boot, port: MessagePort): void {
  bootWith({ programs, python: null }, boot, port);
}
