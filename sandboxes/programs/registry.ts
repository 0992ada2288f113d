/** Every program of the sandbox by name: what `spawn` and the shell can start. */
import type { Program } from '../host/host.ts';
import { plainPrograms } from './registry-plain.ts';
import { pythonPrograms } from './registry-python.ts';

export const programs: Readonly<Record<string, Program>> = { ...pythonPrograms, ...plainPrograms };
