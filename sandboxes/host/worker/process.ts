/**
 * The bundle that every worker imports from a blob: kernel, guest, all programs, and Python's start.
 */
import { makeBase, PYTHON_PROGRAMS, warm } from '../../programs/python/spare.ts';
import { programs } from '../../programs/registry.ts';
import { bootWith, type PythonStarter } from './boot.ts';
import type { Boot } from './channel.ts';

/** Also for the benchmark's bundle. */
export const python: PythonStarter = { users: PYTHON_PROGRAMS, makeBase, warm };

/** Called by the bootstrap once. */
export function boot(boot: Boot, port: MessagePort): void {
  bootWith({ programs, python }, boot, port);
}
