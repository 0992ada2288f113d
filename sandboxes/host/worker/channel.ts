/** What travels on the MessagePort between the kernel's worker and one process's worker. */
import type { Start, ToKernel, ToProcess } from '../wire.ts';

/** The first message to a fresh worker, with its port: to the page for the kernel (start is null), to the kernel for a process. */
export interface Boot {
  /** blob: address of the bundle. */
  readonly module: string;
  readonly start: Start | null;
}

/** Kernel to process: a batch, or a new link whose port comes with the message. */
export type Down = readonly ToProcess[] | { readonly link: number };

/** Process to kernel. */
export type Up = readonly ToKernel[];

/**
 * The worker's classic script. A classic blob worker that imports a blob: module is the one start that works in an opaque
 * frame in every browser; without `importScripts` Pyodide takes it for a module worker.
 */
export const BOOTSTRAP = `self.importScripts = undefined;
self.onmessage = async ({ data, ports }) => {
  self.onmessage = null;
  const { boot } = await import(data.module);
  boot(data, ports[0]);
};`;
