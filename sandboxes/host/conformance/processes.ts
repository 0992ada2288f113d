/** Conformance: processes, signals, users, and what a child starts with. */
import type { Exit, Host, Signal, Uncatchable } from '../host.ts';
import { check, equal, eventually, fails, group, Lines, readAll, within } from './case.ts';

const OTHER = 1000;
const code = (number: number): Exit => ({ code: number, signal: null });
const killed = (signal: Signal): Exit => ({ code: null, signal });

/** A child that has its signal handlers in place. */
async function handling(host: Host, ...signals: readonly string[]) {
  const child = await host.spawn('handle', signals, { stdout: 'pipe' });
  const lines = new Lines(child);
  equal(await lines.next(), 'ready');
  return { child, lines };
}

export const processes = group('processes', {
  'the exit code is what the program returned': async (host) => {
    equal([await (await host.spawn('exit-with', ['0'])).exited, await (await host.spawn('exit-with', ['7'])).exited], [code(0), code(7)]);
  },
  'an exit code has eight bits': async (host) => equal(await (await host.spawn('exit-with', ['258'])).exited, code(2)),
  'exit() ends the program where it stands': async (host) => {
    const child = await host.spawn('exit-inside', [], { stdout: 'pipe' });
    equal(child.stdout && (await readAll(child.stdout)), 'before\n');
    equal(await child.exited, code(4));
  },
  'a program that returns ends, whatever it still had planned': async (host) => {
    const child = await host.spawn('return-early');
    equal(await within(host, 3000, child.exited), code(5));
  },
  'an error that nobody caught: told on standard error, exit code 1': async (host) => {
    const child = await host.spawn('throw', [], { stdout: 'pipe', stderr: 'stdout' });
    check(/^throw: .*no good/.test(child.stdout ? await readAll(child.stdout) : ''), 'the error was told');
    equal(await child.exited, code(1));
  },
  'an error in a callback that nobody caught ends the process too': async (host) => {
    const { child } = await handling(host, 'SIGUSR1:throw');
    await host.kill(child.pid, 'SIGUSR1');
    equal(await within(host, 2000, child.exited), code(1));
  },
  'a promise that was rejected and left ends the process too': async (host) => {
    const child = await host.spawn('reject', [], { stderr: 'null' });
    equal(await within(host, 2000, child.exited), code(1));
  },
  'arguments, environment and directory arrive': async (host) => {
    await host.fs.makeDirectory('d');
    const child = await host.spawn('show', ['a b', '', 'ü'], { env: { ONE: '1' }, cwd: 'd', stdout: 'pipe' });
    const shown = JSON.parse(child.stdout ? await readAll(child.stdout) : '');
    equal(shown, {
      pid: child.pid,
      ppid: host.pid,
      name: 'show',
      args: ['a b', '', 'ü'],
      env: { ONE: '1' },
      cwd: `${host.cwd}/d`,
      uid: 0,
      gid: 0,
    });
  },
  "without options they are the parent's": async (host) => {
    const child = await host.spawn('show', [], { stdout: 'pipe' });
    const shown = JSON.parse(child.stdout ? await readAll(child.stdout) : '');
    equal([shown.env, shown.cwd, shown.uid], [host.env, host.cwd, host.uid]);
  },
  'a child may start as another user': async (host) => {
    const child = await host.spawn('show', [], { uid: 33, gid: 34, stdout: 'pipe' });
    const shown = JSON.parse(child.stdout ? await readAll(child.stdout) : '');
    equal([shown.uid, shown.gid], [33, 34]);
  },
  'privileges once dropped do not come back: EPERM': async (host) => {
    await host.setUser(OTHER, OTHER);
    equal([host.uid, host.gid], [OTHER, OTHER]);
    await fails('EPERM', host.setUser(0, 0));
    await fails('EPERM', host.spawn('show', [], { uid: 0 }));
    await fails('EPERM', host.spawn('show', [], { gid: 0 }));
  },
  'a program that does not exist is ENOENT': (host) => fails('ENOENT', host.spawn('no-such-program')),
  'a program may be named by a path': async (host) => equal(await (await host.spawn('/usr/bin/exit-with', ['3'])).exited, code(3)),
  'exited can be asked for late, and twice': async (host) => {
    const child = await host.spawn('exit-with', ['6']);
    await host.sleep(500);
    equal([await child.exited, await child.exited], [code(6), code(6)]);
  },
  'many children at once': async (host) => {
    const children = await Promise.all(Array.from({ length: 6 }, (_, n) => host.spawn('exit-with', [`${n}`])));
    equal(new Set(children.map(({ pid }) => pid)).size, 6, 'pids');
    equal(await Promise.all(children.map(({ exited }) => exited)), [0, 1, 2, 3, 4, 5].map(code));
  },
  'an orphan lives on, with 1 for a parent': async (host) => {
    const child = await host.spawn('leave-orphan', [], { stdout: 'pipe' });
    const orphan = Number(await new Lines(child).next());
    await child.exited;
    const found = (await host.processes()).find(({ pid }) => pid === orphan);
    equal([found?.ppid, found?.title], [1, 'sleeper']);
    await host.kill(orphan, 'SIGKILL');
  },
  'processes() tells who runs, as whom, since when': async (host) => {
    const child = await host.spawn('sleeper', ['an argument'], { uid: 33, gid: 33 });
    const all = await host.processes();
    const found = all.find(({ pid }) => pid === child.pid);
    equal([found?.ppid, found?.uid, found?.user, found?.title], [host.pid, 33, 'www-data', 'sleeper an argument']);
    check(
      all.some(({ pid }) => pid === host.pid),
      'I am there',
    );
    check(Math.abs((found?.started ?? 0) - host.now()) < 5000, 'started just now');
  },
  'a process may name itself': async (host) => {
    host.setTitle('case: in the middle');
    equal((await host.processes()).find(({ pid }) => pid === host.pid)?.title, 'case: in the middle');
  },
  'memory that a child starts from arrives, a copy for each': async (host) => {
    const image = Uint8Array.from({ length: 300_000 }, (_, n) => n & 255);
    for (let n = 0; n < 2; n++) {
      const child = await host.spawn('use-image', [], { image, stdout: 'pipe' });
      equal(await new Lines(child).next(), `300000 ${image.reduce((sum, byte) => sum + byte, 0)}`);
    }
    equal([image[1], image[2]], [1, 2], 'mine is as it was');
    const other = await host.spawn('use-image', [], { image: new Uint8Array([5, 6]), stdout: 'pipe' });
    equal(await new Lines(other).next(), '2 11');
    const without = await host.spawn('use-image', [], { stdout: 'pipe' });
    equal(await new Lines(without).next(), 'none');
  },
});

export const signals = group(
  'signals',
  {
    'to nobody: ESRCH': async (host) => {
      const child = await host.spawn('exit-with', ['0']);
      await child.exited;
      await fails('ESRCH', host.kill(child.pid, 'SIGTERM'));
      await fails('ESRCH', host.kill(99_999, 0));
    },
    "to another user's process: EPERM": async (host) => {
      const child = await host.spawn('sleeper');
      const own = await host.spawn('sleeper', [], { uid: OTHER, gid: OTHER });
      await host.setUser(OTHER, OTHER);
      await fails('EPERM', host.kill(child.pid, 'SIGKILL'));
      await fails('EPERM', host.kill(child.pid, 0));
      await host.kill(own.pid, 'SIGTERM');
      equal(await own.exited, killed('SIGTERM'));
    },
    'signal 0 only asks': async (host) => {
      const child = await host.spawn('sleeper');
      await host.kill(child.pid, 0);
      equal(await within(host, 50, child.exited), 'late');
    },
    'without a handler TERM, INT, HUP, QUIT, USR1 and USR2 end the process': async (host) => {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const) {
        const child = await host.spawn('sleeper');
        await host.kill(child.pid, signal);
        equal(await child.exited, killed(signal));
      }
    },
    'a process with a hot loop is killed within a second': async (host) => {
      const child = await host.spawn('spin', [], { stdout: 'pipe' });
      equal(await new Lines(child).next(), 'spinning');
      await host.sleep(100);
      const before = host.now();
      await host.kill(child.pid, 'SIGKILL');
      equal(await child.exited, killed('SIGKILL'));
      check(host.now() - before < 1000, `it took ${host.now() - before} ms`);
      check(!(await host.processes()).some(({ pid }) => pid === child.pid), 'it is gone');
    },
    'handlers run, each for its own signal': async (host) => {
      const { child, lines } = await handling(host, 'SIGHUP', 'SIGINT', 'SIGUSR1', 'SIGUSR2', 'SIGQUIT');
      for (const signal of ['SIGINT', 'SIGHUP', 'SIGUSR2', 'SIGQUIT', 'SIGUSR1'] as const) {
        await host.kill(child.pid, signal);
        equal(await lines.next(), signal);
      }
    },
    'a TERM handler may end the process its own way': async (host) => {
      const { child } = await handling(host, 'SIGTERM:exit');
      await host.kill(child.pid, 'SIGTERM');
      equal(await child.exited, code(9));
    },
    'a signal may be ignored, and have its default again': async (host) => {
      const { child, lines } = await handling(host, 'SIGTERM:ignore', 'SIGHUP:restore');
      await host.kill(child.pid, 'SIGTERM');
      equal(await within(host, 100, child.exited), 'late');
      await host.kill(child.pid, 'SIGHUP');
      equal(await lines.next(), 'restored');
      await host.kill(child.pid, 'SIGTERM');
      equal(await child.exited, killed('SIGTERM'));
    },
    'KILL ends a process that ignores all others': async (host) => {
      const { child } = await handling(host, 'SIGTERM:ignore', 'SIGINT:ignore', 'SIGHUP:ignore');
      await host.kill(child.pid, 'SIGKILL');
      equal(await child.exited, killed('SIGKILL'));
    },
    'CHLD is ignored, unless handled': async (host) => {
      await (await host.spawn('exit-with', ['0'])).exited;
      let told = 0;
      host.onSignal('SIGCHLD', () => told++);
      const child = await host.spawn('exit-with', ['0']);
      await child.exited;
      await eventually(host, 'the handler was called once', () => told === 1);
      const other = await host.spawn('sleeper');
      await host.kill(other.pid, 'SIGKILL');
      await eventually(host, 'and for a killed one', () => told === 2);
    },
    'a process may signal itself': async (host) => {
      let told = false;
      host.onSignal('SIGUSR1', () => {
        told = true;
      });
      await host.kill(host.pid, 'SIGUSR1');
      await eventually(host, 'told', () => told);
    },
  },
  {
    'exit-with': async (host) => Number(host.args[0]),
    sleeper: async (host) => {
      await host.sleep(60_000);
      return 0;
    },
    spin: async (host) => {
      await host.print('spinning\n');
      for (let n = 0; ; n++) if (n < 0) return n;
    },
    'exit-inside': async (host) => {
      await host.print('before\n');
      const leave = (): void => host.exit(4);
      leave();
      await host.print('after\n');
      return 0;
    },
    'return-early': async (host) => {
      void host.sleep(60_000);
      await host.listen({ path: 'left-open' });
      return 5;
    },
    throw: async () => {
      throw new Error('no good');
    },
    reject: async (host) => {
      void Promise.reject(new Error('left alone'));
      await host.sleep(60_000);
      return 0;
    },
    show: async (host) => {
      const { pid, ppid, name, args, env, cwd, uid, gid } = host;
      await host.print(JSON.stringify({ pid, ppid, name, args, env, cwd, uid, gid }));
      return 0;
    },
    'leave-orphan': async (host) => {
      const child = await host.spawn('sleeper', [], { stdout: 'null' });
      await host.print(`${child.pid}\n`);
      return 0;
    },
    'use-image': async (host) => {
      const { image } = host;
      await host.print(image === null ? 'none\n' : `${image.length} ${image.reduce((sum, byte) => sum + byte, 0)}\n`);
      image?.fill(99);
      return 0;
    },
    /** `SIGNAL` prints its name, `SIGNAL:exit`, `SIGNAL:ignore`, `SIGNAL:throw`; `SIGNAL:restore` gives TERM its default again. */
    handle: async (host) => {
      for (const arg of host.args) {
        const [name = '', what] = arg.split(':');
        const signal = name as Exclude<Signal, Uncatchable>;
        if (what === 'ignore') host.onSignal(signal, 'ignore');
        else if (what === 'exit') host.onSignal(signal, () => host.exit(9));
        else if (what === 'throw')
          host.onSignal(signal, () => {
            throw new Error('in a handler');
          });
        else if (what === 'restore')
          host.onSignal(signal, () => {
            host.onSignal('SIGTERM', 'default');
            void host.print('restored\n');
          });
        else host.onSignal(signal, () => void host.print(`${name}\n`));
      }
      await host.print('ready\n');
      await host.sleep(60_000);
      return 0;
    },
  },
);
