/**
 * One sandbox of one lesson, as the page sees it: start it, send requests, restart its servers, and at any time
 * know what state it is in. Nothing here waits without end, and every failure says what, why and what next.
 */
import type { CheckTarget } from '../checks/index.ts';
import type { Changes } from '../runtime/changes.ts';
import type { Engine } from '../runtime/open.ts';
import { orAborted } from '../runtime/or-aborted.ts';
import type { HttpResponse, Proc, Runtime } from '../runtime/runtime.ts';
import { TraceLog } from '../trace/log.ts';
import { ringOf } from '../trace/ring.ts';
import { checkTarget, SHELL } from './check-target.ts';
import { diskOf, follow, saveTo } from './disk.ts';
import { EngineChooser } from './engine.svelte.ts';
import { brokenFailure, type Failure, failureOf } from './failure.ts';
import type { Front } from './front.ts';
import { beginVisit, keepNow } from './kept/visit.ts';
import { type Continued, Work } from './kept/work.ts';
import { Latest } from './latest.ts';
import { Material } from './material.svelte.ts';
import { SILENT, watchPulse } from './pulse.ts';
import { ServerLog } from './server-log.svelte.ts';
import { LIMITS, ServerError, Servers, type StartCommand } from './servers.ts';
import { type Sending, Visitor } from './visitor.ts';
import { WorkFiles } from './work-files.ts';

export type State = 'idle' | 'starting' | 'ready' | 'failed' | 'unsupported';

/** Where the engine leaves the progress bar (see StartProgress): the rest is the servers'. */
const ENGINE_UP = 0.85;
/** A server has so long to listen in WebContainer, in milliseconds: then the embedded engine takes its place. */
const WEBCONTAINER_LISTEN_MS = 15_000;
/** A sandbox that is to be closed has so long to say what is in its files, in milliseconds. */
const LAST_LOOK_MS = 2_000;

export class Session {
  state = $state<State>('idle');
  progress = $state.raw<{ text: string; value: number }>({ text: '', value: 0 });
  failure = $state.raw<Failure | null>(null);
  /** The sandbox. It may be there though the servers failed: files and terminal then still work. */
  runtime = $state.raw<Runtime | null>(null);
  /** Commands that the page wants typed into the terminal; the terminal takes them out. */
  commands = $state.raw<readonly string[]>([]);
  /** The trace of the sandbox; a new sandbox has a new clock and so a new log. */
  log = $state.raw(new TraceLog());
  /** The page wants the checks made. */
  checkWanted = $state(false);
  readonly slug: string;
  readonly serverLog: ServerLog;
  readonly files: WorkFiles;
  readonly kept: Work;
  readonly material: Material;
  readonly visitor = new Visitor();
  readonly engine = new EngineChooser();

  /** The servers that run here, in the order of their start. */
  readonly startCommands: readonly StartCommand[];
  readonly #wheels: readonly string[];
  #servers: Servers;
  readonly #starts = new Latest<boolean>();
  #abort = new AbortController();
  /** Has the start under way taken its files already? */
  #hasFiles = false;
  #leave: () => void = () => {};

  constructor(
    slug: string,
    start: readonly StartCommand[],
    paths: readonly string[],
    wheels: readonly string[],
    continues: Continued | null = null,
  ) {
    this.slug = slug;
    this.startCommands = start;
    this.#wheels = wheels;
    this.files = new WorkFiles(paths);
    this.kept = new Work(slug, this.files, () => this.runtime, continues);
    this.material = new Material(slug, this.files, this.kept, () => this.runtime);
    this.serverLog = new ServerLog(() => this.files.existing);
    this.#servers = this.#newServers();
  }

  /** Looks whether this browser can run the sandbox at all, and where. Not in the constructor: that also runs where the page is built. */
  checkBrowser(): void {
    this.engine.begin();
    this.#leave = beginVisit(this.kept);
    if (typeof Worker === 'undefined' || typeof WebAssembly === 'undefined') this.state = 'unsupported';
  }

  /** Brings everything up: loads the engine if it is not there, starts the servers. True when all is ready; otherwise `failure` says why not. */
  start(): Promise<boolean> {
    if (this.state === 'ready') return Promise.resolve(true);
    if (this.state === 'unsupported') return Promise.resolve(false);
    return this.#starts.current ?? this.restart();
  }

  /**
   * Stops the servers that run and starts them again, with the files as they are in the editor now. Loads the sandbox first when
   * there is none. A start of servers that is under way goes on, unless its files are old by now or it seems to hang.
   */
  restart(): Promise<boolean> {
    const { current } = this.#starts;
    const useless = this.#hasFiles && (this.files.unsaved.length > 0 || this.#servers.quiet);
    if (current && !useless) return current;
    return this.#starts.run((signal, instead) => this.#attempt(signal, instead));
  }

  /**
   * Stops what runs and starts the servers in the other engine, with the lesson's files as they are by now, in the editor or by
   * the shell's doing. Without a sandbox it starts one.
   */
  async switchTo(engine: Engine): Promise<boolean> {
    // one that hangs does not answer, and what is known of it is what there is
    await orAborted(this.work(), AbortSignal.timeout(LAST_LOOK_MS)).catch(() => {});
    this.engine.choose(engine);
    this.#abort.abort(new Error('The server moves to the other engine.'));
    return this.#starts.run((signal) => {
      this.#close();
      return this.#attempt(signal, false);
    });
  }

  /** The learner's whole work now: the sandbox's, with the editor's unsaved texts; or what is kept, when none runs. Errors: those of the sandbox. */
  work(): Promise<Changes> {
    return this.kept.now();
  }

  /** Replaces the learner's work by this, as one step that can be undone and is called `what`. Errors: those of the sandbox, which may have taken a part; that can be undone, too. */
  bringIn(changes: Changes, what: string): Promise<void> {
    return this.kept.bringIn(changes, what);
  }

  /** Sends a request from the sandbox's browser. The answer appears in the visitor's exchanges, too; null when there is no sandbox. */
  async send(url: string, how: Sending = {}): Promise<HttpResponse | null> {
    const runtime = await this.#running();
    return runtime && this.visitor.send(runtime, url, how, this.#abort.signal);
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
    return this.runtime.spawn(program, args, SHELL);
  }

  /** Writes into the sandbox what the editor has and it does not. Its servers go on with what they have read. Errors: those of the sandbox. */
  async save(): Promise<void> {
    if (this.runtime) await saveTo(this.runtime, this.files);
  }

  /** Looks what the sandbox has by now of the files. */
  async refreshFiles(): Promise<void> {
    // a sandbox that breaks meanwhile says so itself
    if (this.runtime) await this.files.refresh(diskOf(this.runtime)).catch(() => {});
  }

  /** The sandbox for the checks, with the editor's files in it and all its workers up; null when it could not be started. */
  async checkable(): Promise<CheckTarget | null> {
    // servers that failed with these very files would fail again, and the checks say what is wrong
    if (this.state !== 'failed' || !this.runtime || this.files.unread.length) await this.start();
    if (!this.runtime) return null;
    await this.files.save(diskOf(this.runtime));
    if (this.state === 'ready') await this.#servers.allReady(this.#abort.signal);
    return this.target;
  }

  /** Does a process of this program live? */
  lives(program: string): boolean {
    return this.#servers.lives(program);
  }

  /** Who has port 80 in hand now. */
  get front(): Front {
    return this.#servers.front;
  }

  /** The sandbox as it is now, for a look at it; null when there is none. */
  get target(): CheckTarget | null {
    return this.runtime ? checkTarget(this.runtime, this.log, this.#servers, this.files) : null;
  }

  /** The workspace goes. Its work is kept first, also what the shell has done this moment. */
  async dispose(): Promise<void> {
    this.#abort.abort(new Error('The page was left.'));
    await orAborted(keepNow(this.kept), AbortSignal.timeout(LAST_LOOK_MS)).catch(() => {});
    this.#leave();
    this.#close();
  }

  #close(): void {
    this.runtime?.dispose();
    this.runtime = null;
    this.files.unmount();
  }

  #newServers(kind: Runtime['kind'] = 'embedded'): Servers {
    const limits = kind === 'webcontainer' ? { ...LIMITS, listen: WEBCONTAINER_LISTEN_MS } : LIMITS;
    return new Servers(this.startCommands, (program, text) => this.serverLog.print(program, text), limits);
  }

  /** The sandbox, started when there is none. It is there also when its servers failed: then a request says so by itself. */
  async #running(): Promise<Runtime | null> {
    if (this.#starts.current) await this.#starts.current;
    else if (!this.runtime) await this.start();
    return this.runtime;
  }

  /** Never throws. `instead` of a start that was called off. */
  async #attempt(calledOff: AbortSignal, instead: boolean): Promise<boolean> {
    this.state = 'starting';
    this.failure = null;
    this.#hasFiles = false;
    if (this.#abort.signal.aborted) this.#abort = new AbortController();
    const signal = AbortSignal.any([calledOff, this.#abort.signal]);
    try {
      await orAborted(this.#bringUp(signal, instead), this.#abort.signal);
      this.state = 'ready';
      this.engine.isUp();
      return true;
    } catch (error) {
      // an engine in which the servers have listened is not what keeps them from it now
      if (!signal.aborted && this.runtime?.kind === 'webcontainer' && error instanceof ServerError && error.neverListened) {
        this.engine.fallBack({ why: 'not-listening', detail: `${error.message}. ${error.why}` });
        this.#close();
        return this.#attempt(calledOff, false);
      }
      // a fault or leaving the page has said its own word already, and the next start will say its own
      if (!signal.aborted) this.#fail(failureOf(error, this.files.existing));
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
      this.runtime = await this.#load(signal);
      this.#watch(this.runtime);
    }
    this.serverLog.forgetDiagnostics();
    // what the learner typed while the sandbox loaded comes along, too
    await saveTo(this.runtime, this.files);
    this.#hasFiles = true;
    const onStep = (text: string, done: number) => {
      this.progress = { text, value: ENGINE_UP + (1 - ENGINE_UP) * done };
    };
    await this.#servers.start(this.runtime, onStep, signal);
    this.progress = { text: 'Ready', value: 1 };
  }

  #fail(failure: Failure): void {
    this.failure = failure;
    this.state = 'failed';
    this.engine.hasFailed();
    if (!this.runtime) this.commands = [];
  }

  async #load(signal: AbortSignal): Promise<Runtime> {
    const filesLoaded = this.material.loadFiles();
    // it is asked below; until then it must not count as unhandled
    filesLoaded.catch(() => {});
    const runtime = await this.engine.open({
      slug: this.slug,
      wheels: this.#wheels,
      onProgress: ({ text, value }) => {
        this.progress = { text, value };
      },
      signal,
    });
    try {
      await filesLoaded;
      await this.kept.mount(runtime);
      signal.throwIfAborted();
    } catch (error) {
      runtime.dispose();
      throw error;
    }
    return runtime;
  }

  /** From now on everything that happens in the sandbox is seen. */
  #watch(runtime: Runtime): void {
    const servers = this.#newServers(runtime.kind);
    const log = new TraceLog([], null, ringOf());
    this.#servers = servers;
    this.log = log;
    follow(runtime, log, servers, this.files);
    const broke = (message: string) => {
      // one that was replaced has no say in what runs now
      if (this.runtime !== runtime) return;
      this.#abort.abort(new Error(message));
      this.#close();
      this.#fail(brokenFailure(message));
    };
    runtime.on('fault', ({ message }) => broke(message));
    watchPulse({
      ask: () => runtime.readFile('/etc/hosts'),
      lives: () => this.runtime === runtime,
      page: document,
      gone: () => broke(SILENT),
    });
  }
}
