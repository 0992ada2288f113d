/** Conformance: processes that a signal stops, and lets go on. */
import type { Exit, Host, Program } from '../host.ts';
import { acceptOne, check, equal, eventually, group, Lines, text, within, withPeer } from './case.ts';

const ended = (signal: 'SIGKILL' | 'SIGTERM'): Exit => ({ code: null, signal });

/** Prints a number every few milliseconds. */
const counter: Program = async (host) => {
  for (let n = 0; ; n++) {
    await host.print(`${n}\n`);
    await host.sleep(5);
  }
};

/** Answers each connection with its word, and says so. */
const server: Program = async (host) => {
  const [listener] = host.inherited;
  await host.print('ready\n');
  for (let taken = await listener?.accept(); taken; taken = await listener?.accept()) {
    await taken.write(host.args[0] ?? '');
    taken.close();
  }
  return 0;
};

/** Gives back what it reads, byte for byte. */
const mirror: Program = async (host) => {
  const connection = await acceptOne(host);
  for (let part = await connection.read(); part !== null; part = await connection.read()) await connection.write(part);
  return 0;
};

/** Prints what it reads. */
const reader: Program = async (host) => {
  await host.print('ready\n');
  for (let part = await host.readInput(); part !== null; part = await host.readInput()) await host.print(part);
  return 0;
};

const handler: Program = async (host) => {
  for (const signal of ['SIGTSTP', 'SIGCONT', 'SIGUSR1'] as const) host.onSignal(signal, () => void host.print(`${signal}\n`));
  await host.print('ready\n');
  await host.sleep(60_000);
  return 0;
};

const isStopped = async (host: Host, pid: number): Promise<boolean | undefined> =>
  (await host.processes()).find((process) => process.pid === pid)?.stopped;

export const stopping = group(
  'stopping',
  {
    'a stopped process does nothing until it may go on': async (host) => {
      const child = await host.spawn('counter', [], { stdout: 'pipe' });
      const lines = new Lines(child);
      equal(await lines.next(), '0');
      equal(await isStopped(host, child.pid), false);
      await host.kill(child.pid, 'SIGSTOP');
      equal(await isStopped(host, child.pid), true);
      // What it said before is still to be read; then there is nothing.
      let quiet = false;
      let next = lines.next();
      while (!quiet) {
        if ((await within(host, 300, next)) === 'late') quiet = true;
        else next = lines.next();
      }
      await host.kill(child.pid, 'SIGCONT');
      check((await within(host, 3000, next)) !== 'late', 'it goes on');
      equal(await isStopped(host, child.pid), false);
    },
    'its parent is told, each time, and of its end': async (host) => {
      const child = await host.spawn('counter', [], { stdout: 'null' });
      equal([child.stopped, await within(host, 50, child.wait())], [null, 'late']);
      const waiting = child.wait();
      await host.kill(child.pid, 'SIGTSTP');
      equal([await waiting, child.stopped], [{ stopped: 'SIGTSTP' }, { stopped: 'SIGTSTP' }]);
      equal(await child.wait(), { stopped: 'SIGTSTP' });
      await host.kill(child.pid, 'SIGCONT');
      equal([child.stopped, await within(host, 50, child.wait())], [null, 'late']);
      await host.kill(child.pid, 'SIGSTOP');
      equal(await child.wait(), { stopped: 'SIGSTOP' });
      await host.kill(child.pid, 'SIGKILL');
      equal([await child.exited, await child.wait(), child.stopped], [ended('SIGKILL'), ended('SIGKILL'), null]);
    },
    'of several that listen, a stopped one takes no connection': async (host) => {
      const listener = await host.listen({ path: 's' });
      const start = async (word: string) => {
        const child = await host.spawn('server', [word], { listeners: [listener], stdout: 'pipe' });
        equal(await new Lines(child).next(), 'ready');
        return child;
      };
      const [one, two] = [await start('one'), await start('two')];
      const ask = async (): Promise<string> => {
        const connection = await host.connect({ path: 's' });
        const answer = text(await connection.read());
        connection.close();
        return answer;
      };
      await host.kill(one.pid, 'SIGSTOP');
      for (let n = 0; n < 20; n++) equal(await ask(), 'two');
      await host.kill(two.pid, 'SIGSTOP');
      const waiting = ask();
      equal(await within(host, 100, waiting), 'late');
      await eventually(host, 'it stands in the queue', async () => (await listener.waiting()) === 1);
      await host.kill(one.pid, 'SIGCONT');
      equal(await within(host, 3000, waiting), 'one');
    },
    'on a connection that stands, a stopped process does not answer': async (host) => {
      const [connection, child] = await withPeer(host, 'mirror');
      await connection.write('a');
      equal(text(await connection.read()), 'a');
      await host.kill(child.pid, 'SIGSTOP');
      await eventually(host, 'it is stopped', () => child.stopped !== null);
      await host.sleep(50);
      await connection.write('b');
      const answer = connection.read();
      equal(await within(host, 100, answer), 'late');
      await host.kill(child.pid, 'SIGCONT');
      const came = await within(host, 3000, answer);
      equal(came === 'late' ? came : text(came), 'b');
      connection.close();
    },
    'what is typed is for those who run': async (host) => {
      const child = await host.spawn('reader', [], { stdin: 'pipe', stdout: 'pipe' });
      const lines = new Lines(child);
      equal(await lines.next(), 'ready');
      await host.kill(child.pid, 'SIGSTOP');
      await child.stdin?.write('later\n');
      const line = lines.next();
      equal(await within(host, 100, line), 'late');
      await host.kill(child.pid, 'SIGCONT');
      equal(await within(host, 3000, line), 'later');
      child.stdin?.end();
      equal(await child.exited, { code: 0, signal: null });
    },
    'other signals wait, but SIGKILL': async (host) => {
      const child = await host.spawn('counter', [], { stdout: 'null' });
      await host.kill(child.pid, 'SIGSTOP');
      await host.kill(child.pid, 'SIGTERM');
      equal(await within(host, 100, child.exited), 'late');
      await host.kill(child.pid, 'SIGCONT');
      equal(await within(host, 3000, child.exited), ended('SIGTERM'));
    },
    'SIGTSTP and SIGCONT can be handled': async (host) => {
      const child = await host.spawn('handler', [], { stdout: 'pipe' });
      const lines = new Lines(child);
      equal(await lines.next(), 'ready');
      await host.kill(child.pid, 'SIGTSTP');
      equal([await lines.next(), await isStopped(host, child.pid)], ['SIGTSTP', false]);
      await host.kill(child.pid, 'SIGSTOP');
      await host.kill(child.pid, 'SIGUSR1');
      await host.kill(child.pid, 'SIGCONT');
      equal([await lines.next(), await lines.next()], ['SIGCONT', 'SIGUSR1']);
    },
    'a process may stop itself': async (host) => {
      const child = await host.spawn('stop-itself', [], { stdout: 'pipe' });
      equal(await child.wait(), { stopped: 'SIGSTOP' });
      await host.kill(child.pid, 'SIGCONT');
      equal(await new Lines(child).next(), 'on again');
      equal(await child.exited, { code: 0, signal: null });
    },
  },
  {
    counter,
    server,
    mirror,
    reader,
    handler,
    'stop-itself': async (host) => {
      await host.kill(host.pid, 'SIGSTOP');
      await host.print('on again\n');
      return 0;
    },
  },
);
