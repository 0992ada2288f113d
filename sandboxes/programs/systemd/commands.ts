/** The commands of a unit: the main ones, and those that run beside it to their end. */
import type { Exit, Host } from '../../host/host.ts';
import { endText, type Result, resultOf } from './ended.ts';
import { type Launching, launch } from './launch.ts';
import type { Main } from './members.ts';
import type { Called, Service } from './service.ts';
import type { Command, Unit } from './unit.ts';

export class Commands {
  readonly #service: Service;
  readonly #at: Omit<Launching, 'unit' | 'name'>;
  readonly #notifySocket: (name: string) => Promise<string>;

  constructor(service: Service, at: Omit<Launching, 'unit' | 'name'>, notifySocket: (name: string) => Promise<string>) {
    this.#service = service;
    this.#at = at;
    this.#notifySocket = notifySocket;
  }

  /** Starts a command of the unit, with the variables of this moment. Throws NoResources. */
  async launch(command: Command): Promise<Main & { exited: Promise<Exit> }> {
    const { unit, name, main, members } = this.#service;
    const folders = unit.runtimeDirectories.map((one) => `/run/${one}`).join(':');
    const more: Record<string, string> = folders === '' ? {} : { RUNTIME_DIRECTORY: folders };
    if (main?.pid) more.MAINPID = String(main.pid);
    if (unit.type === 'notify') more.NOTIFY_SOCKET = await this.#notifySocket(name);
    const { pid, exited } = await launch({ ...this.#at, name, unit }, command, more);
    if (pid !== null) members.add(pid);
    return { pid, exited, command: (command.words[0] ?? '').replace(/^.*\//, ''), exit: null };
  }

  /** Runs a command beside the main one to its end; null when all is well. Throws NoResources. */
  async control(what: string, command: Command, off: Promise<Called>, ms: number): Promise<Result | Called | null> {
    const service = this.#service;
    const { pid, exited } = await this.launch(command);
    const end = await waitFor(this.#at.host, exited, off, ms);
    if (end === 'off') return 'off';
    if (end === 'timeout') {
      await service.say(`${service.name}: ${service.sub} operation timed out. Terminating.`, 4);
      if (pid !== null) await service.members.signal([pid], 'SIGTERM');
      return 'timeout';
    }
    service.ran.push({ pid, what: `${what}=${command.lenient ? '-' : ''}${command.text}`, exit: end });
    const result = resultOf(end, service.unit);
    if (result === 'success' || command.lenient) return null;
    await service.say(`${service.name}: Control process exited, ${endText(end)}`, 5);
    return result;
  }
}

/** What comes first: the thing itself, that it is called off, or that `ms` have passed. */
export function waitFor<T>(host: Host, what: Promise<T>, off: Promise<Called>, ms: number): Promise<T | Called | 'timeout'> {
  const waits: Promise<T | Called | 'timeout'>[] = [what, off];
  if (Number.isFinite(ms)) waits.push(host.sleep(ms).then(() => 'timeout' as const));
  return Promise.race(waits);
}

/** StartLimitBurst= starts in StartLimitIntervalSec=, and no more. */
export class StartLimit {
  /** When it was started lately, in the sandbox's milliseconds. */
  #starts: number[] = [];

  forget(): void {
    this.#starts = [];
  }

  /** May it be started now? Then it counts. */
  allows({ startLimitInterval, startLimitBurst }: Unit, now: number): boolean {
    this.#starts = this.#starts.filter((at) => at > now - startLimitInterval);
    if (startLimitInterval > 0 && startLimitBurst > 0 && this.#starts.length >= startLimitBurst) return false;
    this.#starts.push(now);
    return true;
  }
}
