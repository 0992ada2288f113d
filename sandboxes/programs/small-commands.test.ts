/**
 * head, wc, find, chmod, chown, env, which, id, uname, pstree, pkill: word for word what Debian 12's print (recorded there, in
 * C.UTF-8). And what is the sandbox's own: top, man, sudo, apt, nano, ln.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLocalSandbox, type LocalSandbox } from '../host/local.ts';
import { optionsOf, pageOf } from './man/pages.ts';
import { type Branch, drawn, PLAIN, UNICODE } from './pstree/draw.ts';
import { programs } from './registry.ts';

let sandbox: LocalSandbox;
beforeEach(() => {
  sandbox = createLocalSandbox({
    files: {
      '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n',
      '/etc/group': 'root:x:0:\nwww-data:x:33:\n',
      '/srv/a.txt': 'alpha\n',
      '/srv/b.txt': 'beta\n',
      '/srv/dir/one': '1\n',
      '/srv/dir/sub/two': '2\n',
      '/srv/empty/': '',
      '/srv/log': Array.from({ length: 12 }, (_, i) => `line ${i + 1}\n`).join(''),
      '/srv/odd': 'x y\nz',
    },
    programs: {
      forever: async (host) => {
        for (;;) await host.sleep(1000);
      },
    },
  });
});
afterEach(() => sandbox.dispose());

type Result = [code: number | null, out: string, err: string];

async function sh(line: string): Promise<Result> {
  const process = await sandbox.spawn('sh', ['-c', line], { cwd: '/srv' });
  const { code } = await process.exited;
  return [code, process.stdout(), process.stderr()];
}
const out = async (line: string): Promise<string> => (await sh(line))[1];
const cases = async (table: readonly (readonly [line: string, code: number, out: string, err?: string])[]): Promise<void> => {
  for (const [line, ...result] of table) expect(await sh(line), line).toEqual([result[0], result[1], result[2] ?? '']);
};
const lines = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}\n`).join('');

test('head', () =>
  cases([
    ['head log', 0, lines(1, 10)],
    ['head -n 2 log', 0, lines(1, 2)],
    ['head -n -10 log', 0, lines(1, 2)],
    ['head -n -99 log', 0, ''],
    ['head -n 0 log', 0, ''],
    ['head -3 log', 0, lines(1, 3)],
    ['head -c 4 log', 0, 'line'],
    ['head -c -60 log', 0, 'line 1\nline 2\nline 3\nline 4'],
    ['head odd', 0, 'x y\nz'],
    ['head -n 1 a.txt b.txt', 0, '==> a.txt <==\nalpha\n\n==> b.txt <==\nbeta\n'],
    ['head -v -n1 a.txt', 0, '==> a.txt <==\nalpha\n'],
    ['cat log | head -n 1', 0, lines(1, 1)],
    ['head nope', 1, '', "head: cannot open 'nope' for reading: No such file or directory\n"],
    ['head dir', 1, '', "head: error reading 'dir': Is a directory\n"],
    ['head -n x log', 1, '', 'head: invalid number of lines: ‘x’\n'],
    ['head -c x log', 1, '', 'head: invalid number of bytes: ‘x’\n'],
    [
      'head -n 1 nope a.txt dir b.txt',
      1,
      '==> a.txt <==\nalpha\n\n==> dir <==\n\n==> b.txt <==\nbeta\n',
      "head: cannot open 'nope' for reading: No such file or directory\nhead: error reading 'dir': Is a directory\n",
    ],
  ]));

test('wc', () =>
  cases([
    ['wc log', 0, '12 24 87 log\n'],
    ['wc a.txt log', 0, ' 1  1  6 a.txt\n12 24 87 log\n13 25 93 total\n'],
    ['wc -l log', 0, '12 log\n'],
    ['wc -l a.txt log', 0, ' 1 a.txt\n12 log\n13 total\n'],
    ['wc -lc log', 0, '12 87 log\n'],
    ['cat log | wc', 0, '     12      24      87\n'],
    ['cat log | wc -l', 0, '12\n'],
    ['wc odd', 0, '1 3 5 odd\n'],
    ['wc -m odd', 0, '5 odd\n'],
    ['wc -w odd a.txt', 0, ' 3 odd\n 1 a.txt\n 4 total\n'],
    ['wc nope a.txt', 1, '1 1 6 a.txt\n1 1 6 total\n', 'wc: nope: No such file or directory\n'],
    ['wc dir', 1, '      0       0       0 dir\n', 'wc: dir: Is a directory\n'],
    ['wc -l a.txt dir', 1, '      1 a.txt\n      0 dir\n      1 total\n', 'wc: dir: Is a directory\n'],
    ['wc -l nope', 1, '', 'wc: nope: No such file or directory\n'],
  ]));

test('find', () =>
  cases([
    ['find', 0, '.\n./a.txt\n./b.txt\n./dir\n./dir/one\n./dir/sub\n./dir/sub/two\n./empty\n./log\n./odd\n'],
    ['find dir', 0, 'dir\ndir/one\ndir/sub\ndir/sub/two\n'],
    ['find . -name "*.txt"', 0, './a.txt\n./b.txt\n'],
    ['find . -iname "A*"', 0, './a.txt\n'],
    ['find nope', 1, '', 'find: ‘nope’: No such file or directory\n'],
    ['find . -type d', 0, '.\n./dir\n./dir/sub\n./empty\n'],
    ['find dir -maxdepth 1', 0, 'dir\ndir/one\ndir/sub\n'],
    ['find dir/ -mindepth 1', 0, 'dir/one\ndir/sub\ndir/sub/two\n'],
    ['find . -empty', 0, './empty\n'],
    ['find a.txt', 0, 'a.txt\n'],
    ['find . -name "*.txt" -o -type d', 0, '.\n./a.txt\n./b.txt\n./dir\n./dir/sub\n./empty\n'],
    ['find . -not -name "*.txt" -type f', 0, './dir/one\n./dir/sub/two\n./log\n./odd\n'],
    ['find . -type f,d -name "s*"', 0, './dir/sub\n'],
    ['find . -size +40c -type f', 0, './log\n'],
    ['find . -path "./dir*"', 0, './dir\n./dir/one\n./dir/sub\n./dir/sub/two\n'],
    ['find / -maxdepth 0', 0, '/\n'],
    ['find . log2 -name log -print', 1, './log\n', 'find: ‘log2’: No such file or directory\n'],
    ['find . -type q', 1, '', 'find: Unknown argument to -type: q\n'],
    ['find . -foo', 1, '', "find: unknown predicate `-foo'\n"],
    ['find . -name', 1, '', "find: missing argument to `-name'\n"],
    ['find . -maxdepth x', 1, '', 'find: Expected a positive decimal integer argument to -maxdepth, but got ‘x’\n'],
    ['find . -user nosuch', 1, '', 'find: ‘nosuch’ is not the name of a known user\n'],
    ['find . -size x', 1, '', "find: invalid -size type `x'\n"],
    [
      'find -name a.txt dir',
      1,
      '',
      "find: paths must precede expression: `dir'\nfind: possible unquoted pattern after predicate `-name'?\n",
    ],
    ['find . -delete', 1, '', "find: this sandbox's find does not have -delete; it lists files only\n"],
  ]));

test('chmod: what the mode becomes', async () => {
  const steps: readonly (readonly [start: string, mode: string, becomes: string])[] = [
    ['644', 'u+x', '744'],
    ['644', '+x', '755'],
    ['644', '+w', '644'],
    ['744', 'go-r,u=rwx', '700'],
    ['700', 'a=r', '444'],
    ['644', 'g=u', '664'],
    ['444', '-x', '444'],
    ['444', 'u+rw,g+r-x', '644'],
    ['644', '=', '0'],
    ['755', '0640', '640'],
    ['644', 'a+X', '644'],
    ['744', 'a+X', '755'],
  ];
  for (const [start, mode, becomes] of steps) {
    expect(await sh(`chmod ${start} a.txt && chmod ${mode} a.txt`), mode).toEqual([0, '', '']);
    const info = await sandbox.run((host) => host.fs.stat('/srv/a.txt'));
    expect(info.mode.toString(8), `${start} ${mode}`).toBe(becomes);
  }
  await sh('chmod -R go-rwx dir');
  expect(await out('ls -l dir')).toMatch(/^total \d+\n-rw------- .* one\ndrwx------ .* sub\n$/);
});

test('chmod and chown: what they say', async () => {
  const try_ = (name: string): string => `Try '${name} --help' for more information.\n`;
  await cases([
    ['chmod', 1, '', `chmod: missing operand\n${try_('chmod')}`],
    ['chmod 600', 1, '', `chmod: missing operand after ‘600’\n${try_('chmod')}`],
    ['chmod 9 a.txt', 1, '', `chmod: invalid mode: ‘9’\n${try_('chmod')}`],
    ['chmod u+q a.txt', 1, '', `chmod: invalid mode: ‘u+q’\n${try_('chmod')}`],
    ['chmod u a.txt', 1, '', `chmod: invalid mode: ‘u’\n${try_('chmod')}`],
    ['chmod 77777 a.txt', 1, '', `chmod: invalid mode: ‘77777’\n${try_('chmod')}`],
    ['chmod 640 nope', 1, '', "chmod: cannot access 'nope': No such file or directory\n"],
    ['chown', 1, '', `chown: missing operand\n${try_('chown')}`],
    ['chown root', 1, '', `chown: missing operand after ‘root’\n${try_('chown')}`],
    ['chown nosuch a.txt', 1, '', 'chown: invalid user: ‘nosuch’\n'],
    ['chown root:nosuch a.txt', 1, '', 'chown: invalid group: ‘root:nosuch’\n'],
    ['chown :nosuch a.txt', 1, '', 'chown: invalid group: ‘:nosuch’\n'],
    ['chown root nope', 1, '', "chown: cannot access 'nope': No such file or directory\n"],
    ['chown 12345:12 b.txt', 0, ''],
    ['chown www-data: a.txt', 0, ''],
    ['sudo -u www-data chown root a.txt', 1, '', "chown: changing ownership of 'a.txt': Operation not permitted\n"],
    ['sudo -u www-data chmod 600 b.txt', 1, '', "chmod: changing permissions of 'b.txt': Operation not permitted\n"],
  ]);
  const owner = async (path: string): Promise<number[]> => {
    const { uid, gid } = await sandbox.run((host) => host.fs.stat(path));
    return [uid, gid];
  };
  expect(await owner('/srv/b.txt')).toEqual([12345, 12]);
  expect(await owner('/srv/a.txt')).toEqual([33, 33]);
  await sh('chown :root a.txt; chown -R www-data dir');
  expect(await owner('/srv/a.txt')).toEqual([33, 0]);
  expect(await owner('/srv/dir/sub/two')).toEqual([33, 0]);
});

test('env and which', async () => {
  await cases([
    ['env -i A=1', 0, 'A=1\n'],
    ['env -i A=1 B=2 env', 0, 'A=1\nB=2\n'],
    ['env -u', 125, '', "env: option requires an argument -- 'u'\nTry 'env --help' for more information.\n"],
    ['env nosuch', 127, '', 'env: ‘nosuch’: No such file or directory\n'],
    ["env -i sh -c 'exit 3'", 3, ''],
    ['env A=1 ./dir', 126, '', 'env: ‘./dir’: Permission denied\n'],
    ['env A=b sh -c "echo \\$A"', 0, 'b\n'],
    ['env echo "two  spaces"', 0, 'two  spaces\n'],
    ['which ls', 0, '/usr/bin/ls\n'],
    ['which nginx', 0, '/usr/sbin/nginx\n'],
    ['which -a ls', 0, '/usr/bin/ls\n/bin/ls\n'],
    ['which nosuch ls', 1, '/usr/bin/ls\n'],
    ['which', 1, ''],
    ['which cd', 1, ''],
    ['which ./dir', 1, ''],
    ['which /usr/bin/ls', 0, '/usr/bin/ls\n'],
  ]);
  expect(await out('env -u HOME')).not.toMatch(/^HOME=/m);
  expect(await out('env')).toMatch(/^HOME=\/root$/m);
});

test('id and uname', () =>
  cases([
    ['id', 0, 'uid=0(root) gid=0(root) groups=0(root)\n'],
    ['id www-data', 0, 'uid=33(www-data) gid=33(www-data) groups=33(www-data)\n'],
    ['id nosuch root', 1, 'uid=0(root) gid=0(root) groups=0(root)\n', 'id: ‘nosuch’: no such user\n'],
    ['id -u', 0, '0\n'],
    ['id -un', 0, 'root\n'],
    ['id -nG www-data', 0, 'www-data\n'],
    ['id -n', 1, '', 'id: cannot print only names or real IDs in default format\n'],
    ['id -u -g', 1, '', 'id: cannot print "only" of more than one choice\n'],
    ['sudo -u www-data id -un', 0, 'www-data\n'],
    ['uname', 0, 'Linux\n'],
    ['uname -mo', 0, 'wasm32 GNU/Linux\n'],
    ['uname x', 1, '', "uname: extra operand ‘x’\nTry 'uname --help' for more information.\n"],
  ]));

describe('pstree', () => {
  const leaf = (text: string): Branch => ({ text, children: [] });
  const pair = (text: string): Branch => ({ text, children: [leaf('sleep')] });
  const tree: Branch = { text: 'sh', children: [leaf('cat'), pair('sh'), pair('sh'), leaf('sleep'), leaf('sleep'), leaf('sleep')] };

  test('draws as psmisc does', () => {
    const way = { compact: true, down: false };
    expect(drawn(tree, PLAIN, way)).toBe('sh-+-cat\n   |-2*[sh---sleep]\n   `-3*[sleep]\n');
    expect(drawn(tree, UNICODE, way)).toBe('sh─┬─cat\n   ├─2*[sh───sleep]\n   └─3*[sleep]\n');
    expect(drawn(tree, PLAIN, { ...way, compact: false })).toBe(
      'sh-+-cat\n   |-sh---sleep\n   |-sh---sleep\n   |-sleep\n   |-sleep\n   `-sleep\n',
    );
    expect(drawn({ text: 'sh -c x', children: [pair('sh y'), leaf('z 1')] }, PLAIN, { compact: true, down: true })).toBe(
      'sh -c x\n  |-sh y\n  |   `-sleep\n  `-z 1\n',
    );
  });

  test('draws the processes that run', async () => {
    const shell = await sandbox.spawn('sh', ['-c', 'forever a & forever b & wait']);
    await expect.poll(() => out(`pstree -A ${shell.pid}`)).toBe('sh---2*[forever]\n');
    const [, first, second] = /\|?-forever,(\d+) a\n.*-forever,(\d+) b/.exec(await out(`pstree -Aap ${shell.pid}`)) ?? [];
    const space = ' '.repeat(`sh(${shell.pid})`.length);
    expect(await out(`pstree -Ap ${shell.pid}`)).toBe(`sh(${shell.pid})-+-forever(${first})\n${space} \`-forever(${second})\n`);
  });
});

describe('pkill', () => {
  const ended = async (process: { exited: Promise<{ signal: string | null }> }): Promise<string | null> => (await process.exited).signal;

  test('by name, by command line, by user, the oldest', async () => {
    const [a, b, c] = [await sandbox.spawn('forever', ['a']), await sandbox.spawn('forever', ['b']), await sandbox.spawn('forever', ['c'])];
    expect(await sh('pkill -o forev')).toEqual([0, '', '']);
    expect(await ended(a)).toBe('SIGTERM');
    expect(await sh('pkill -HUP -f "^forever c"')).toEqual([0, '', '']);
    expect(await ended(c)).toBe('SIGHUP');
    await cases([
      ['pkill -u www-data forever', 1, ''],
      ['pkill -x forev', 1, ''],
      ['pkill -P 99999 forev', 1, ''],
      ['pkill -e -9 FOREVER', 1, ''],
      ['pkill -e -9 -i FOREVER', 0, `forever killed (pid ${b.pid})\n`],
    ]);
    expect(await ended(b)).toBe('SIGKILL');
  });

  test('what it says', () =>
    cases([
      ['pkill nosuchthing', 1, ''],
      ['pkill', 2, '', "pkill: no matching criteria specified\nTry `pkill --help' for more information.\n"],
      ['pkill a b', 2, '', "pkill: only one pattern can be provided\nTry `pkill --help' for more information.\n"],
      ['pkill "[x"', 2, '', 'pkill: regex error: Unmatched [, [^, [:, [., or [=\n'],
      ['pkill -u nosuch x', 2, '', 'pkill: invalid user name: nosuch\n'],
    ]));
});

describe('top', () => {
  test('prints one list', async () => {
    await sandbox.spawn('forever', ['--for', 'ever']);
    const text = await out('top -b -n 1');
    expect(text).toMatch(/^top - \d\d:\d\d:\d\d up \d+ min\nTasks: +3 total\n/);
    expect(text).toMatch(/^ *\d+ +\d+ root +0:0\d forever --for ever$/m);
    await cases([
      ['top -n x', 1, '', "top: bad iterations argument 'x'\n"],
      ['top -d x', 1, '', "top: bad delay interval 'x'\n"],
    ]);
  });

  test('has a screen of its own that q leaves, and the shell reads on', async () => {
    const shell = await sandbox.spawn('sh', ['-i'], { cwd: '/srv' });
    await shell.write('top -n 1\n');
    await expect.poll(shell.stdout).toMatch(/\nTasks: .*root@web:\/srv# $/s);
    expect(shell.stdout()).not.toContain('\x1b[?1049h');
    await shell.write('top -d 0.1\n');
    const screens = (): number => shell.stdout().split('\x1b[H\x1b[J').length - 1;
    await expect.poll(screens).toBeGreaterThan(1);
    expect(shell.stdout()).toContain('\x1b[?1049h');
    // as the terminal answers where the cursor is
    await shell.write('\x1b[4;20R');
    const rows = (): string[] => shell.stdout().split('\x1b[H\x1b[J').at(-1)?.split('\x1b')[0]?.split('\n') ?? [];
    await expect.poll(() => Math.max(...rows().map((row) => row.length))).toBe(20);
    expect(rows()).toContain('1 more; q ends it');
    await shell.write('q');
    await expect.poll(shell.stdout).toMatch(/\x1b\[\?1049lroot@web:\/srv# $/);
    // an answer that comes too late is no part of a command
    await shell.write('\x1b[8;20Rcat a.txt\n');
    await expect.poll(shell.stdout).toMatch(/alpha\nroot@web:\/srv# $/);
    await shell.write('top -d 0.1\n');
    await expect.poll(() => shell.stdout().split('\x1b[?1049h').length).toBe(3);
    sandbox.kill(shell.pid, 'SIGINT');
    await expect.poll(shell.stdout).toMatch(/\x1b\[\?1049lroot@web:\/srv# $/);
  });
});

describe('what is the sandbox’s own', () => {
  test('sudo', async () => {
    const [code, printed, said] = await sh('sudo cat a.txt');
    expect([code, printed]).toEqual([0, 'alpha\n']);
    expect(said).toMatch(/^\[sandbox\] You are root here and may run everything, .*\n$/);
    await cases([
      ['sudo -u www-data cat a.txt', 0, 'alpha\n'],
      ['chmod 600 a.txt; sudo -u www-data cat a.txt', 1, '', 'cat: a.txt: Permission denied\n'],
      ['sudo -u nosuch id', 1, '', 'sudo: unknown user nosuch\n'],
      ['sudo -u www-data sudo id', 1, '', 'www-data is not in the sudoers file.\n'],
      ['sudo -u www-data nosuch', 1, '', 'sudo: nosuch: command not found\n'],
    ]);
  });

  test('Ctrl-C and kill reach what sudo runs', async () => {
    const sudo = await sandbox.spawn('sudo', ['forever']);
    await expect.poll(() => out('ps -C forever -o args')).toContain('forever\n');
    sandbox.kill(sudo.pid, 'SIGTERM');
    expect(await sudo.exited).toMatchObject({ code: 143 });
    expect(await out('ps -C forever -o args')).toBe('COMMAND\n');
  });

  test('apt, ln, nano', async () => {
    await cases([
      ['apt install nginx', 0, 'nginx is already here: nginx, the web server\n'],
      ['apt-get install -y htop', 100, '', 'E: htop is not here. There is no network in this sandbox, so it cannot be installed\n'],
      ['apt foo', 100, '', "apt: this sandbox's apt has install, list and update, not foo\n"],
      ['ln a.txt z', 1, '', 'ln: this sandbox has no hard links; make a symbolic one: ln -s a.txt z\n'],
      ['ln', 1, '', "ln: missing file operand\nTry 'ln --help' for more information.\n"],
      ['nano a.txt', 0, '\x1b]7770;open;%2Fsrv%2Fa.txt\x07The editor here is the Files tab: /srv/a.txt opens there.\n'],
      ['vi nope', 1, '', 'vi: the editor here is the Files tab, and there is no file /srv/nope; make it with touch first\n'],
    ]);
  });

  test('man', async () => {
    expect(await out('man head')).toMatch(/^NAME\n {7}head - print the first lines of files\n\nSYNOPSIS\n {7}head /);
    await cases([
      ['man', 1, '', "What manual page do you want?\nFor example, try 'man man'.\n"],
      ['man nosuch', 16, '', 'No manual entry for nosuch in this sandbox; help lists what there is\n'],
    ]);
  });

  test('every program has a page, and an option that is not there is refused in a sentence', async () => {
    expect(Object.keys(programs).filter((name) => name !== 'browser' && pageOf(name) === null)).toEqual([]);
    expect(await sh('head --foo')).toEqual([1, '', "head: this sandbox's head does not have --foo; head --help says what it has\n"]);
  });

  test('every option of a page is taken', async () => {
    const own = ['chmod', 'chown', 'head', 'id', 'pkill', 'pstree', 'top', 'uname', 'wc', 'which', 'cp', 'mkdir', 'rm', 'tail', 'touch'];
    for (const option of optionsOf('ls')) expect(await sh(`ls ${option} a.txt`), option).toEqual([0, expect.stringContaining('a.txt'), '']);
    for (const name of own) {
      for (const option of optionsOf(name)) {
        const [, , said] = await sh(`${name} ${option} --help`);
        expect(said, `${name} ${option}`).not.toMatch(/does not have|invalid option|unrecognized/);
      }
    }
  });
});
