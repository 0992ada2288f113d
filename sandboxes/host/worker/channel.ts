/** What travels on the MessagePort between the kernel's worker and one process's worker. */
import type { PythonRuntime } from '../host.ts';
import type { Start, ToKernel, ToProcess } from '../wire.ts';

/** blob: addresses of what processes import: those that run Python, and those that do not. */
export interface Modules {
  readonly python: string;
  readonly plain: string;
}

/** What a fresh worker becomes: the first message to it, with its port (to the page for the kernel, else to the kernel). */
export type Boot = {
  /** blob: address of what it imports. */
  readonly module: string;
} & (
  | { readonly as: 'kernel'; readonly modules: Modules }
  | { readonly as: 'process'; readonly start: Start }
  /** A worker that gets Python ready for a process that it will become; without a base, one that makes the base. */
  | { readonly as: 'spare'; readonly python: PythonRuntime }
);

export type ProcessBoot = Exclude<Boot, { as: 'kernel' }>;

/** Kernel to process: what to run, for a spare; a batch; or a new link whose port comes with the message. */
export type Down = readonly ToProcess[] | { readonly link: number } | { readonly start: Start };

/** Process to kernel. */
export type Up = readonly ToKernel[] | SpareReport;

/** The first word of a spare: it is ready, or the base that it made; the base does not fit; null: it failed otherwise. */
export type SpareReport = { readonly spare: 'ready' | Uint8Array | 'unfit' | null };

/** Who speaks may be a learner's code: it can say anything. */
export function isSpareReport(up: Up): up is SpareReport {
  return typeof up === 'object' && up !== null && 'spare' in up;
}

/**
 * The worker's classic script. A classic blob worker that imports a blob: module is the one start that works in an opaque
 * frame in every browser; without `importScripts` Pyodide takes it for a module worker. A module that does not load is thrown
 * outside of its promise, where it reaches the worker's `onerror`.
 */
export const BOOTSTRAP = `self.importScripts = undefined;
self.onmessage = ({ data, ports }) => {
  self.onmessage = null;
  import(data.module).then(({ boot }) => boot(data, ports[0])).catch((error) => setTimeout(() => { throw error; }));
};`;
