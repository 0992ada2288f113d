/**
 * Plays a lesson's scenario with the real servers: the same steps as in the sandbox, and every request at the time at which it was
 * sent there, so that the two recordings can be played side by side. Returns what was seen, as events of a trace.
 */
import { readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RealServers, TraceEvent } from '../../../sandboxes/host/events.ts';
import type { LessonData } from '../../../src/lesson/format.ts';
import { TraceLog } from '../../../src/trace/log.ts';
import { nginxVersion, uwsgiVersion } from '../../lib/real-server.ts';
import type { ScenarioStep } from '../../lib/scenario.ts';
import { NGINX, UWSGI } from '../installed.ts';
import { RealMachine } from '../servers.ts';
import { poolsOf, stateOf } from '../state.ts';
import { send } from './client.ts';
import { eventsOf } from './convert.ts';
import { ASKED, handledIn, takenIn } from './lines.ts';
import { now, Watch } from './watch.ts';

/** Its name in the lesson's folder. */
export const REAL_FILE = 'real.ndjson';
/** As in the sandbox's recorder. */
const CALM_MS = 300;
/** A server that has not stopped after so long is stuck. */
const STOP_MS = 6000;
/** A log that has not told of a process after so long knows of none. */
const TOLD_MS = 2000;
const LOOK_MS = 10;

export interface RealRecording {
  readonly events: readonly TraceEvent[];
  readonly real: RealServers;
}

/** At the times of the sandbox's recording in that folder. Errors name the step. */
export function recordReal(folder: string, start: LessonData['start'], scenario: readonly ScenarioStep[]): Promise<RealRecording> {
  return playReal(folder, start, scenario, timesOf(TraceLog.parse(readFileSync(join(folder, 'recording.ndjson'), 'utf8'))));
}

export async function playReal(
  folder: string,
  start: LessonData['start'],
  scenario: readonly ScenarioStep[],
  times: Times,
): Promise<RealRecording> {
  const machine = await RealMachine.open();
  const played = new Played(machine, folder, start, times);
  try {
    await played.start([
      join(folder, 'files'),
      ...(scenario.some((step, at) => at === 0 && 'use' in step) ? [join(folder, 'solution')] : []),
    ]);
    for (const [at, step] of scenario.entries())
      await played.take(step, scenario.slice(at + 1)).catch((error: Error) => {
        throw new Error(`step ${at + 1}: ${error.message}`);
      });
    return await played.end();
  } finally {
    played.watch.stop();
    machine.dispose();
  }
}

/** When the sandbox's requests were sent and its processes killed, ms since its first request. */
export interface Times {
  readonly sent: readonly number[];
  readonly killed: readonly number[];
  /** When the servers were told to stop, to be started again. */
  readonly stopped: readonly number[];
}

function timesOf({ events }: TraceLog): Times {
  const asked = events
    .filter((event) => event.type === 'client.request' || (event.type === 'client.failed' && event.conn === ''))
    .map(({ t }) => t);
  const [zero = 0] = asked;
  const fromPage = (signal: string): number[] =>
    events.flatMap((event) => (event.type === 'process.signal' && event.signal === signal && event.from === 0 ? [event.t - zero] : []));
  // each of the servers is told
  const stopped = fromPage('SIGTERM').filter((t, at, all) => at === 0 || t - (all[at - 1] ?? 0) > STOP_MS / 2);
  return { sent: asked.map((t) => t - zero), killed: fromPage('SIGKILL'), stopped };
}

class Played {
  readonly watch: Watch;
  readonly #machine: RealMachine;
  readonly #folder: string;
  readonly #start: LessonData['start'];
  readonly #times: Times;
  readonly #waiting: Promise<void>[] = [];
  #sent = 0;
  #killed = 0;
  #stopped = 0;

  constructor(machine: RealMachine, folder: string, start: LessonData['start'], times: Times) {
    this.#machine = machine;
    this.#folder = folder;
    this.#start = start;
    this.#times = times;
    this.watch = new Watch(machine);
  }

  async start(overlays: readonly string[]): Promise<void> {
    const state = stateOf(overlays);
    this.#machine.lay(state);
    await this.#begin();
    await pause(CALM_MS);
  }

  /** `later`: the steps that follow. */
  async take(step: ScenarioStep, later: readonly ScenarioStep[]): Promise<void> {
    if ('wait' in step) {
      const next = later.find((one) => !('wait' in one || 'use' in one));
      // what has its time in the sandbox's recording waits for that
      if (!next || 'run' in next) await pause(step.wait);
      return;
    }
    if ('send' in step) {
      await this.#until(this.#times.sent[this.#sent]);
      this.#sent += step.count;
      const { address: host, port } = this.#machine.place;
      for (let i = 0; i < step.count; i++) {
        const answered = send({ host, port: port(80) }, 'localhost', step.send, (fact) => this.watch.facts.push(fact));
        if (!step.open) this.#waiting.push(answered);
      }
    } else if ('kill' in step) {
      await this.#until(this.#times.killed[this.#killed++]);
      this.watch.signal(await this.#toKill(step.kill), 'SIGKILL');
    } else if ('use' in step) this.#machine.lay(stateOf([join(this.#folder, 'files'), join(this.#folder, 'solution')]));
    else if ('restart' in step) await this.#restart();
    else await this.#run(step.run);
  }

  async end(): Promise<RealRecording> {
    await Promise.all(this.#waiting);
    await pause(CALM_MS);
    this.watch.stop();
    const { root, address, port } = this.#machine.place;
    const told = (text: string): string =>
      text
        .replaceAll(root, '')
        .replaceAll(`${address}:${port(80)}`, 'localhost')
        .replaceAll(address, '127.0.0.1')
        .replace(/^nodename: .*/, 'nodename: server')
        .replace(/^os: Linux-.*/, 'os: Linux');
    const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    const { facts } = this.watch;
    const events = eventsOf(facts, { hops: this.#machine.nginx.hops(), client: process.pid, host: 'localhost', told, isFile });
    const python = facts.flatMap((fact) => (fact.what === 'line' ? (/^Python version: (\S+)/.exec(fact.text)?.[1] ?? []) : []))[0];
    return { events, real: { ...versions(), python: python ?? '' } };
  }

  async #begin(): Promise<void> {
    const state = stateOf([join(this.#folder, 'files')]);
    await this.#machine.start(poolsOf(this.#start, state), { args: ASKED });
  }

  /** As the sandbox's button does it: both are asked to stop, and started again. */
  async #restart(): Promise<void> {
    await this.#until(this.#times.stopped[this.#stopped++]);
    const masters = [...this.#machine.pools.map(({ pid }) => pid), this.#machine.nginx.pid].filter((pid) => this.watch.lives(pid));
    for (const pid of masters) this.watch.signal(pid, 'SIGTERM');
    const end = now() + STOP_MS;
    while (masters.some((pid) => this.watch.lives(pid))) {
      if (now() > end) throw new Error('the servers did not stop');
      await pause(LOOK_MS);
    }
    await this.#machine.stop();
    await this.#begin();
  }

  /** Commands of scenarios that mean the sandbox's processes, done to those of this machine. */
  async #run(command: string): Promise<void> {
    const [pool] = this.#machine.pools;
    if (command !== 'pkill -o uwsgi' || !pool) throw new Error(`nobody has said what ${command} is with the real servers`);
    this.watch.signal(pool.pid, 'SIGTERM');
  }

  /** The process to kill. On a busy machine the log is a moment late to tell of it. */
  async #toKill(which: string): Promise<number> {
    for (const end = now() + TOLD_MS; ; await pause(LOOK_MS)) {
      const pid = this.#told(which);
      if (pid !== undefined) return pid;
      if (now() > end) throw new Error(`there is no ${which} to kill`);
    }
  }

  #told(which: string): number | undefined {
    const worker = Number(/^worker (\d+)$/.exec(which)?.[1]);
    if (!Number.isNaN(worker)) {
      const born = this.watch.facts.findLast(
        (fact) => fact.what === 'line' && new RegExp(`spawned uWSGI worker ${worker} .*pid: `, 'i').test(fact.text),
      );
      const pid = born?.what === 'line' ? /pid: (\d+)/.exec(born.text)?.[1] : undefined;
      // the one before it is not meant
      return pid !== undefined && this.watch.lives(Number(pid)) ? Number(pid) : undefined;
    }
    const lines = this.watch.facts.flatMap((fact) => (fact.what === 'line' && fact.of === 'uwsgi' ? [fact.text] : []));
    const done = new Set(lines.flatMap((text) => handledIn(text)?.port ?? []));
    const busy = lines.flatMap((text) => takenIn(text) ?? []).findLast(({ pid, port }) => this.watch.lives(pid) && !done.has(port));
    return busy?.pid;
  }

  /** Until the clock, which begins with the first request, shows `t`. */
  async #until(t: number | undefined): Promise<void> {
    if (t === undefined) throw new Error(`the sandbox's recording of ${basename(this.#folder)} has fewer of them: record it first`);
    if (this.#sent === 0) return;
    const first = (): number | undefined => this.watch.facts.find(({ what }) => what === 'sent')?.t;
    while (first() === undefined) await pause(1);
    const zero = first() ?? 0;
    await pause(Math.max(0, zero + t - now()));
  }
}

function versions(): Omit<RealServers, 'python'> {
  // without Debian's mark
  const uwsgi = /^[\d.]+/.exec(uwsgiVersion(UWSGI) ?? '')?.[0];
  return { nginx: nginxVersion(NGINX) ?? '', uwsgi: uwsgi ?? '', machine: `Linux with ${availableParallelism()} cores` };
}
