/** Loads a lesson's sandbox: the engine and the files to lay. A load that gives no sign of life for long is given up. */
import { keepThisPage } from '../offline/worker.ts';
import { type Engine, type Environment, type Opened, openRuntime, type Start } from '../runtime/open.ts';
import { orAborted } from '../runtime/or-aborted.ts';
import type { Files, Runtime, StartProgress } from '../runtime/runtime.ts';
import { LoadError, reasonOf } from './failure.ts';

/** No sign of progress for this long means that the load hangs. WebContainer's own limits, up to 30 seconds, come first. */
const STALLED_MS: Readonly<Record<Engine, number>> = { embedded: 30_000, webcontainer: 45_000 };

export interface SandboxOptions {
  readonly slug: string;
  /** Sets of Python packages that the lesson needs. */
  readonly wheels: readonly string[];
  readonly prefer: Engine;
  readonly environment: Environment;
  readonly onEngine: (engine: Engine) => void;
  readonly onProgress: (progress: StartProgress) => void;
  readonly signal: AbortSignal;
  /** Aborted when nobody wants to wait for WebContainer any more. */
  readonly giveUp: AbortSignal;
}

/** Throws LoadError. */
export async function loadSandbox({ slug, wheels, ...options }: SandboxOptions): Promise<Opened> {
  const startIn =
    (engine: Engine): Start =>
    (onProgress, signal) =>
      unlessStalled(STALLED_MS[engine], onProgress, signal, async (onSign, until) => {
        const [start, { lessonFiles }] = await Promise.all([STARTERS[engine](), import('./tree.ts')]);
        const runtime = await start({ files: await lessonFiles(slug), wheels, onProgress: onSign, signal: until });
        // aborted too late for the starter to hear it
        if (until.aborted) runtime.dispose();
        until.throwIfAborted();
        return runtime;
      });
  try {
    const start = { embedded: startIn('embedded'), webcontainer: startIn('webcontainer') };
    const runtime = await openRuntime({ ...options, start });
    // Who has run it once can do so without a network.
    void keepThisPage(true).catch(() => {});
    return runtime;
  } catch (error) {
    throw new LoadError(reasonOf(error));
  }
}

interface StarterOptions {
  readonly files: Files;
  readonly wheels: readonly string[];
  readonly onProgress: (progress: StartProgress) => void;
  readonly signal: AbortSignal;
}

/** An engine's code is fetched when it is to start. */
const STARTERS: Readonly<Record<Engine, () => Promise<(options: StarterOptions) => Promise<Runtime>>>> = {
  embedded: async () => (await import('../runtime/embedded.ts')).startEmbedded,
  async webcontainer() {
    const { startWebContainer } = await import('../runtime/webcontainer/index.ts');
    const apiKey = import.meta.env.PUBLIC_WEBCONTAINER_API_KEY;
    return (options) => startWebContainer({ ...options, ...(apiKey ? { apiKey } : {}) });
  },
};

type Load = (onProgress: (progress: StartProgress) => void, signal: AbortSignal) => Promise<Runtime>;

/** What `load` loads, unless it makes no progress for `ms` milliseconds: then an error that says so. */
async function unlessStalled(ms: number, onProgress: (progress: StartProgress) => void, signal: AbortSignal, load: Load): Promise<Runtime> {
  const stalled = new AbortController();
  const either = AbortSignal.any([stalled.signal, signal]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(new Error(`Nothing more has come for ${ms / 1000} seconds.`)), ms);
  };
  const onSign = (progress: StartProgress) => {
    alive();
    onProgress(progress);
  };
  alive();
  try {
    return await orAborted(load(onSign, either), either);
  } finally {
    clearTimeout(timer);
  }
}
