/** What a worker becomes: a process whose channels are MessagePorts, or a spare that will be one. */
import { Guest } from '../guest.ts';
import { ProcessExit } from '../guest-platform.ts';
import type { Program, PythonRuntime } from '../host.ts';
import type { LinkMessage, Start, ToProcess } from '../wire.ts';
import type { Down, ProcessBoot, SpareReport } from './channel.ts';

/** What can run in the workers. */
export interface Bundle {
  readonly programs: Readonly<Record<string, Program>>;
  /** Null for a bundle without Python. */
  readonly python: PythonStarter | null;
}

/** How a bundle gets Python ready before there is a program. */
export interface PythonStarter {
  /** The memory of a Python that has just started. */
  makeBase(runtime: PythonRuntime): Promise<Uint8Array>;
  /** Starts one from the runtime's base, for the program that will run in this worker. A RangeError: no memory; any other: an unfit base. */
  warm(runtime: PythonRuntime): Promise<void>;
}

/** Becomes what `boot` says. */
export function bootWith(bundle: Bundle, boot: ProcessBoot, port: MessagePort): void {
  if (boot.as === 'process') bootProcess(bundle.programs, boot.start, port);
  else void bootSpare(bundle, boot.python, port);
}

/** The report is sent before a program that waits for the spare goes on: no learner's code can speak first. */
function bootSpare({ programs, python }: Bundle, runtime: PythonRuntime, port: MessagePort): Promise<void> {
  port.onmessage = ({ data }: MessageEvent<Down>): void => {
    if ('start' in data) bootProcess(programs, data.start, port);
  };
  const report = (spare: SpareReport['spare']): void => port.postMessage({ spare } satisfies SpareReport);
  const made = runtime.base === null ? python?.makeBase(runtime) : python?.warm(runtime).then(() => 'ready' as const);
  const why = (error: unknown): 'unfit' | null => (runtime.base === null || error instanceof RangeError ? null : 'unfit');
  return Promise.resolve(made ?? null).then(report, (error) => report(why(error)));
}

function bootProcess(programs: Readonly<Record<string, Program>>, start: Start, port: MessagePort): void {
  // Read once: the getter costs more than the clock.
  const { timeOrigin } = performance;
  const guest = new Guest(start, {
    kernel: { post: (messages) => port.postMessage(messages) },
    clock: () => timeOrigin + performance.now(),
    // What a port was given leaves the worker at once.
    drained: () => Promise.resolve(),
  });

  const lay = (pid: number, link: MessagePort): void => {
    guest.link(pid, { post: (messages) => link.postMessage(messages) });
    link.onmessage = ({ data }: MessageEvent<LinkMessage[]>): void => guest.receiveFrom(pid, data);
  };

  port.onmessage = ({ data, ports }: MessageEvent<Down>): void => {
    if (!('link' in data)) guest.receive(data as readonly ToProcess[]);
    else if (ports[0] !== undefined) lay(data.link, ports[0]);
  };

  self.onunhandledrejection = (event): void => {
    event.preventDefault();
    if (!(event.reason instanceof ProcessExit)) void guest.fail(event.reason);
  };
  const program = programs[start.program];
  if (program === undefined) throw new Error(`no program ${start.program}`);
  void guest.run(program);
}
