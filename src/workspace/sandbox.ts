/** Loads a lesson's sandbox: the engine and the files to lay. A load that gives no sign of life for long is given up. */
import type { Runtime, StartProgress } from '../runtime/runtime.ts';
import { LoadError, reasonOf } from './failure.ts';

/** No sign of progress for this long means that the load hangs. */
const STALLED_MS = 30_000;

export interface SandboxOptions {
  readonly slug: string;
  /** What is laid over the lesson's files. */
  readonly over: Readonly<Record<string, string>>;
  readonly onProgress: (progress: StartProgress) => void;
  readonly signal: AbortSignal;
}

/** Throws LoadError. */
export async function loadSandbox({ onProgress, signal, ...what }: SandboxOptions): Promise<Runtime> {
  const stalled = new AbortController();
  const either = AbortSignal.any([stalled.signal, signal]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(new Error(`Nothing more has come for ${STALLED_MS / 1000} seconds.`)), STALLED_MS);
  };
  alive();
  try {
    const boot = startWith({
      ...what,
      signal: either,
      onProgress: (progress) => {
        alive();
        onProgress(progress);
      },
    });
    return await orAborted(boot, either);
  } catch (error) {
    throw new LoadError(reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
}

async function startWith({ slug, over, onProgress, signal }: SandboxOptions): Promise<Runtime> {
  const [{ startEmbedded }, { lessonFiles }] = await Promise.all([import('../runtime/embedded.ts'), import('./tree.ts')]);
  const files = { ...(await lessonFiles(slug)), ...over };
  const runtime = await startEmbedded({ files, onProgress, signal });
  if (signal.aborted) {
    runtime.dispose();
    throw signal.reason;
  }
  return runtime;
}

/** The promise, or the signal's reason as soon as it is aborted: for work that does not listen to signals itself. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
