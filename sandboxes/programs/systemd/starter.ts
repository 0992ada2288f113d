/** Runs ExecStart= and waits until the service counts as started, which is what Type= is about (systemd.service(5)). */
import { type Exit, type Host, isSystemError } from '../../host/host.ts';
import { commandOf } from '../processes.ts';
import { waitFor } from './commands.ts';
import type { Result } from './ended.ts';
import type { Called, Service } from './service.ts';

/** How often a PID file is looked for, in milliseconds. */
const LOOK_EVERY = 50;

export class Starter {
  readonly #service: Service;
  readonly #host: Host;

  constructor(service: Service, host: Host) {
    this.#service = service;
    this.#host = host;
  }

  /** Null once it is started. Throws NoResources. */
  run(off: Promise<Called>, ready: Promise<'ready'>): Promise<Result | Called | null> {
    switch (this.#service.unit.type) {
      case 'oneshot':
        return this.#oneshot(off);
      case 'forking':
        return this.#forking(off);
      case 'notify':
        return this.#notify(off, ready);
      default:
        return this.#simple();
    }
  }

  async #launch(): Promise<{ exited: Promise<Exit>; main: NonNullable<Service['main']> }> {
    const service = this.#service;
    const [command] = service.unit.start;
    if (command === undefined) throw new Error('a unit without ExecStart= is not started');
    const main = await service.commands.launch(command);
    service.main = main;
    return { exited: main.exited, main };
  }

  /** With Type=simple not even a missing program is a failed start: the service counts as started, and then it fails. */
  async #simple(): Promise<Result | null> {
    const { main, exited } = await this.#launch();
    return this.#service.unit.type === 'exec' && main.pid === null ? this.#service.judge(main, await exited) : null;
  }

  async #notify(off: Promise<Called>, ready: Promise<'ready'>): Promise<Result | Called | null> {
    const service = this.#service;
    const { exited, main } = await this.#launch();
    const first = await waitFor(this.#host, Promise.race([ready, exited]), off, service.unit.startTimeout);
    if (first === 'ready') return null;
    if (first === 'off') return 'off';
    if (first === 'timeout') return this.#timedOut();
    const result = await service.judge(main, first);
    return result === 'success' ? 'protocol' : result;
  }

  async #oneshot(off: Promise<Called>): Promise<Result | Called | null> {
    const service = this.#service;
    for (const command of service.unit.start) {
      const main = await service.commands.launch(command);
      service.main = main;
      const end = await waitFor(this.#host, main.exited, off, service.unit.startTimeout);
      if (end === 'off') return 'off';
      if (end === 'timeout') return this.#timedOut();
      const result = await service.judge(main, end);
      if (result !== 'success' && !command.lenient) return result;
    }
    return null;
  }

  /** The command goes to the background: its child is the service, and the PID file says which one that is. */
  async #forking(off: Promise<Called>): Promise<Result | Called | null> {
    const service = this.#service;
    const [command] = service.unit.start;
    if (command === undefined) throw new Error('a unit without ExecStart= is not started');
    const wrong = await service.commands.control('ExecStart', command, off, service.unit.startTimeout);
    if (wrong !== null) return wrong;
    if (service.unit.pidFile === '') return null;
    const found = await waitFor(this.#host, this.#pidInFile(off), off, service.unit.startTimeout);
    if (found === 'off') return 'off';
    if (found === 'timeout' || found === null) {
      await service.say(`${service.name}: Can't open PID file ${service.unit.pidFile} (yet?) after start: No such file or directory`);
      return found === null ? 'protocol' : this.#timedOut();
    }
    service.members.add(found.pid);
    service.main = { pid: found.pid, command: found.command, exited: null, exit: null };
    return null;
  }

  /** Null once nobody is left who could write it. */
  async #pidInFile(off: Promise<Called>): Promise<Running | null> {
    let over = false;
    void off.then(() => {
      over = true;
    });
    while (!over) {
      const found = await runningIn(this.#host, this.#service.unit.pidFile);
      if (found !== null) return found;
      await this.#host.sleep(LOOK_EVERY);
    }
    return null;
  }

  async #timedOut(): Promise<'timeout'> {
    await this.#service.say(`${this.#service.name}: start operation timed out. Terminating.`, 4);
    return 'timeout';
  }
}

export interface Running {
  readonly pid: number;
  readonly command: string;
  /** In the sandbox's milliseconds. */
  readonly started: number;
}

/** The process that a PID file names, if it lives. */
export async function runningIn(host: Host, pidFile: string): Promise<Running | null> {
  try {
    const pid = Number.parseInt(await host.fs.readText(pidFile), 10);
    const process = (await host.processes()).find((one) => one.pid === pid);
    return process === undefined ? null : { pid, command: commandOf(process), started: process.started };
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
