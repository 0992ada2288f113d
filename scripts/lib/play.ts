/** What scripts and tests do with the sandbox of a lesson: start its servers, restart them as the page's button does, take its steps. */
import { type CheckTarget, runCheck } from '../../src/checks/index.ts';
import type { Check, LessonData, SolutionStep } from '../../src/lesson/format.ts';
import { laidOver } from '../../src/lesson/lay-over.ts';
import type { WheelSet } from '../../src/lesson/wheels.ts';
import { checkTarget } from '../../src/workspace/check-target.ts';
import { diskOf, noteReaders } from '../../src/workspace/disk.ts';
import { Servers } from '../../src/workspace/servers.ts';
import { ANSWER_MS } from '../../src/workspace/visitor.ts';
import { WorkFiles } from '../../src/workspace/work-files.ts';
import { at } from './paths.ts';
import { ScriptSandbox, treeFiles } from './sandbox.ts';

/** What takes longer is stuck. */
const STEP_MS = 60_000;
/** Checks are made again after so long, or as soon as something has happened. */
const POLL_MS = 250;

type Commands = LessonData['start'];

export class Play {
  readonly sandbox: ScriptSandbox;
  readonly target: CheckTarget;
  /** All files of the sandbox, so that it is known which of them the servers have read. */
  readonly #files: WorkFiles;
  readonly #servers: Servers;
  #printed = '';

  private constructor(sandbox: ScriptSandbox, commands: Commands, start: Readonly<Record<string, string>>) {
    this.sandbox = sandbox;
    this.#files = new WorkFiles(Object.keys(start));
    this.#files.load(start);
    this.#files.mount({});
    this.#servers = new Servers(commands, (_, text) => {
      this.#printed += text;
    });
    this.target = checkTarget(sandbox, sandbox.log, this.#servers, this.#files);
    sandbox.on('trace', (batch) => {
      this.#servers.see(batch);
      void noteReaders(batch, this.#servers, this.#files, diskOf(sandbox));
    });
  }

  /** A sandbox with `overlays` laid over sandboxes/server and these wheels in it; the servers do not run yet. Errors: this build has not got the wheels. */
  static async open(commands: Commands, overlays: readonly string[], wheels: readonly WheelSet[] = []): Promise<Play> {
    const start = [at('sandboxes/server'), ...overlays].map(texts).reduce(laidOver);
    return new Play(await ScriptSandbox.open(overlays, wheels), commands, start);
  }

  /** What the servers have printed, for whoever wants to know why something does not work. */
  get printed(): string {
    return this.#printed;
  }

  /** Starts the servers, and waits for all the workers that were asked for: what follows is then the same each time. */
  async start(): Promise<void> {
    const signal = AbortSignal.timeout(STEP_MS);
    await this.#servers.start(this.sandbox, () => {}, signal);
    if (!(await this.#servers.allReady(signal))) throw new Error('not all workers got ready');
  }

  /** What the page's Restart servers does. */
  async restart(): Promise<void> {
    await this.#servers.stop(this.sandbox, AbortSignal.timeout(STEP_MS));
    await this.start();
  }

  /** Lays the files of a folder over those that are there. */
  async lay(folder: string): Promise<void> {
    for (const path of Object.keys(texts(folder))) this.#files.track(path, null);
    await this.sandbox.mount(treeFiles(folder));
  }

  /** Runs a command line to its end. Errors: it had to be broken off. */
  async run(commandLine: string): Promise<{ readonly exit: number; readonly output: string }> {
    const signal = AbortSignal.timeout(STEP_MS);
    const ran = await this.target.run(commandLine, signal);
    // what it has left half done is not what the lesson comes to
    if (signal.aborted) throw new Error(`${commandLine} took longer than ${STEP_MS / 1000} seconds`);
    return ran;
  }

  /** Sends requests and waits for the answers, whatever they are: together, or each after the one before it. */
  async send(url: string, count: number, inTurn = false): Promise<void> {
    const one = async (): Promise<void> => {
      const signal = AbortSignal.timeout(ANSWER_MS);
      await this.target.request(url, signal);
      if (signal.aborted) throw new Error(`nothing answered ${url} within ${ANSWER_MS / 1000} seconds`);
    };
    if (inTurn) for (let i = 0; i < count; i++) await one();
    else await Promise.all(Array.from({ length: count }, one));
  }

  /** Does the steps of a solution, in order. */
  async solve(steps: readonly SolutionStep[]): Promise<void> {
    let before = this.sandbox.log.arrivals.length;
    for (const step of steps) {
      const begins = this.sandbox.log.arrivals.length;
      if ('run' in step) await this.run(step.run);
      else if ('restart' in step) await this.restart();
      else if ('send' in step) await this.send(step.send, step.count, step.inTurn);
      else {
        const from = before;
        await this.sandbox.until(() => this.sandbox.log.arrivals.slice(from).some(({ type }) => type === step.wait), STEP_MS);
      }
      before = begins;
    }
  }

  /** The checks that do not pass, with what was found; asked again whenever something happens, for at most `ms`. */
  async failing(checks: readonly Check[], ms: number): Promise<string[]> {
    const end = performance.now() + ms;
    let left: readonly Check[] = checks;
    for (;;) {
      const failures: string[] = [];
      const still: Check[] = [];
      for (const check of left) {
        const { passed, found, hint } = await runCheck(check, this.target);
        if (passed) continue;
        still.push(check);
        failures.push(`${check.id}: found ${JSON.stringify(found)}; hint: ${hint}`);
      }
      left = still;
      const time = end - performance.now();
      if (left.length === 0 || time <= 0) return failures;
      const seen = this.sandbox.log.arrivals.length;
      await this.sandbox.until(() => this.sandbox.log.arrivals.length > seen, Math.min(time, POLL_MS)).catch(() => {});
    }
  }

  close(): void {
    this.sandbox.dispose();
  }
}

/** The files of a folder by their path in the sandbox, as texts. */
function texts(folder: string): Record<string, string> {
  const files = Object.entries(treeFiles(folder)).filter(([path]) => !path.endsWith('/'));
  return Object.fromEntries(files.map(([path, data]) => [path, new TextDecoder().decode(data)]));
}
