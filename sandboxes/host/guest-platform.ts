/** What is below a guest: the kind of process it runs in. */
import type { PythonRuntime } from './host.ts';
import type { Outlet, ToKernel } from './wire.ts';

/** What a kind of process provides. */
export interface GuestPlatform {
  readonly kernel: Outlet<ToKernel>;
  /** Milliseconds on the clock that `Start.epoch` is read on. */
  clock(): number;
  /** Resolves when everything posted so far has left the process. */
  drained(): Promise<void>;
  /** Where a compiled WebAssembly module cannot travel, each process brings Python itself. Otherwise the kernel is asked. */
  readonly python?: () => Promise<PythonRuntime | null>;
}

/** Thrown by `host.exit`, so that nothing after it runs; a platform ignores it where it surfaces. */
export class ProcessExit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}
