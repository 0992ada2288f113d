/**
 * What travels between the page (src/runtime/embedded.ts) and the kernel's worker. The page trusts nothing that comes back:
 * it is shown, stored as a trace or returned to the caller, never run.
 */
import type { EngineCalls, EngineNews } from '../engine.ts';
import type { TraceLines } from '../wire.ts';

/** Calls the page makes; each is answered. */
export interface FrameCalls extends EngineCalls {
  /** Python's WebAssembly, ahead of the rest: compiling it takes a while. */
  compile: [[wasm: Uint8Array], null];
  /** The rest of the Python runtime. Python programs wait for it. */
  python: [[files: PythonFiles], null];
}

/** `base` is a snapshot that this page was given on an earlier visit. */
export interface PythonFiles {
  readonly loader: Uint8Array;
  readonly asm: Uint8Array;
  readonly stdlib: Uint8Array;
  readonly base: Uint8Array | null;
}

export type FrameCall = {
  [K in keyof FrameCalls]: { readonly op: 'call'; readonly id: number; readonly name: K; readonly args: FrameCalls[K][0] };
}[keyof FrameCalls];

export type FromFrame =
  | { readonly op: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly op: 'error'; readonly id: number; readonly message: string }
  | EngineNews
  /** One `TraceEvent` a line, as JSON: see `TraceLines`. */
  | TraceLines
  /** A snapshot to keep for later visits; null: the one that the page gave does not work, it may forget it. */
  | { readonly op: 'pythonBase'; readonly snapshot: Uint8Array | null }
  | { readonly op: 'fault'; readonly message: string };

/** What the page hands the frame: the texts of what the kernel and the processes, with Python and without, import. */
export interface Bundles {
  readonly kernel: string;
  readonly python: string;
  readonly plain: string;
}
