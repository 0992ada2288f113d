/** What a worker becomes: the kernel, or a process whose channels are MessagePorts. */
import { Guest, ProcessExit } from '../guest.ts';
import type { Program } from '../host.ts';
import type { LinkMessage, Start } from '../wire.ts';
import type { Boot, Down } from './channel.ts';
import { KernelWorker } from './kernel-worker.ts';

/** Becomes the kernel or the process that `boot` says; `programs` are those that exist. */
export function bootWith(programs: Readonly<Record<string, Program>>, { module, start }: Boot, port: MessagePort): void {
  if (start === null) new KernelWorker(module, Object.keys(programs), port);
  else bootProcess(programs, start, port);
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
    if (!('link' in data)) guest.receive(data);
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
