/** Conformance: standard input, output and error; time. */
import { check, equal, fails, group, Lines, readAll, within } from './case.ts';

export const stdio = group(
  'stdio',
  {
    "a child's output is read through its pipe, to its end": async (host) => {
      const child = await host.spawn('say', ['one\n', 'two\n'], { stdout: 'pipe' });
      equal(child.stdout && (await readAll(child.stdout)), 'one\ntwo\n');
    },
    'a thousand lines keep their order': async (host) => {
      const child = await host.spawn('count', ['1000'], { stdout: 'pipe' });
      const expected = Array.from({ length: 1000 }, (_, n) => `${n}\n`).join('');
      check(child.stdout !== null && (await readAll(child.stdout)) === expected, 'all there and in order');
    },
    'what is written to a child is its input, then end of input': async (host) => {
      const child = await host.spawn('upper', [], { stdin: 'pipe', stdout: 'pipe' });
      const lines = new Lines(child);
      await child.stdin?.write('hello\n');
      equal(await lines.next(), 'HELLO');
      await child.stdin?.write('again\n');
      equal(await lines.next(), 'AGAIN');
      child.stdin?.end();
      equal(await child.exited, { code: 0, signal: null });
    },
    'no input is end of input at once': async (host) => {
      const child = await host.spawn('upper', [], { stdin: 'null', stdout: 'pipe' });
      equal(child.stdout && (await readAll(child.stdout)), '');
    },
    'input that ended stays ended when its writer is gone': async (host) => {
      const child = await host.spawn('end-input-and-exit', [], { stdout: 'pipe' });
      equal(await within(host, 3000, child.stdout ? readAll(child.stdout) : Promise.resolve('')), 'input ended\n');
    },
    'a program that reads no input makes its writer wait': async (host) => {
      const child = await host.spawn('sleeper', [], { stdin: 'pipe' });
      const writing = (async () => {
        for (let n = 0; n < 10; n++) await child.stdin?.write('x'.repeat(50_000));
      })();
      equal(await within(host, 200, writing), 'late');
      await host.kill(child.pid, 'SIGKILL');
      await fails('EPIPE', writing);
    },
    'a slow reader makes the printing program wait, and gets all': async (host) => {
      const child = await host.spawn(
        'say',
        Array.from({ length: 40 }, () => 'x'.repeat(10_000)),
        { stdout: 'pipe' },
      );
      equal(await within(host, 300, child.exited), 'late');
      equal(child.stdout && (await readAll(child.stdout)).length, 400_000);
    },
    "without options a child shares its parent's output": async (host) => {
      const child = await host.spawn('say-through', ['from below\n'], { stdout: 'pipe' });
      equal(child.stdout && (await readAll(child.stdout)), 'from below\n');
    },
    'output may go to a file: replaced, or appended to': async (host) => {
      await host.fs.write('out', 'old\n');
      await (await host.spawn('say', ['more\n'], { stdout: { file: 'out', append: true } })).exited;
      equal(await host.fs.readText('out'), 'old\nmore\n');
      await (await host.spawn('say', ['new\n'], { stdout: { file: 'out', append: false } })).exited;
      equal(await host.fs.readText('out'), 'new\n');
      await fails('ENOENT', host.spawn('say', [], { stdout: { file: 'no/out', append: false } }));
    },
    'a file opened for output stays open when privileges are dropped': async (host) => {
      const child = await host.spawn('drop-and-say', ['as www-data\n'], { stdout: { file: 'out', append: false } });
      equal(await child.exited, { code: 0, signal: null });
      equal(await host.fs.readText('out'), 'as www-data\n');
    },
    'errors can go where output goes, in order': async (host) => {
      const child = await host.spawn('say-both', [], { stdout: 'pipe', stderr: 'stdout' });
      equal(child.stdout && (await readAll(child.stdout)), 'out 1\nerr 1\nout 2\nerr 2\n');
    },
    'errors can go to a file of their own, output to nowhere': async (host) => {
      await (await host.spawn('say-both', [], { stdout: 'null', stderr: { file: 'err', append: false } })).exited;
      equal(await host.fs.readText('err'), 'err 1\nerr 2\n');
    },
    'output that nobody waited for is there when the process has exited': async (host) => {
      await (await host.spawn('say-and-go', ['last words\n'], { stdout: { file: 'out', append: false } })).exited;
      equal(await host.fs.readText('out'), 'last words\n');
    },
  },
  {
    say: async (host) => {
      for (const arg of host.args) await host.print(arg);
      return 0;
    },
    count: async (host) => {
      for (let n = 0; n < Number(host.args[0]); n++) void host.print(`${n}\n`);
      await host.print('');
      return 0;
    },
    upper: async (host) => {
      for (let part = await host.readInput(); part !== null; part = await host.readInput())
        await host.print(new TextDecoder().decode(part).toUpperCase());
      return 0;
    },
    'end-input-and-exit': async (host) => {
      const child = await host.spawn('sleep-then-read', [], { stdin: 'pipe' });
      child.stdin?.end();
      return 0;
    },
    'sleep-then-read': async (host) => {
      await host.sleep(200);
      if ((await host.readInput()) === null) await host.print('input ended\n');
      return 0;
    },
    'say-through': async (host) => {
      await (await host.spawn('say', host.args)).exited;
      return 0;
    },
    'drop-and-say': async (host) => {
      await host.setUser(33, 33);
      await host.print(host.args[0] ?? '');
      return 0;
    },
    'say-both': async (host) => {
      for (const n of [1, 2]) {
        await host.print(`out ${n}\n`);
        await host.printError(`err ${n}\n`);
      }
      return 0;
    },
    'say-and-go': async (host) => {
      void host.print(host.args[0] ?? '');
      return 0;
    },
  },
);

export const time = group(
  'time',
  {
    'sleep takes its time': async (host) => {
      const before = host.now();
      await host.sleep(100);
      const took = host.now() - before;
      check(took >= 95 && took < 2000, `100 ms took ${took}`);
    },
    'sleeps run side by side': async (host) => {
      const before = host.now();
      await Promise.all([1, 2, 3, 4, 5].map(() => host.sleep(100)));
      check(host.now() - before < 400, 'five at once take as long as one');
    },
    'now() is one clock for all processes': async (host) => {
      const before = host.now();
      const child = await host.spawn('say-now', [], { stdout: 'pipe' });
      const there = Number(await new Lines(child).next());
      check(before - 20 <= there && there <= host.now() + 20, `${before} <= ${there} <= ${host.now()}`);
    },
    'date() is today': async (host) => {
      check(host.date() > Date.UTC(2024, 0, 1), 'after 2024');
      const before = host.date();
      await host.sleep(20);
      check(host.date() > before, 'it goes on');
    },
  },
  {
    'say-now': async (host) => {
      await host.print(`${host.now()}\n`);
      return 0;
    },
  },
);
