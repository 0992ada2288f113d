/** rm, cp, mv, mkdir, touch, tail, grep: what they do and, word for word, what the GNU ones say when they cannot. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLocalSandbox, type LocalSandbox } from '../host/local.ts';

let sandbox: LocalSandbox;
beforeEach(() => {
  sandbox = createLocalSandbox({
    files: {
      '/srv/a.txt': 'alpha\n',
      '/srv/b.txt': 'beta\n',
      '/srv/dir/one': '1\n',
      '/srv/dir/sub/two': '2\n',
      '/srv/empty/': '',
      '/srv/log': Array.from({ length: 12 }, (_, i) => `line ${i + 1}\n`).join(''),
    },
  });
});
afterEach(() => sandbox.dispose());

/** Code, output and errors of a line in the shell. */
async function sh(line: string): Promise<[code: number | null, out: string, err: string]> {
  const process = await sandbox.spawn('sh', ['-c', line], { cwd: '/srv' });
  const { code } = await process.exited;
  return [code, process.stdout(), process.stderr()];
}
const out = async (line: string): Promise<string> => (await sh(line))[1];
const errors = async (line: string, code: number, text: string): Promise<void> => expect(await sh(line), line).toEqual([code, '', text]);

test('rm', async () => {
  expect(await out('rm a.txt; ls')).toBe('b.txt\ndir\nempty\nlog\n');
  await errors('rm a.txt', 1, "rm: cannot remove 'a.txt': No such file or directory\n");
  await errors('rm -f a.txt', 0, '');
  await errors('rm dir', 1, "rm: cannot remove 'dir': Is a directory\n");
  await errors('rm', 1, "rm: missing operand\nTry 'rm --help' for more information.\n");
  await errors('rm -z', 1, "rm: invalid option -- 'z'\nTry 'rm --help' for more information.\n");
  await errors('rm -rf /', 1, "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n");
  expect(await out('rm -r dir b.txt; ls')).toBe('empty\nlog\n');
  expect(await out('rm --help')).toBe('Usage: rm [-r] [-f] FILE...\n');
});

test('cp', async () => {
  expect(await out('cp a.txt copy; cp a.txt b.txt dir; cat copy dir/b.txt; ls dir')).toBe('alpha\nbeta\na.txt\nb.txt\none\nsub\n');
  expect(await out('cp -r dir new; cat new/sub/two; cp -r dir empty; cat empty/dir/one')).toBe('2\n1\n');
  await errors('cp nope x', 1, "cp: cannot stat 'nope': No such file or directory\n");
  await errors('cp dir x', 1, "cp: -r not specified; omitting directory 'dir'\n");
  await errors('cp a.txt', 1, "cp: missing destination file operand after 'a.txt'\nTry 'cp --help' for more information.\n");
  await errors('cp', 1, "cp: missing file operand\nTry 'cp --help' for more information.\n");
  await errors('cp a.txt ./a.txt', 1, "cp: 'a.txt' and './a.txt' are the same file\n");
  await errors('cp a.txt nodir/x', 1, "cp: cannot create regular file 'nodir/x': No such file or directory\n");
  await errors('cp a.txt b.txt nodir', 1, "cp: target 'nodir': No such file or directory\n");
  await errors('cp a.txt b.txt log', 1, "cp: target 'log': Not a directory\n");
  await errors('cp -r dir dir/sub', 1, "cp: cannot copy a directory, 'dir', into itself, 'dir/sub/dir'\n");
});

test('mv', async () => {
  expect(await out('mv a.txt z.txt; mv z.txt dir; ls; cat dir/z.txt')).toBe('b.txt\ndir\nempty\nlog\nalpha\n');
  expect(await out('mv dir empty; cat empty/dir/one')).toBe('1\n');
  await errors('mv nope x', 1, "mv: cannot stat 'nope': No such file or directory\n");
  await errors('mv b.txt b.txt', 1, "mv: 'b.txt' and 'b.txt' are the same file\n");
  await errors('mv b.txt no/b', 1, "mv: cannot move 'b.txt' to 'no/b': No such file or directory\n");
  await errors('mv empty empty/x', 1, "mv: cannot move 'empty' to a subdirectory of itself, 'empty/x'\n");
});

test('mkdir and touch', async () => {
  expect(await out('mkdir new; mkdir -p p/q/r; mkdir -p p/q; touch new/file; ls new p/q')).toBe('new:\nfile\n\np/q:\nr\n');
  await errors('mkdir dir', 1, "mkdir: cannot create directory 'dir': File exists\n");
  await errors('mkdir x/y', 1, "mkdir: cannot create directory 'x/y': No such file or directory\n");
  await errors('mkdir', 1, "mkdir: missing operand\nTry 'mkdir --help' for more information.\n");
  await errors('touch x/y', 1, "touch: cannot touch 'x/y': No such file or directory\n");
  await errors('touch', 1, "touch: missing file operand\nTry 'touch --help' for more information.\n");
  expect(await out('touch a.txt; cat a.txt')).toBe('alpha\n');
});

test('ln and readlink', async () => {
  expect(await out('ln -s a.txt l; cat l; readlink l; ls -l l')).toMatch(/^alpha\na\.txt\nlrwxrwxrwx 1 0 0 5 .* l -> a\.txt\n$/);
  await errors('ln -s b.txt l', 1, "ln: failed to create symbolic link 'l': File exists\n");
  expect(await out('ln -sf b.txt l; cat l; echo more >> l; cat b.txt')).toBe('beta\nbeta\nmore\n');
  expect(await out('cd dir; ln -s ../a.txt; cat a.txt; ls')).toBe('alpha\na.txt\none\nsub\n');
  expect(await out('ln -s dir d; ln -s /srv/a.txt d; readlink dir/a.txt; ln -sfn empty d; readlink d')).toBe('../a.txt\nempty\n');
  expect(await out('ln -s a.txt b.txt empty; ls empty; ln -sv x y')).toBe("a.txt\nb.txt\n'y' -> 'x'\n");
  await errors('ln -sf a.txt dir/sub -T', 1, "ln: failed to create symbolic link 'dir/sub': File exists\n");
  await errors('ln -s a.txt b.txt log', 1, "ln: target 'log': Not a directory\n");
  await errors('ln a.txt hard', 1, 'ln: this sandbox has no hard links; make a symbolic one: ln -s a.txt hard\n');
  expect(await out('readlink -f l; readlink -f /srv/dir/../nothing-yet; readlink -n l')).toBe('/srv/b.txt\n/srv/nothing-yet\nb.txt');
  await errors('readlink a.txt', 1, '');
  await errors('readlink -e dangling', 1, '');
  await errors('readlink -v a.txt', 1, 'readlink: a.txt: Invalid argument\n');
});

test('links in the other commands', async () => {
  await sh('ln -s a.txt l; ln -s dir d; ln -s nowhere dangling');
  expect(await out('ls d; ls -d d; ls dangling')).toBe('one\nsub\nd\ndangling\n');
  expect(await out('ls -l d')).toMatch(/^l.* d -> dir\n$/);
  await errors('cat dangling', 1, 'cat: dangling: No such file or directory\n');
  expect(await out('find . -type l; find d')).toBe('./d\n./dangling\n./l\nd\n');
  expect(await out('cp l copy; cp -r d copied; readlink copied; cp -r l linked; readlink linked; ls -l copy')).toMatch(/^dir\na\.txt\n-/);
  await errors('cp a.txt l', 1, "cp: 'a.txt' and 'l' are the same file\n");
  await errors('cp dangling x', 1, "cp: cannot stat 'dangling': No such file or directory\n");
  expect(await out('mv l moved; readlink moved; cat a.txt; mv dangling gone; readlink gone')).toBe('a.txt\nalpha\nnowhere\n');
  await errors('rm -r d/', 1, "rm: cannot remove 'd/': Not a directory\n");
  expect(await out('rm d moved; ls dir; cat a.txt')).toBe('one\nsub\nalpha\n');
  expect(await out('ln -s a.txt l; chmod 600 l; ls -l a.txt')).toMatch(/^-rw-------/);
  expect(await out('ln -s ../a.txt dir/up; chmod -R 700 dir; ls -l a.txt')).toMatch(/^-rw-------/);
  expect(await out('rm -r dir; cat a.txt')).toBe('alpha\n');
});

test('tail', async () => {
  const lines = (from: number, to = 12): string => Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}\n`).join('');
  expect(await out('tail log')).toBe(lines(3));
  expect(await out('tail -n 2 log')).toBe(lines(11));
  expect(await out('tail -n -2 log')).toBe(lines(11));
  expect(await out('tail -3 log')).toBe(lines(10));
  expect(await out('tail -n +11 log')).toBe(lines(11));
  expect(await out('tail -n 0 log')).toBe('');
  expect(await out('tail -v -n 1 log')).toBe(`==> log <==\n${lines(12)}`);
  expect(await out('tail -n 99 log')).toBe(lines(1));
  expect(await out('cat log | tail -n1')).toBe(lines(12));
  expect(await out('tail -n 1 a.txt b.txt')).toBe('==> a.txt <==\nalpha\n\n==> b.txt <==\nbeta\n');
  await errors('tail nope', 1, "tail: cannot open 'nope' for reading: No such file or directory\n");
  await errors('tail dir', 1, "tail: error reading 'dir': Is a directory\n");
  await errors('tail -n x log', 1, "tail: invalid number of lines: 'x'\n");
});

test('tail -f goes on until it is told to stop', async () => {
  const tail = await sandbox.spawn('tail', ['-n', '1', '-f', '/srv/log']);
  await expect.poll(tail.stdout).toBe('line 12\n');
  await sh('echo more >> log');
  await expect.poll(tail.stdout).toBe('line 12\nmore\n');
  await sh('echo new > log');
  await expect.poll(tail.stdout).toBe('line 12\nmore\nnew\n');
  expect(tail.stderr()).toBe('tail: /srv/log: file truncated\n');
  sandbox.kill(tail.pid, 'SIGINT');
  expect(await tail.exited).toMatchObject({ signal: 'SIGINT' });
});

test('grep', async () => {
  expect(await out('grep "line 1" log')).toBe('line 1\nline 10\nline 11\nline 12\n');
  expect(await out('grep -n "1$" log')).toBe('1:line 1\n11:line 11\n');
  expect(await out('grep -c LINE log; grep -ic LINE log')).toBe('0\n12\n');
  expect(await out('grep -v "[0-9]" log a.txt')).toBe('a.txt:alpha\n');
  expect(await out('cat log | grep -E "(2|3)+$"')).toBe('line 2\nline 3\nline 12\n');
  expect(await sh('grep nothing log')).toEqual([1, '', '']);
  await errors('grep x nope', 2, 'grep: nope: No such file or directory\n');
  await errors('grep x dir', 2, 'grep: dir: Is a directory\n');
  await errors('grep', 2, "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n");
  await errors("grep '[x' log", 2, 'grep: Unmatched [, [^, [:, [., or [=\n');
  await errors("grep -E '(x' log", 2, 'grep: Unmatched ( or \\(\n');
});
