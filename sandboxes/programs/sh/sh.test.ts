/** The shell and the small programs it starts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLocalSandbox, type LocalProcess, type LocalSandbox } from '../../host/local.ts';
import { programs as registered } from '../registry.ts';
import { lacking } from './lacking.ts';
import { parse } from './parse.ts';
import { programs } from './programs.ts';

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

  test('input from a file, and the home directory', async () => {
    expect(await out('cat < a.txt; cat a.txt | cat - < b.txt; wc -l < a.txt')).toBe('alpha\nbeta\n1\n');
    expect(await out('cat < a.txt > copy; cat copy')).toBe('alpha\n');
    // a program that does not read it is not waited for
    expect(await run('true < a.txt && fail < a.txt')).toMatchObject({ code: 3, err: '' });
    expect(await run('cat < nope')).toEqual({ code: 2, out: '', err: 'sh: 1: cannot open nope: No such file\n' });
    expect(await out('echo ~ ~/x "~" x~ \\~')).toBe('/root /root/x ~ x~ ~\n');
  });

  test('pipes', async () => {
    expect(await out('cat a.txt b.txt | cat | cat')).toBe('alpha\nbeta\n');
    expect(await out('echo piped | cat')).toBe('piped\n');
  });

  test('what is not there', async () => {
    expect(await run('foo')).toMatchObject({ code: 127, err: 'sh: 1: foo: not found\n' });
    expect((await run('nginxx -t')).err).toBe('sh: 1: nginxx: not found. Did you mean nginx?\n');
    expect((await run('sl')).err).toBe('sh: 1: sl: not found. Did you mean ls?\n');
    expect((await run('service nginx start')).err).toBe('sh: 1: service: not in this sandbox; use systemctl start NAME\n');
    expect(await run('echo "x')).toMatchObject({ code: 2, err: 'sh: 1: Syntax error: Unterminated quoted string\n' });
    expect((await run('&& x')).err).toBe('sh: 1: Syntax error: "&&" unexpected\n');
  });

  test('what this shell does not have is said in a sentence', async () => {
    const lacks = async (line: string, what: string): Promise<void> =>
      expect(await run(line), line).toEqual({ code: 2, out: '', err: `sh: 1: this sandbox's shell does not have ${what}\n` });
    await lacks('case x in', '"case"; use if and [');
    await lacks('f() { echo x; }', 'functions; write a script of its own');
    await lacks('a=(1 2)', 'arrays');
    await lacks('[[ -f x ]]', '"[["; use [');
    await lacks('cat <<< x', '"<<<"; use echo TEXT |');
    await lacks('diff <(ls) x', 'process substitution ("<(...)")');
    await lacks('echo x &> y', '"&>"; write > FILE 2>&1');
    await lacks('echo ${x%.txt}', '"${x%...}"');
    await lacks('for ((i=0;i<3;i++))', '"for (("; use for NAME in WORD...');
    await lacks('echo x 3> y', 'the stream 3 of "3>"');
    expect(await out(`echo for if '$(ls)' '\`' "\\$(" \\(`)).toBe('for if $(ls) ` $( (\n');
  });

  test('& runs beside the shell', async () => {
    expect(await out('sleep 0.2 & sleep 0.2 & sleep 0.2 & wait; echo $?')).toBe('0\n');
    const waiting = out('sleep 60 & sleep 60 & sleep 60 & wait; echo $?');
    const sleeping = (): number[] => sandbox.kernel.list().flatMap(({ title, pid }) => (title === 'sleep 60' ? pid : []));
    await expect.poll(() => sleeping().length).toBe(3);
    for (const pid of sleeping()) sandbox.kill(pid, 'SIGTERM');
    expect(await waiting).toBe('0\n');
    expect(parse('a 1 & b; c').map(({ text, background }) => [text, background])).toEqual([
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
    await settled(shell, /\[1\]\+ {2}Terminated +forever\n(root@web:\/srv# )+$/);
    await shell.write('forever\n');
    while (sandbox.events.filter((event) => event.type === 'process.start' && event.program === 'forever').length < 2) await pause();
    await pause();
    const before = shell.output().length;
    sandbox.kill(shell.pid, 'SIGINT');
    while (shell.output().length === before) await pause();
    await shell.write('echo $?\n');
    await settled(shell, '130\nroot@web:/srv# ');
    await shell.write('exit\n');
    expect((await shell.exited).code).toBe(0);
  });
});

test('lines that come faster than they are carried out: each prompt stands after the output before it', async () => {
  const shell = await sandbox.spawn('sh', ['-i'], { cwd: '/srv' });
  await shell.write('cat a.txt\n');
  await shell.write('nope\ncat b.txt\nexit\n');
  await shell.exited;
  const prompt = 'root@web:/srv# ';
  expect(shell.output()).toBe(`${prompt}alpha\n${prompt}sh: 2: nope: not found\n${prompt}beta\n${prompt}`);
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
    expect(await out('ps aux')).toMatch(/^USER +PID TTY +STAT +START COMMAND\nroot +\d+ \? +S /);
    expect((await run('ps --ppid 99999')).code).toBe(1);
    expect(await out('ps --help')).toMatch(/^\nUsage:\n ps \[options\]\n/);
  });

  test('ps: what an interactive shell started has its terminal', async () => {
    await sandbox.spawn('forever', ['alone']);
    const shell = await sandbox.spawn('sh', ['-i']);
    await shell.write('forever child &\n');
    while (!/\[1\] \d+\n/.test(shell.output())) await pause();
    const rows = await out('ps -o tty,args -e');
    expect(rows).toMatch(/^\? +forever alone$/m);
    expect(rows).toMatch(/^pts\/0 +sh -i$/m);
    expect(rows).toMatch(/^pts\/0 +forever child$/m);
  });

  test('kill', async () => {
    const process = await sandbox.spawn('forever');
    await run(`kill -9 ${process.pid}`);
    expect(await process.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await run(`kill ${process.pid}`)).toMatchObject({ code: 1, err: `kill: (${process.pid}) - No such process\n` });
    expect(await out('kill -l')).toBe(
      ' 1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 9) SIGKILL\n10) SIGUSR1\t12) SIGUSR2\t15) SIGTERM\t17) SIGCHLD\n18) SIGCONT\t19) SIGSTOP\t20) SIGTSTP\n',
    );
    expect(await out('kill -l 9 TERM')).toBe('KILL\n15\n');
    expect((await run('kill x')).err).toBe('kill: x: arguments must be process or job IDs\n');
    expect((await run('kill -FOO 1')).err).toBe('kill: FOO: invalid signal specification\n');
    const other = await sandbox.spawn('forever');
    await run(`kill -s TERM ${other.pid}`);
    expect(await other.exited).toMatchObject({ signal: 'SIGTERM' });
  });
});

describe('files without an end', () => {
  test('an interpreter that is its own interpreter is not found', async () => {
    await run('mkdir -p /srv/bin');
    await sandbox.run(async (host) => {
      await host.fs.write('/srv/bin/loop', '#!/usr/bin/env loop\n', { mode: 0o755 });
    });
    expect(await run('PATH=/srv/bin:$PATH; export PATH; loop')).toMatchObject({ code: 127, err: expect.stringContaining('not found') });
  });

  test('a file that sources itself', async () => {
    sandbox.files.write('/srv/self', '. /srv/self\n');
    expect(await run('. /srv/self')).toMatchObject({ code: 2, err: expect.stringContaining('nested too deep') });
  });
});

describe('what help says there is', () => {
  test('is what there is, without the page’s own browser', () => {
    expect([...programs, 'browser'].sort()).toEqual(Object.keys(registered).sort());
  });

  test('is nothing that is said to be lacking', () => {
    expect(programs.filter((name) => lacking(name) !== null)).toEqual([]);
    expect(lacking('')).toBeNull();
    expect(lacking('xargs')).toContain('a real command');
  });
});
