/**
 * One sandbox of one lesson, as the page sees it: start it, send requests, restart its servers, and at any time
 * know what state it is in. Nothing here waits without end, and every failure says what, why and what next.
 */
import type { Proc, Runtime, StartProgress } from '../runtime/runtime.ts';
import { TraceLog } from '../trace/log.ts';
import type { Exchange } from './answer.ts';
import { completeUrl } from './answer.ts';
import type { FileTexts } from './diagnostics.ts';
import { Drafts, openStorage } from './drafts.ts';
import { type Failure, failureOf, LoadError, reasonOf } from './failure.ts';
import { Latest } from './latest.ts';
import { ServerLog } from './server-log.svelte.ts';
import { Servers, type StartCommand } from './servers.ts';

export type State = 'idle' | 'starting' | 'ready' | 'failed' | 'unsupported';

/** No sign of progress for this long means that the load hangs. */
const STALLED_MS = 30_000;
/** Longer than nginx waits for a worker (60 s), so that its 504 arrives. */
const REQUEST_MS = 75_000;
const KEPT_EXCHANGES = 60;
/** Where the engine leaves the progress bar (see StartProgress): the rest is the servers'. */
const ENGINE_UP = 0.85;

export class Session {
  state = $state<State>('idle');
  progress = $state.raw<{ text: string; value: number }>({ text: '', value: 0 });
  failure = $state.raw<Failure | null>(null);
  /** The sandbox. It may be there though the servers failed: files and terminal then still work. */
  runtime = $state.raw<Runtime | null>(null);
  /** Newest first. */
  exchanges = $state.raw<readonly Exchange[]>([]);
  /** What the sandbox has of the editable files; null without a sandbox. */
  mounted = $state.raw<FileTexts | null>(null);
  /** Commands that the page wants typed into the terminal; the terminal takes them out. */
  commands = $state.raw<readonly string[]>([]);
  /** The start state of the lesson's editable files, once loaded. */
  originals = $state.raw<FileTexts | null>(null);
  /** The trace of the sandbox; a new sandbox has a new clock and so a new log. */
  log = $state.raw(new TraceLog());
  /** A place in a file that the editor is to show. */
  place = $state.raw<{ readonly file: string; readonly line: number } | null>(null);
  readonly serverLog: ServerLog;
  readonly drafts: Drafts;

  readonly #slug: string;
  readonly #paths: readonly string[];
  readonly #commands: readonly StartCommand[];
  #servers: Servers;
  readonly #starts = new Latest<boolean>();
  #abort = new AbortController();
  #nextId = 1;

  constructor(slug: string, start: readonly StartCommand[], paths: readonly string[]) {
    this.#slug = slug;
    this.#paths = paths;
    this.#commands = start;
    this.serverLog = new ServerLog(() => this.#texts());
    this.drafts = new Drafts(slug, openStorage());
    this.#servers = this.#newServers();
  }

  /** Looks whether this browser can run the sandbox at all. Not in the constructor: that also runs where the page is built. */
  checkBrowser(): void {
    if (typeof Worker === 'undefined' || typeof WebAssembly === 'undefined') this.state = 'unsupported';
  }

  /** Brings everything up: loads the engine if it is not there, starts the servers. True when all is ready; otherwise `failure` says why not. */
  start(): Promise<boolean> {
    if (this.state === 'ready') return Promise.resolve(true);
    if (this.state === 'unsupported') return Promise.resolve(false);
    return this.#starts.current ?? this.restart();
  }

  /**
   * Stops the servers that run and starts them again, with the files as they are now. Loads the sandbox first when there is
   * none. A start of servers that is under way is called off, for it may hang and its files may be old.
   */
  restart(): Promise<boolean> {
    const { current } = this.#starts;
    if (current && !this.runtime) return current;
    return this.#starts.run((signal, instead) => this.#attempt(signal, instead));
  }

  /** Sends a request from the sandbox's browser. The answer appears in `exchanges`. */
  async send(url: string, options: { method?: string; body?: string } = {}): Promise<void> {
    const runtime = await this.#running();
    if (!runtime) return;
    const { method = 'GET', body } = options;
    const address = completeUrl(url) ?? url;
    const cancel = new AbortController();
    const exchange: Exchange = {
      id: this.#nextId++,
      method,
      url: address,
      response: null,
      cancel: () => cancel.abort(new Error('cancelled')),
    };
    this.exchanges = [exchange, ...this.exchanges].slice(0, KEPT_EXCHANGES);
    const signal = AbortSignal.any([cancel.signal, this.#abort.signal, AbortSignal.timeout(REQUEST_MS)]);
    const headers = body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
    const began = performance.now();
    const request = runtime.request({ method, url: address, headers, ...(body === undefined ? {} : { body }) }, signal);
    const response = await orAborted(request, signal).catch((error: unknown) => ({
      status: 0,
      statusText: '',
      headers: [],
      body: new Uint8Array(),
      conn: '',
      n: 0,
      ms: performance.now() - began,
      failed: reasonOf(signal.aborted ? signal.reason : error),
    }));
    this.exchanges = this.exchanges.map((one) => (one.id === exchange.id ? { ...one, response } : one));
  }

  /** Sends `count` requests: together, or each after the answer to the one before it. */
  async sendMany(url: string, count: number, inTurn = false): Promise<void> {
    if (!(await this.#running())) return;
    if (inTurn) for (let i = 0; i < count; i++) await this.send(url);
    else await Promise.all(Array.from({ length: count }, () => this.send(url)));
  }

  /** Has the command typed into the terminal and run. */
  run(command: string): void {
    this.commands = [...this.commands, command];
    void this.#running();
  }

  /** The commands to type now; they are the caller's from here on. */
  takeCommands(): readonly string[] {
    const taken = this.commands;
    this.commands = [];
    return taken;
  }

  /** A process of the sandbox that is no server, such as the terminal's shell. */
  async spawn(program: string, args: readonly string[]): Promise<Proc> {
    if (!this.runtime) throw new Error('The sandbox does not run.');
    return this.runtime.spawn(program, args, { cwd: '/root', env: { HOME: '/root', USER: 'root', TERM: 'xterm-256color' } });
  }

  /** Reads the start state of the editable files. */
  async loadFiles(): Promise<void> {
    if (this.originals) return;
    const { lessonFiles } = await import('./tree.ts');
    const all = await lessonFiles(this.#slug);
    this.originals = Object.fromEntries(this.#paths.flatMap((path) => (typeof all[path] === 'string' ? [[path, all[path]]] : [])));
  }

  /** Writes a file into the sandbox, if there is one; a sandbox that starts later gets the drafts anyway. */
  async writeFile(path: string, text: string): Promise<void> {
    if (!this.runtime) return;
    await this.runtime.writeFile(path, text);
    this.mounted = { ...this.mounted, [path]: text };
  }

  dispose(): void {
    this.#abort.abort(new Error('The page was left.'));
    this.runtime?.dispose();
    this.runtime = null;
  }

  #newServers(): Servers {
    return new Servers(this.#commands, (program, text) => this.serverLog.print(program, text));
  }

  /** The sandbox, started when there is none. It is there also when its servers failed: then a request says so by itself. */
  async #running(): Promise<Runtime | null> {
    if (this.#starts.current) await this.#starts.current;
    else if (!this.runtime) await this.start();
    return this.runtime;
  }

  #texts(): FileTexts {
    return { ...this.originals, ...this.drafts.all };
  }

  /** Never throws. `instead` of a start that was called off. */
  async #attempt(calledOff: AbortSignal, instead: boolean): Promise<boolean> {
    this.state = 'starting';
    this.failure = null;
    if (this.#abort.signal.aborted) this.#abort = new AbortController();
    const signal = AbortSignal.any([calledOff, this.#abort.signal]);
    try {
      await orAborted(this.#bringUp(signal, instead), this.#abort.signal);
      this.state = 'ready';
      return true;
    } catch (error) {
      // a fault or leaving the page has said its own word already, and the next start will say its own
      if (!signal.aborted) this.#fail(failureOf(error, this.#texts()));
      return false;
    }
  }

  async #bringUp(signal: AbortSignal, instead: boolean): Promise<void> {
    signal.throwIfAborted();
    if (this.runtime) {
      this.progress = { text: 'Stopping the servers', value: ENGINE_UP };
      await this.#servers.stop(this.runtime, signal, instead);
    } else {
      this.progress = { text: 'Loading the sandbox', value: 0 };
      this.runtime = await this.#load();
    }
    this.serverLog.forgetDiagnostics();
    const onStep = (text: string, done: number) => {
      this.progress = { text, value: ENGINE_UP + (1 - ENGINE_UP) * done };
    };
    await this.#servers.start(this.runtime, onStep, signal);
    this.progress = { text: 'Ready', value: 1 };
  }

  #fail(failure: Failure): void {
    this.failure = failure;
    this.state = 'failed';
    if (!this.runtime) this.commands = [];
  }

  async #load(): Promise<Runtime> {
    const stalled = new AbortController();
    const signal = AbortSignal.any([stalled.signal, this.#abort.signal]);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(new Error(`Nothing more has come for ${STALLED_MS / 1000} seconds.`)), STALLED_MS);
    };
    const onProgress = ({ text, value }: StartProgress) => {
      alive();
      this.progress = { text, value };
    };
    alive();
    try {
      return await orAborted(this.#boot(onProgress, signal), signal);
    } catch (error) {
      throw new LoadError(reasonOf(error));
    } finally {
      clearTimeout(timer);
    }
  }

  async #boot(onProgress: (progress: StartProgress) => void, signal: AbortSignal): Promise<Runtime> {
    const [{ startEmbedded }, { lessonFiles }] = await Promise.all([
      import('../runtime/embedded.ts'),
      import('./tree.ts'),
      this.loadFiles(),
    ]);
    const files = { ...(await lessonFiles(this.#slug)), ...this.drafts.all };
    const runtime = await startEmbedded({ files, onProgress, signal });
    if (signal.aborted) {
      runtime.dispose();
      throw signal.reason;
    }
    this.mounted = { ...this.originals, ...this.drafts.all };
    const servers = this.#newServers();
    const log = new TraceLog();
    this.#servers = servers;
    this.log = log;
    runtime.on('trace', (events) => {
      log.add(events);
      servers.see(events);
    });
    runtime.on('fault', ({ message }) => {
      this.#abort.abort(new Error(message));
      this.runtime = null;
      this.mounted = null;
      runtime.dispose();
      this.#fail({ what: 'The sandbox broke', why: message, next: 'Start it again. Your edited files are kept.', output: '' });
    });
    return runtime;
  }
}

/** The promise, or the signal's reason as soon as it is aborted: for work that does not listen to signals itself. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
