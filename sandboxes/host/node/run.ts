/**
 * A sandbox process in an operating system process: a guest whose channels are loopback TCP connections. The kernel's
 * address and the token that makes this process the one the kernel started come by the environment.
 */
import { createServer } from 'node:net';
import { Guest } from '../guest.ts';
import { ProcessExit } from '../guest-platform.ts';
import type { Program } from '../host.ts';
import type { Start, ToKernel } from '../wire.ts';
import { Channel, type Down, type Hello, LOOPBACK, PORT_VARIABLE, TOKEN_VARIABLE } from './channel.ts';
import { Links } from './links.ts';
import { loadPython } from './python.ts';

/** Connects to the kernel and runs the program that it names. */
export function runProcess(programs: Readonly<Record<string, Program>>): void {
  const token = process.env[TOKEN_VARIABLE] ?? '';
  const kernel = Channel.connect(Number(process.env[PORT_VARIABLE]));
  delete process.env[TOKEN_VARIABLE];
  delete process.env[PORT_VARIABLE];

  const links = new Links();
  let guest: Guest | null = null;
  let leaving = false;

  const server = createServer((socket) => links.called(new Channel(socket)));
  server.listen(0, LOOPBACK, () => {
    const address = server.address();
    kernel.send({ token, port: address !== null && typeof address === 'object' ? address.port : 0 } satisfies Hello);
  });

  /** The exit has been said: this process ends when its channels have carried everything. */
  const leave = (): void => {
    leaving = true;
    kernel.end();
    links.end();
  };
  links.onEnd = () => {
    if (kernel.closed) process.exit(0);
  };
  kernel.onClose = () => {
    // Without a kernel there is no sandbox.
    if (!leaving) process.exit(1);
    if (links.open === 0) process.exit(0);
  };

  const post = (messages: ToKernel[]): void => {
    kernel.send(messages);
    if (messages.some(({ op }) => op === 'exit')) leave();
  };
  const start = (what: Start): Guest => {
    const made = new Guest(what, {
      kernel: { post },
      clock: () => performance.timeOrigin + performance.now(),
      // Last words need not be gone when `exit` is said: see leave().
      drained: () => Promise.resolve(),
      python: loadPython,
    });
    const program = programs[what.program];
    if (program === undefined) throw new Error(`no program ${what.program}`);
    void made.run(program);
    return made;
  };
  kernel.onMessage = (message): void => {
    const down = message as Down;
    if ('start' in down) guest = start(down.start);
    else if (guest === null) return;
    else if ('link' in down) links.lay(guest, down.link.pid, down.link.token, down.link.port);
    else guest.receive(down);
  };

  const broke = (error: unknown): void => {
    if (error instanceof ProcessExit) return;
    if (guest !== null) void guest.fail(error);
    else {
      console.error(error);
      process.exit(1);
    }
  };
  process.on('uncaughtException', broke);
  process.on('unhandledRejection', broke);
  // A terminal sends Ctrl-C to all processes: what that means in the sandbox is the kernel's to say.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});
}
