/** The shell that somebody sits at: jobs, history, Tab. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLocalSandbox, type LocalProcess, type LocalSandbox } from '../../host/local.ts';
import { askPage, historyRequest, readAsked, readCompleted, tabRequest } from '../page.ts';

const PROMPT = 'root@web:/srv# ';
const AT_PROMPT = /root@web:\S+# $/;
let sandbox: LocalSandbox;
let shell: LocalProcess;
/** What has been looked at already. */
let seen = 0;

beforeEach(async () => {
  sandbox = createLocalSandbox({
    files: { '/srv/a.txt': 'alpha\n', '/srv/my file': '', '/srv/dir/one': '', '/srv/dir/other': '', '/root/': '' },
    programs: {
      forever: async (host) => {
        for (;;) await host.sleep(1000);
      },
    },
  });
  seen = 0;
  shell = await sandbox.spawn('sh', ['-i'], { cwd: '/srv' });
  await prompted();
});
afterEach(() => sandbox.dispose());

/** What the shell printed until it asked for the next line. */
async function prompted(): Promise<string> {
  await expect.poll(() => shell.output().slice(seen)).toMatch(AT_PROMPT);
  const text = shell.output().slice(seen);
  seen += text.length;
  return text.replace(AT_PROMPT, '');
}
async function type(line: string): Promise<string> {
  await shell.write(`${line}\n`);
  return prompted();
}
const runs = (text: string): boolean =>
  sandbox.events.some(({ type, pid }) => type === 'process.start' && text.includes(`] ${pid}`)) &&
  !sandbox.events.some(({ type, pid }) => type === 'process.exit' && text.includes(`] ${pid}`));

test('jobs: listed, brought to the front, ended by number', async () => {
  const first = await type('forever one &');
  const second = await type('forever two &');
  expect([first, second]).toEqual([expect.stringMatching(/^\[1\] \d+\n$/), expect.stringMatching(/^\[2\] \d+\n$/)]);
  const running = 'Running'.padEnd(24);
  expect(await type('jobs')).toBe(`[1]-  ${running}forever one\n[2]+  ${running}forever two\n`);
  expect(await type('jobs | cat')).toBe(`[1]-  ${running}forever one\n[2]+  ${running}forever two\n`);

  await shell.write('fg %1\n');
  await expect.poll(() => shell.output().slice(seen)).toBe('forever one\n');
  expect(runs(first)).toBe(true);
  sandbox.kill(shell.pid, 'SIGINT');
  await prompted();
  expect(await type('echo $?')).toBe('130\n');
  expect(runs(first)).toBe(false);
  expect(await type('jobs')).toBe(`[2]+  ${running}forever two\n`);

  expect(await type('kill %2; wait %2; echo $?')).toBe(`143\n[2]+  ${'Terminated'.padEnd(24)}forever two\n`);
  expect(await type('fg')).toMatch(/^sh: \d+: fg: No current job\n$/);
  expect(await type('kill %3')).toMatch(/^sh: \d+: kill: No such job: %3\n$/);
  expect(await type('wait %3')).toMatch(/^sh: \d+: wait: No such job: %3\n$/);
  expect(await type('bg')).toMatch(/^sh: \d+: bg: No current job\n$/);
  expect(await type('sleep 0.01 & wait %1; echo $?')).toMatch(/^\[1\] \d+\n0\n\[1\]\+ {2}Done +sleep 0\.01\n$/);
});

test('Ctrl-Z stops what runs; bg and fg let it go on', async () => {
  const stopped = (text: string): string => `\x1b[?47l\n[1]+  ${'Stopped'.padEnd(24)}${text}\n`;
  const stop = async (text: string): Promise<void> => {
    // once is enough, also as early as this: the shell does not know yet that it runs
    for (const end = performance.now() + 5000; !sandbox.kernel.list().some(({ title }) => title.startsWith(text)); ) {
      expect(performance.now()).toBeLessThan(end);
      await new Promise(setImmediate);
    }
    sandbox.kill(shell.pid, 'SIGTSTP');
    await expect.poll(() => shell.output().slice(seen)).toMatch(AT_PROMPT);
  };
  await shell.write('sleep 0.4\n');
  await stop('sleep 0.4');
  expect(await prompted()).toBe(stopped('sleep 0.4'));
  expect(await type('echo $?; jobs')).toBe(`148\n[1]+  ${'Stopped'.padEnd(24)}sleep 0.4\n`);
  expect(await type('exit')).toMatch(/You have stopped jobs/);
  expect(await type('bg; bg')).toMatch(/^\[1\] sleep 0\.4 &\nsh: \d+: bg: job 1 already in background\n/);
  expect(await type('wait; echo ended')).toBe(`ended\n[1]+  ${'Done'.padEnd(24)}sleep 0.4\n`);

  // a pipeline, and a loop that is a shell of its own
  await shell.write('while true; do sleep 5; done | cat; echo no\n');
  await stop('sleep 5');
  expect(await prompted()).toBe(stopped('while true; do sleep 5; done | cat'));
  await expect.poll(() => sandbox.kernel.list().filter(({ stopped }) => stopped).length).toBe(3);
  await shell.write('fg\n');
  await expect.poll(() => sandbox.kernel.list().filter(({ stopped }) => stopped).length).toBe(0);
  sandbox.kill(shell.pid, 'SIGINT');
  expect(await prompted()).toBe('while true; do sleep 5; done | cat\n');
  expect(await type('jobs')).toBe('');

  await type('forever &');
  expect(await type('kill -STOP %1; jobs; kill -CONT %1; jobs')).toMatch(/Stopped +forever\n.*Running +forever\n$/);
  await shell.write('env sleep 7\n');
  await stop('sleep 7');
  expect(await prompted()).toContain('env sleep 7');
  sandbox.kill(shell.pid, 'SIGHUP');
  await expect.poll(() => sandbox.kernel.list().length).toBe(0);
});

test('Ctrl-Z that no program heard is not for a later one of the line', async () => {
  await shell.write('echo asks; read x; sleep 0.05; echo went on\n');
  await expect.poll(() => shell.output().slice(seen)).toBe('asks\n');
  sandbox.kill(shell.pid, 'SIGTSTP');
  await shell.write('word\n');
  expect(await prompted()).toBe('asks\nwent on\n');
});

test('history', async () => {
  await type('echo one');
  await type('');
  expect(await type('history')).toBe('    1  echo one\n    2  history\n');
  expect(await type('history | grep one')).toBe('    1  echo one\n    3  history | grep one\n');
  expect(await type('history 1')).toBe('    4  history 1\n');
  expect(await type('history -c')).toBe(askPage('forget', ''));
  expect(await type('history')).toBe('    1  history\n');
});

test('lines of an earlier visit come first', async () => {
  await shell.write(historyRequest(['echo before', 'ls']));
  expect(await type('history')).toBe('    1  echo before\n    2  ls\n    3  history\n');
});

test('a command of several lines: more is asked for, and Ctrl-C gives it up', async () => {
  const more = async (line: string): Promise<void> => {
    await shell.write(`${line}\n`);
    await expect.poll(() => shell.output().slice(seen)).toMatch(/^(> )+$/);
  };
  await more('for i in 1 2; do');
  await more('  echo "$i');
  await shell.write('"; done\n');
  expect(await prompted()).toBe('> > 1\n\n2\n\n');
  await more('if true');
  sandbox.kill(shell.pid, 'SIGINT');
  expect(await prompted()).toBe('> \n');
  await more('cat <<END');
  await more('a $((1 + 2))');
  await shell.write('END\n');
  expect(await prompted()).toBe('> > a 3\n');
  expect(await type('done')).toMatch(/^sh: \d+: Syntax error: "done" unexpected\n$/);
  // what was pasted is carried out line by line
  await shell.write('read x\nthe answer\necho "got $x"\n');
  await expect.poll(() => shell.output().slice(seen)).toMatch(/got the answer\n/);
});

test('Ctrl-C ends a loop that starts nothing, and one that waits', async () => {
  for (const line of ['while :; do :; done', 'while true; do forever; done', 'read x; echo no', 'forever & wait']) {
    await shell.write(`echo begun; ${line}\n`);
    await expect.poll(() => shell.output().slice(seen)).toContain('begun\n');
    sandbox.kill(shell.pid, 'SIGINT');
    expect(await prompted(), line).not.toContain('no');
    expect(await type('echo $?'), line).toBe('130\n');
  }
});

/** What becomes of a line when Tab is pressed at its end, and what is listed. */
async function tab(line: string): Promise<{ becomes: string; list: string }> {
  await shell.write(tabRequest({ columns: 40, line }));
  await expect.poll(() => shell.output().slice(seen)).toContain('\x07');
  const text = shell.output().slice(seen);
  seen += text.length;
  const [, asked = '', rest = ''] = /^\x1b\]7770;([^\x07]*)\x07(.*)$/s.exec(text) ?? [];
  const answer = readCompleted(readAsked(asked)?.text ?? '');
  expect(answer?.line).toBe(line);
  return { becomes: answer?.becomes ?? '', list: rest };
}

test('Tab asks the shell, which answers the page or prints a list', async () => {
  expect(await tab('cat a')).toEqual({ becomes: 'cat a.txt ', list: '' });
  expect(await tab('ls dir/o')).toEqual({ becomes: 'ls dir/o', list: `ls dir/o\none    other\n${PROMPT}` });
  expect(await tab('nosuch nosuch')).toEqual({ becomes: 'nosuch nosuch', list: '' });
  await type('cd dir');
  expect((await tab('cat on')).becomes).toBe('cat one ');
  // it is no command: not in the history, and the exit code stays
  expect(await type('false')).toBe('');
  await tab('x');
  expect(await type('echo $?; history 1')).toMatch(/^1\n +\d+ {2}echo \$\?; history 1\n$/);
});

test('a closed terminal ends what was started in it', async () => {
  const job = await type('forever one &');
  await shell.write('forever two\n');
  await expect.poll(() => sandbox.events.filter(({ type }) => type === 'process.start').length).toBe(3);
  sandbox.kill(shell.pid, 'SIGHUP');
  expect(await shell.exited).toMatchObject({ signal: 'SIGHUP' });
  await expect.poll(() => sandbox.events.filter(({ type }) => type === 'process.exit').length).toBe(3);
  expect(runs(job)).toBe(false);
});

test('a program that is killed leaves the screen it had for itself', async () => {
  await shell.write('top -d 0.1\n');
  await expect.poll(() => shell.output()).toContain('\x1b[?1049h');
  const pid = sandbox.events.find((event) => event.type === 'process.start' && event.program === 'top')?.pid ?? 0;
  sandbox.kill(pid, 'SIGKILL');
  expect(await prompted()).toMatch(/\x1b\[\?47lKilled\n$/);
});
