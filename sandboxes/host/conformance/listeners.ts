/** Conformance: one listening socket in several processes. */
import { acceptOne, check, equal, eventually, fails, group, Lines, readAll } from './case.ts';

export const listeners = group(
  'shared listeners',
  {
    'children pull from one queue, and all are served': async (host) => {
      const listener = await host.listen({ path: 's' });
      const pids = new Set<number>();
      for (let n = 0; n < 3; n++) pids.add((await host.spawn('say-pid', [], { listeners: [listener] })).pid);
      const answers = await Promise.all(Array.from({ length: 12 }, async () => readAll(await host.connect({ path: 's' }))));
      equal(answers.length, 12);
      for (const answer of answers) check(pids.has(Number(answer)), `${answer} is a child`);
    },
    'which idle child takes the next is irregular': async (host) => {
      const listener = await host.listen({ path: 's' });
      for (let n = 0; n < 3; n++) await host.spawn('say-pid', [], { listeners: [listener] });
      const taker = async (): Promise<string> => readAll(await host.connect({ path: 's' }));
      const seen = new Set<string>();
      await eventually(host, 'all children accept', async () => seen.add(await taker()).size === 3);
      const takers: string[] = [];
      for (let n = 0; n < 40; n++) takers.push(await taker());
      equal(new Set(takers).size, 3, 'children that took one');
      check(
        takers.some((pid, n) => n > 2 && pid !== takers[n - 3]),
        'not in rotation',
      );
    },
    'children that accept in turn take turns': async (host) => {
      const listener = await host.listen({ path: 's' });
      for (let n = 0; n < 3; n++) await host.spawn('say-pid', ['in turn'], { listeners: [listener] });
      const taker = async (): Promise<string> => {
        const pid = await readAll(await host.connect({ path: 's' }));
        // It must stand in line again before the next one comes.
        await host.sleep(50);
        return pid;
      };
      const seen = new Set<string>();
      await eventually(host, 'all children accept', async () => seen.add(await taker()).size === 3);
      const takers: string[] = [];
      for (let n = 0; n < 9; n++) takers.push(await taker());
      const turn = takers.slice(0, 3);
      equal(new Set(turn).size, 3, 'children in a turn');
      equal(takers, [...turn, ...turn, ...turn]);
    },
    'sockets() tells who holds a socket and how many wait': async (host) => {
      const mine = (await host.sockets()).length;
      const one = await host.listen({ port: 5013 }, { backlog: 5 });
      const two = await host.listen({ path: 's' }, { backlog: 3 });
      const child = await host.spawn('sleeper', [], { listeners: [two] });
      await host.connect({ path: 's' });
      await host.connect({ path: 's' });
      const both = (await host.sockets())
        .slice(mine)
        .map(({ address, waiting, backlog, holders }) => ({ address, waiting, backlog, holders }));
      equal(both, [
        { address: { port: 5013, ip: '0.0.0.0' }, waiting: 0, backlog: 5, holders: [{ pid: host.pid, fd: 3 }] },
        {
          address: { path: `${host.cwd}/s` },
          waiting: 2,
          backlog: 3,
          holders: [
            { pid: host.pid, fd: 4 },
            { pid: child.pid, fd: 3 },
          ],
        },
      ]);
      one.close();
    },
    'a busy child gets nothing: the queue holds it for whoever is free': async (host) => {
      const listener = await host.listen({ path: 's' });
      const busy = await host.spawn('hold-first', [], { listeners: [listener], stdout: 'pipe' });
      await host.connect({ path: 's' });
      equal(await new Lines(busy).next(), 'holding');
      const waiting = [await host.connect({ path: 's' }), await host.connect({ path: 's' })];
      await host.sleep(100);
      equal(await listener.waiting(), 2);
      const free = await host.spawn('say-pid', [], { listeners: [listener] });
      for (const connection of waiting) equal(Number(await readAll(connection)), free.pid);
    },
    'the parent may close its own: the children listen on': async (host) => {
      const listener = await host.listen({ path: 's' });
      const child = await host.spawn('say-pid', [], { listeners: [listener] });
      listener.close();
      equal(Number(await readAll(await host.connect({ path: 's' }))), child.pid);
    },
    'when the last holder lets go, who waits is reset and who comes is refused': async (host) => {
      const listener = await host.listen({ port: 5010 });
      const waiting = await host.connect({ port: 5010 });
      const read = waiting.read();
      listener.close();
      await fails('ECONNRESET', read);
      await fails('ECONNREFUSED', host.connect({ port: 5010 }));
    },
    'when the last holder is killed its socket is closed': async (host) => {
      const listener = await host.listen({ port: 5011 });
      const child = await host.spawn('sleeper', [], { listeners: [listener] });
      listener.close();
      const waiting = await host.connect({ port: 5011 });
      await host.kill(child.pid, 'SIGKILL');
      await child.exited;
      await fails('ECONNRESET', waiting.read());
      await fails('ECONNREFUSED', host.connect({ port: 5011 }));
    },
    'who waits when one holder is killed is served by another': async (host) => {
      const listener = await host.listen({ path: 's' });
      const busy = await host.spawn('hold-first', [], { listeners: [listener], stdout: 'pipe' });
      await host.connect({ path: 's' });
      await new Lines(busy).next();
      const waiting = await host.connect({ path: 's' });
      await host.kill(busy.pid, 'SIGKILL');
      const next = await host.spawn('say-pid', [], { listeners: [listener] });
      equal(Number(await readAll(waiting)), next.pid);
    },
    'accept() ends with null when the listener is closed': async (host) => {
      const listener = await host.listen({ path: 's' });
      const accepting = listener.accept();
      listener.close();
      equal([await accepting, await listener.accept()], [null, null]);
    },
    'inherited listeners keep their address, queue length and order': async (host) => {
      const one = await host.listen({ port: 5012 }, { backlog: 7 });
      const two = await host.listen({ path: 's' }, { backlog: 9 });
      const child = await host.spawn('show-inherited', [], { listeners: [one, two], stdout: 'pipe' });
      equal(JSON.parse(await new Lines(child).next()), [
        [{ port: 5012, ip: '0.0.0.0' }, 7],
        [{ path: `${host.cwd}/s` }, 9],
      ]);
    },
    "another process's listener cannot be used by guessing its number": async (host) => {
      const child = await host.spawn('listen-and-wait', ['s'], { stdout: 'pipe' });
      await new Lines(child).next();
      const mine = await host.listen({ path: 'mine' });
      const number = (mine as typeof mine & { id: number }).id;
      for (let id = number - 1; id > number - 5 && id > 0; id--) {
        await fails('EINVAL', host.spawn('sleeper', [], { listeners: [Object.assign({}, mine, { id })] }));
      }
      await host.connect({ path: 's' });
      equal((await host.processes()).filter(({ title }) => title.startsWith('sleeper')).length, 0);
    },
  },
  {
    'say-pid': async (host) => {
      const listener = host.inherited[0];
      const inTurn = { inTurn: host.args[0] === 'in turn' };
      for (let next = await listener?.accept(inTurn); next; next = await listener?.accept(inTurn)) {
        await next.write(`${host.pid}`);
        next.close();
      }
      return 0;
    },
    'hold-first': async (host) => {
      await acceptOne(host);
      await host.print('holding\n');
      await host.sleep(60_000);
      return 0;
    },
    'show-inherited': async (host) => {
      await host.print(`${JSON.stringify(host.inherited.map(({ address, backlog }) => [address, backlog]))}\n`);
      return 0;
    },
    'listen-and-wait': async (host) => {
      await host.listen({ path: host.args[0] ?? '' });
      await host.print('ready\n');
      await host.sleep(60_000);
      return 0;
    },
  },
);
