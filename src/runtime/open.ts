/**
 * Which engine a sandbox gets. The embedded one runs everywhere; WebContainer needs the network and an isolated page of its
 * own, and starting it may hang without end. So it is tried only where it can work, and whatever goes wrong with it, the sandbox opens in
 * the embedded one, with the reason.
 */
import type { EngineSetting } from './engine-setting.ts';
import { orAborted } from './or-aborted.ts';
import type { Runtime, StartProgress } from './runtime.ts';
import type { WebContainerReason } from './webcontainer/error.ts';

export type Engine = 'embedded' | 'webcontainer';

/** Why WebContainer is not offered in this page. */
export type NotOffered = 'off' | 'framed' | 'ios' | 'not-isolated' | 'offline';

/** Why it was tried and does not run. */
export type NotStarted = WebContainerReason;

/** Why the sandbox runs where it runs. `ok`: WebContainer was wanted and runs; `asked`: the embedded engine was wanted. */
export type Why = 'ok' | 'asked' | NotOffered | NotStarted;

const NOT_STARTED: readonly string[] = ['no-init', 'boot-timeout', 'boot-error', 'not-listening'] satisfies NotStarted[];

/** What a page and its browser are, as far as WebContainer depends on it. */
export interface Environment {
  readonly setting: EngineSetting;
  /** The page stands in a frame. */
  readonly framed: boolean;
  /** It may share memory between its threads (`crossOriginIsolated`). */
  readonly isolated: boolean;
  readonly ios: boolean;
  readonly online: boolean;
}

/** The environment of the page that this runs in. */
export function environmentHere(setting: EngineSetting): Environment {
  const { userAgent, maxTouchPoints, onLine } = navigator;
  // an iPad calls itself a Mac, but no Mac has a touch screen
  const ios = /\b(iPhone|iPad|iPod)\b/.test(userAgent) || (/\bMacintosh\b/.test(userAgent) && maxTouchPoints > 1);
  return { setting, framed: window.self !== window.top, isolated: window.crossOriginIsolated, ios, online: onLine };
}

/** Why WebContainer cannot run there, or null where it can. What cannot be mended is named before what can. */
export function whyNotWebContainer({ setting, framed, isolated, ios, online }: Environment): NotOffered | null {
  if (setting === 'off') return 'off';
  if (framed) return 'framed';
  if (ios) return 'ios';
  if (!isolated) return 'not-isolated';
  return online ? null : 'offline';
}

/** Starts a sandbox in one engine. What it starts after `signal` was aborted is disposed of by whoever called. */
export type Start = (onProgress: (progress: StartProgress) => void, signal: AbortSignal) => Promise<Runtime>;

export interface OpenOptions {
  readonly prefer: Engine;
  readonly environment: Environment;
  readonly start: Readonly<Record<Engine, Start>>;
  /** Told before an engine is started. */
  readonly onEngine: (engine: Engine) => void;
  readonly onProgress: (progress: StartProgress) => void;
  /** Aborted when nobody wants the sandbox any more. */
  readonly signal: AbortSignal;
  /** Aborted when nobody wants to wait for WebContainer any more. */
  readonly giveUp: AbortSignal;
}

export interface Opened {
  readonly runtime: Runtime;
  readonly why: Why;
  /** What the engine itself said when it did not start; may be empty. */
  readonly detail: string;
}

/** Opens a sandbox in the preferred engine, or else in the embedded one. Throws what the embedded engine throws, or the reason of `signal`. */
export async function openRuntime(options: OpenOptions): Promise<Opened> {
  const embedded = async (why: Why, detail = ''): Promise<Opened> => ({
    runtime: await startIn('embedded', options, options.signal),
    why,
    detail,
  });
  if (options.prefer === 'embedded') return embedded('asked');
  const whyNot = whyNotWebContainer(options.environment);
  if (whyNot !== null) return embedded(whyNot);
  const signal = AbortSignal.any([options.signal, options.giveUp]);
  try {
    return { runtime: await startIn('webcontainer', options, signal), why: 'ok', detail: '' };
  } catch (error) {
    options.signal.throwIfAborted();
    if (options.giveUp.aborted) return embedded('asked');
    return embedded(reasonIn(error), error instanceof Error ? error.message : String(error));
  }
}

/** Ends as soon as `signal` is aborted, whether or not the engine listens to it; what comes later is closed. */
async function startIn(engine: Engine, { start, onEngine, onProgress }: OpenOptions, signal: AbortSignal): Promise<Runtime> {
  signal.throwIfAborted();
  onEngine(engine);
  const starting = start[engine]((progress) => {
    if (!signal.aborted) onProgress(progress);
  }, signal);
  starting.then((late) => signal.aborted && late.dispose()).catch(() => {});
  return orAborted(starting, signal);
}

/** The reason in a WebContainerError. It is told by its form: the class comes with the engine, which may not have come at all. */
function reasonIn(error: unknown): NotStarted {
  const reason: unknown = error instanceof Error && 'reason' in error ? error.reason : undefined;
  return NOT_STARTED.includes(String(reason)) ? (reason as NotStarted) : 'boot-error';
}
