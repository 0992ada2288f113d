/** `python3` in real processes: what it runs, how it ends, and what of the machine it sees and changes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScriptSandbox } from '../../../scripts/lib/sandbox.ts';

let sandbox: ScriptSandbox;
beforeAll(async () => {
  sandbox = await ScriptSandbox.open();
});
afterAll(() => sandbox.dispose());

const SLOW = { timeout: 120_000 };

async function run(program: string, args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const process = await sandbox.spawn(program, args, { cwd: '/root' });
  let [out, err] = ['', ''];
  process.onOutput((text, stream) => {
    if (stream === 'stdout') out += text;
    else err += text;
  });
  return { code: (await process.exited).code, out, err };
}
const sh = (line: string): ReturnType<typeof run> => run('sh', ['-c', line]);

describe('python3', () => {
  test('-c: arguments, exit codes, both outputs', SLOW, async () => {
    const code =
      'import sys, os; print(sys.argv, sys.path[0] == "", os.getcwd(), os.environ["A"]); print("e", file=sys.stderr); sys.exit(3)';
    expect(await sh(`A=1 python3 -c '${code}' x`)).toEqual({ code: 3, out: "['-c', 'x'] True /root 1\n", err: 'e\n' });
    expect(await run('python3', ['-c', 'import os; os._exit(4)'])).toEqual({ code: 4, out: '', err: '' });
    expect(await run('python3', ['-c', 'raise SystemExit("bye")'])).toEqual({ code: 1, out: '', err: 'bye\n' });
    expect((await run('python3', ['-c', 'def f(): 1/0\nf()'])).err).toBe(
      'Traceback (most recent call last):\n  File "<string>", line 2, in <module>\n    f()\n    ~^^\n' +
        '  File "<string>", line 1, in f\n    def f(): 1/0\n             ~^~\nZeroDivisionError: division by zero\n',
    );
    expect(await run('python3', ['-c', 'x = = 1'])).toEqual({
      ...{ code: 1, out: '' },
      err: '  File "<string>", line 1\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n',
    });
    expect((await run('python3', ['--version'])).out).toMatch(/^Python 3\.14\.\d+\n$/);
    const own = await sandbox.spawn('python3', ['-c', 'import os; print(os.getpid())']);
    let out = '';
    own.onOutput((text) => (out += text));
    await own.exited;
    expect(out).toBe(`${own.pid}\n`);
  });

  test('a file, a module, a program from a pipe; input from a pipe', SLOW, async () => {
    await sandbox.writeFile('/srv/x/mod.py', 'NAME = "mod"\n');
    await sandbox.writeFile(
      '/srv/x/x.py',
      'import sys, mod\nprint(__file__, sys.argv, sys.path[0], mod.NAME, __name__)\nprint(input("? "))\n',
    );
    expect(await sh('echo one | python3 /srv/x/x.py a')).toEqual({
      ...{ code: 0, err: '' },
      out: "/srv/x/x.py ['/srv/x/x.py', 'a'] /srv/x mod __main__\n? one\n",
    });
    expect((await sh("echo 'print(6 * 7)' | python3")).out).toBe('42\n');
    expect((await sh(`echo '{"a": 1}' | python3 -m json.tool --compact`)).out).toBe('{"a":1}\n');
    expect(await run('python3', ['nope.py'])).toEqual({
      ...{ code: 2, out: '' },
      err: "python3: can't open file '/root/nope.py': [Errno 2] No such file or directory\n",
    });
    expect(await run('python3', ['-m', 'nope'])).toEqual({ code: 1, out: '', err: '/usr/bin/python3: No module named nope\n' });
  });

  test('its files are the sandbox’s: empty directories, renamed ones, removed ones', SLOW, async () => {
    const script = `
import os, shutil
os.makedirs('a/b'); open('a/b/f', 'w').write('text'); os.rename('a', 'c')
print(os.listdir('/srv/empty'), open('/etc/hosts').read() != '')
os.mkdir('gone'); open('gone/f', 'w').close(); shutil.rmtree('gone'); os.remove('/srv/old')
open('run', 'w').write('#!/bin/sh\\necho ran\\n'); os.chmod('run', 0o755)
`;
    await sandbox.writeFile('/srv/old', '');
    await sandbox.writeFile('/srv/files.py', script);
    const result = await sh('mkdir /srv/empty && cd /srv && python3 files.py && ls && ls c/b && cat c/b/f && ./run');
    expect(result).toMatchObject({ code: 0, err: '' });
    expect(result.out).toMatch(/^\[\] True\nc\nempty\nfiles\.py\nrun\nshop\n(?:\w+\n)*f\ntextran\n$/);
  });

  test('a file that becomes a directory, a directory that becomes a file, a link', SLOW, async () => {
    const script = `
import os, shutil
os.remove('one'); os.mkdir('one'); open('one/in', 'w').write('x')
shutil.rmtree('two'); open('two', 'w').write('y')
os.symlink('two', 'three')
`;
    await sandbox.mount({ '/srv/kinds/k.py': script, '/srv/kinds/one': 'file', '/srv/kinds/two/in': 'below' });
    const result = await sh('cd /srv/kinds && python3 k.py && ls && cat one/in two three && readlink three');
    expect(result).toEqual({ code: 0, out: 'k.py\none\nthree\ntwo\nxyytwo\n', err: '' });
  });

  test('links are followed, told of and kept, also such that lead elsewhere; a file in the place of a link is a file', SLOW, async () => {
    const script = `
import os
print(open('link').read(), open('out/there').read(), os.readlink('link'), os.path.islink('link'), os.path.islink('real'))
os.symlink('/srv/links/real', 'absolute'); os.symlink('nowhere', 'dangling'); os.remove('gone')
os.remove('link'); open('link', 'w').write('own')
open('new-in', 'w').write('below'); os.rename('new-in', 'out/in')
`;
    await sandbox.mount({ '/srv/links/l.py': script, '/srv/links/real': 'text', '/opt/far/there': 'far' });
    const result = await sh(
      'cd /srv/links && ln -s real link && ln -s real gone && ln -s /opt/far out && python3 l.py && cat real link && readlink absolute dangling && ls /opt/far && ls',
    );
    expect(result).toEqual({
      code: 0,
      out: 'text far real True False\ntextown/srv/links/real\nnowhere\nin\nthere\nabsolute\ndangling\nl.py\nlink\nout\nreal\n',
      err: '',
    });
  });

  test('permissions and owners are seen and kept', SLOW, async () => {
    const script = `
import os, stat
print(oct(os.stat('f').st_mode), oct(os.stat('p').st_mode))
os.chmod('f', 0o640); os.chmod('d', 0o750); os.chown('f', 33, -1); os.chown('d', -1, 33)
os.chmod('p', os.stat('p').st_mode | stat.S_IXUSR)
os.close(os.open('secret', os.O_CREAT | os.O_WRONLY, 0o600)); os.mkdir('own', 0o700); open('plain', 'w').close()
`;
    await sandbox.mount({ '/srv/modes/m.py': script, '/srv/modes/f': 'f', '/srv/modes/p': 'p', '/srv/modes/d/x': '' });
    const { code, out, err } = await sh('cd /srv/modes && chmod 600 p && python3 m.py && ls -l');
    expect([code, err]).toEqual([0, '']);
    const lines = out.split('\n').map((line) => line.replace(/ 1 (\S+) +(\S+) .* (\S+)$/, ' $1:$2 $3'));
    expect(lines).toEqual([
      '0o100644 0o100600',
      expect.stringMatching(/^total/),
      'drwxr-x--- root:www-data d',
      '-rw-r----- www-data:root f',
      '-rw-r--r-- root:root m.py',
      'drwx------ root:root own',
      '-rwx------ root:root p',
      '-rw-r--r-- root:root plain',
      '-rw------- root:root secret',
      '',
    ]);
  });

  test('what WebAssembly cannot do is an error', SLOW, async () => {
    const error = async (code: string): Promise<string> => (await run('python3', ['-c', code])).err.trim().split('\n').at(-1) ?? '';
    expect(await error('import threading; threading.Thread(target=print).start()')).toBe("RuntimeError: can't start new thread");
    expect(await error('import subprocess; subprocess.run(["ls"])')).toContain('emscripten does not support processes.');
    expect(await error('input()')).toMatch(/^OSError: Python in this sandbox cannot wait for the keyboard/);
  });

  test('twenty runs leave nothing behind', SLOW, async () => {
    const processes = async (): Promise<string> => (await sh('ps -e -o args')).out;
    const before = await processes();
    for (let n = 0; n < 20; n++) expect((await run('python3', ['-c', `print(${n})`])).out).toBe(`${n}\n`);
    expect(await processes()).toBe(before);
    expect((await sh('ls /tmp')).out).toBe('');
  });
});

describe('a conversation', () => {
  async function talk(program: string, args: readonly string[]) {
    const process = await sandbox.spawn(program, args, { cwd: '/root' });
    let output = '';
    process.onOutput((text) => (output += text));
    return {
      process,
      /** Types, and gives what is printed up to `end`. */
      async says(typed: string, end: string): Promise<string> {
        output = '';
        process.write(typed);
        return this.until(end);
      },
      async until(end: string): Promise<string> {
        await expect.poll(() => output, { timeout: 60_000, interval: 10 }).toContain(end);
        return output;
      },
    };
  }

  test('lines, blocks, errors, Ctrl-C at the prompt, exit', SLOW, async () => {
    const python = await talk('python3', []);
    expect(await python.until('>>> ')).toMatch(/^Python 3\.14\.\d+ \([^\n]*\) on emscripten\nType "help", "copyright", [^\n]*\n>>> $/);
    expect(await python.says('1 + 1\n', '>>> ')).toBe('2\n>>> ');
    expect(await python.says('def f(x):\n', '... ')).toBe('... ');
    expect(await python.says('    return x / 0\n', '... ')).toBe('... ');
    expect(await python.says('\n', '>>> ')).toBe('>>> ');
    expect(await python.says('f(1)\n', '>>> ')).toBe(
      'Traceback (most recent call last):\n  File "<python-input-2>", line 1, in <module>\n    f(1)\n    ~^^^\n' +
        '  File "<python-input-1>", line 2, in f\n    return x / 0\n           ~~^~~\nZeroDivisionError: division by zero\n>>> ',
    );
    expect(await python.says('if True:\n', '... ')).toBe('... ');
    await sandbox.kill(python.process.pid, 'SIGINT');
    expect(await python.until('>>> ')).toContain('KeyboardInterrupt\n>>> ');
    expect(await python.says('open("/tmp/n", "w").write("ab")\n', '>>> ')).toBe('2\n>>> ');
    expect(new TextDecoder().decode(await sandbox.readFile('/tmp/n'))).toBe('ab');
    await sandbox.removeFile('/tmp/n');
    python.process.write('import sys; sys.exit(7)\n');
    expect(await python.process.exited).toEqual({ code: 7, signal: null });
  });

  test('in a shell: Ctrl-D gives the prompt back, Ctrl-C ends what runs and says so', SLOW, async () => {
    const shell = await talk('sh', ['-i']);
    await shell.until('# ');
    await shell.says('python3 -q\n', '>>> ');
    shell.process.endOfFile();
    expect(await shell.until('# ')).toContain('root@web:');
    expect(await shell.says('echo $?\n', '# ')).toContain('0\n');
    await sandbox.writeFile('/root/loop.py', 'print("running")\nwhile True:\n    pass\n');
    for (const [begin, prompt] of [
      ['python3 loop.py\n', ''],
      ['python3 -q\n', 'import loop\n'],
    ] as const) {
      if (prompt !== '') await shell.says(begin, '>>> ');
      await shell.says(prompt || begin, 'running\n');
      await sandbox.kill(shell.process.pid, 'SIGINT');
      expect(await shell.until('# ')).toContain(
        '[sandbox] Ctrl-C has ended Python: in WebAssembly it cannot be interrupted while it runs\n',
      );
      expect(await shell.says('echo $?\n', '# ')).toContain('130\n');
    }
    shell.process.end();
    await shell.process.exited;
  });
});
