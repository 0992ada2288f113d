/** A sandbox on the Node host for scripts and tests, with the page's contract: the same code starts servers and makes checks in it. */
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type EngineCall, EngineControl } from '../../sandboxes/host/engine.ts';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { MemoryTree } from '../../sandboxes/host/memory-tree.ts';
import { Machine } from '../../sandboxes/host/node/machine.ts';
import { publishPort } from '../../sandboxes/host/node/publisher.ts';
import { eventsOf } from '../../sandboxes/host/trace-lines.ts';
import { PROGRAM_NAMES } from '../../sandboxes/programs/names.ts';
import { laidOver } from '../../src/lesson/lay-over.ts';
import type { WheelSet } from '../../src/lesson/wheels.ts';
import { EngineRuntime } from '../../src/runtime/engine-runtime.ts';
import type { Files } from '../../src/runtime/runtime.ts';
import { TraceLog } from '../../src/trace/log.ts';
import { at, cache, filesBelow } from './paths.ts';
import { freePort } from './static-server.ts';
import { wheelFiles } from './wheelhouse.ts';

/** The files of a folder by their path in the sandbox; `.gitkeep` stands for an empty directory. */
export function treeFiles(folder: string): Record<string, Uint8Array> {
  const entries = filesBelow(folder).map((file): [string, Uint8Array] => {
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    return [path.replace(/\.gitkeep$/, ''), new Uint8Array(readFileSync(file))];
  });
  return Object.fromEntries(entries);
}

/** The page's contract on the Node host. A trace log comes along, as a session has one. */
export class ScriptSandbox extends EngineRuntime {
  readonly log = new TraceLog();
  /** Opens a port of this machine, which it returns, for one of the sandbox: for clients that are no programs of the sandbox. */
  readonly publish: (port: number) => Promise<number>;

  private constructor(publish: (port: number) => Promise<number>) {
    super('node');
    this.publish = publish;
    this.on('trace', (batch) => this.log.add(batch));
  }

  /** Opens a sandbox with sandboxes/server and `overlays` laid over it, and these sets of wheels in its wheelhouse. Errors: this build has not got them. */
  static async open(overlays: readonly string[] = [], wheels: readonly WheelSet[] = []): Promise<ScriptSandbox> {
    // a copy: opening a port adds a program to it
    const programs = new Set(PROGRAM_NAMES);
    const machine: Machine = await Machine.open({
      tree: new MemoryTree(),
      programs,
      processFile: join(cache, 'engine/node/process.mjs'),
      onTrace: (lines) => sandbox.receive({ op: 'trace', events: eventsOf(lines) }),
    });
    const sandbox = new ScriptSandbox(async (port) => {
      const own = await freePort();
      await publishPort(machine.kernel, programs, own, port);
      return own;
    });
    const control = new EngineControl(machine.kernel, (notice) => sandbox.receive(notice));
    sandbox.attach({
      call: (name, args) => control.do({ name, args } as EngineCall) as Promise<never>,
      close: () => machine.close(),
    });
    const wheelhouse = wheels.length > 0 ? await wheelFiles(wheels) : {};
    const files = [at('sandboxes/server'), ...overlays].map(treeFiles).reduce(laidOver);
    await sandbox.mount({ ...files, ...wheelhouse } as Files);
    return sandbox;
  }

  get events(): readonly TraceEvent[] {
    return this.log.events;
  }

  /** Waits until the events so far satisfy `done`. Errors: not in `ms` milliseconds. */
  until(done: (events: readonly TraceEvent[]) => boolean, ms: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => {
      if (done(this.events)) resolve();
    };
    const off = this.on('trace', look);
    const timer = setTimeout(() => {
      const last = this.events.slice(-5).map((event) => JSON.stringify(event));
      reject(new Error(`not reached in ${ms} ms; last events: ${last.join(' ')}`));
    }, ms);
    look();
    return promise.finally(() => {
      off();
      clearTimeout(timer);
    });
  }
}
