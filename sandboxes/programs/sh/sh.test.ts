/** The shell and the small programs it starts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLocalSandbox, type LocalProcess, type LocalSandbox } from '../../host/local.ts';
import { parseLine } from './parse.ts';

let sandbox: LocalSandbox;
beforeEach(() => {
  sandbox = createLocalSandbox({
    files: {
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\n',
      '/etc/group': 'root:x:0:\nwww-data:x:33:\n',
      '/srv/a.txt': 'alpha\n',
      '/srv/b.txt': 'beta\n',
      '/srv/.hidden': '',
    },
    programs: {
      forever: async (host) => {
        for (;;) await host.sleep(1000);
      },
      fail: async () => 3,
    },
  });
});
afterEach(() => sandbox.dispose());

async function run(line: string): Promise<{ code: number | null; out: string; err: string }> {
  const process = await sandbox.spawn('sh', ['-c', line], { cwd: '/srv' });
  const { code } = await process.exited;
  return { code, out: process.stdout(), err: process.stderr() };
}
const out = async (line: string): Promise<string> => (await run(line)).out;

describe('sh -c', () => {
  test('words, quotes and variables', async () => {
    expect(await out(`echo a  'b  c' "d $HOME" e\\ f`)).toBe('a b  c d /root e f\n');
    expect(await out(`X=1; echo "$X" $\{X}2 $X$X "" end`)).toBe('1 12 11  end\n');
    expect(await out("echo '$X' # comment")).toBe('$X\n');
  });

  test('and, or, then; exit codes', async () => {
    expect(await out('fail && echo yes || echo $?; echo next')).toBe('3\nnext\n');
    expect((await run('fail')).code).toBe(3);
    expect((await run('exit 7; echo no')).code).toBe(7);
  });

  test('redirection and patterns', async () => {
    expect(await out('echo one > x; echo two >> x; cat x')).toBe('one\ntwo\n');
    expect(await out('cat *.txt > all.log; cat all.log')).toBe('alpha\nbeta\n');
    expect(await out('cat nope 2> err.txt; cat err.txt')).toBe('cat: nope: No such file or directory\n');
    expect(await out('echo *.none')).toBe('*.none\n');
  });

  test('pipes', async () => {
    expect(await out('cat a.txt b.txt | cat | cat')).toBe('alpha\nbeta\n');
    expect(await out('echo piped | cat')).toBe('piped\n');
  });

  test('what is not there', async () => {
    expect(await run('foo')).toMatchObject({ code: 127, err: 'sh: 1: foo: not found\n' });
    expect((await run('systemctl start nginx')).err).toMatch(/^sh: 1: systemctl: not in this sandbox; start servers directly/);
    expect(await run('echo "x')).toMatchObject({ code: 2, err: 'sh: 1: Syntax error: Unterminated quoted string\n' });
    expect((await run('&& x')).err).toBe('sh: 1: Syntax error: "&&" unexpected\n');
  });

  test('& runs beside the shell', async () => {
    expect(await out('sleep 0.2 & sleep 0.2 & sleep 0.2 & wait; echo $?')).toBe('0\n');
    const begun = Date.now();
    await out('sleep 0.3 & sleep 0.3 & sleep 0.3 & wait');
    expect(Date.now() - begun).toBeLessThan(800);
    expect(parseLine('a 1 & b; c').map(({ text, background }) => [text, background])).toEqual([
      ['a 1', true],
      ['b', false],
      ['c', false],
    ]);
  });
});

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('sh -i', () => {
  const settled = async (process: LocalProcess, text: string | RegExp): Promise<void> => {
    const end = Date.now() + 3000;
    while (!(typeof text === 'string' ? process.output().endsWith(text) : text.test(process.output()))) {
      if (Date.now() > end) throw new Error(`never: ${JSON.stringify(process.output())}`);
      await pause();
    }
  };

  test('prompts, jobs and Ctrl-C', async () => {
    const shell = await sandbox.spawn('sh', ['-i'], { cwd: '/root' });
    await settled(shell, 'root@web:~# ');
    await shell.write('cd /srv\n');
    await settled(shell, 'root@web:/srv# ');
    await shell.write('forever &\n');
    await settled(shell, /\[1\] \d+\nroot@web:\/srv# $/);
    const pid = /\[1\] (\d+)/.exec(shell.output())?.[1];
    await shell.write(`kill ${pid}\n`);
    while (!sandbox.events.some((event) => event.type === 'process.exit' && event.pid === Number(pid))) await pause();
    await shell.write('\n');
    await settled(shell, /\[1\]\+ {2}Terminated +forever\nroot@web:\/srv# $/);
    await shell.write('forever\n');
    while (sandbox.events.filter((event) => event.type === 'process.start' && event.program === 'forever').length < 2) await pause();
    await pause();
    sandbox.kill(shell.pid, 'SIGINT');
    await settled(shell, /\n?root@web:\/srv# $/);
    await shell.write('echo $?\n');
    await settled(shell, '130\nroot@web:/srv# ');
    await shell.write('exit\n');
    expect((await shell.exited).code).toBe(0);
  });
});

describe('small programs', () => {
  test('ls', async () => {
    expect(await out('ls')).toBe('a.txt\nb.txt\n');
    expect(await out('ls -a')).toBe('.\n..\n.hidden\na.txt\nb.txt\n');
    expect(await out('ls -l a.txt')).toMatch(/^-rw-r--r-- 1 root root 6 [A-Z][a-z]{2} [ \d]\d \d\d:\d\d a\.txt\n$/);
    expect(await run('ls nope')).toMatchObject({ code: 2, err: "ls: cannot access 'nope': No such file or directory\n" });
  });

  test('ps', async () => {
    await sandbox.spawn('forever', ['--for', 'ever']);
    const all = await out('ps -o pid,ppid,args -e');
    expect(all).toMatch(/^ +PID +PPID COMMAND\n/);
    expect(all).toMatch(/^ *\d+ +\d+ forever --for ever$/m);
    expect(await out('ps -C forever -o args')).toBe('COMMAND\nforever --for ever\n');
    expect(await out('ps aux')).toMatch(/^USER +PID TTY +START COMMAND\nroot +\d+ \? /);
    expect((await run('ps --ppid 99999')).code).toBe(1);
  });

  test('kill', async () => {
    const process = await sandbox.spawn('forever');
    await run(`kill -9 ${process.pid}`);
    expect(await process.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await run(`kill ${process.pid}`)).toMatchObject({ code: 1, err: `kill: (${process.pid}) - No such process\n` });
    expect((await run('kill x')).err).toBe('kill: x: arguments must be process or job IDs\n');
    expect((await run('kill -FOO 1')).err).toBe('kill: FOO: invalid signal specification\n');
    const other = await sandbox.spawn('forever');
    await run(`kill -s TERM ${other.pid}`);
    expect(await other.exited).toMatchObject({ signal: 'SIGTERM' });
  });
});
