/** git in the sandbox; where a real git is at hand, what it thinks of the clone. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLocalSandbox, type LocalSandbox } from '../../host/local.ts';

const SHOP = '/var/lib/git/shop.git';
const realGit = spawnSync('git', ['--version']).status === 0;
let sandbox: LocalSandbox;
beforeEach(() => {
  sandbox = createLocalSandbox({ files: { '/srv/': '' } });
});
afterEach(() => sandbox.dispose());

async function run(line: string): Promise<{ code: number | null; out: string }> {
  const process = await sandbox.spawn('sh', ['-c', line], { cwd: '/srv' });
  const { code } = await process.exited;
  return { code, out: process.output() };
}

test('clone, status and log', async () => {
  const { code, out } = await run(`git clone ${SHOP}; ls -a shop; git -C shop status; git -C shop log --oneline`);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^Cloning into 'shop'\.\.\.\ndone\.\n\.\n\.\.\n\.git\nREADME\.md\nrequirements\.txt\nstatic\nwsgi\.py\nOn branch main\n/,
  );
  expect(out).toContain("\nYour branch is up to date with 'origin/main'.\n\nnothing to commit, working tree clean\n");
  expect(out).toMatch(/\n[\da-f]{7} A page about the shop\n[\da-f]{7} Use Flask\n[\da-f]{7} A shop that says its name\n$/);
});

test('a pull brings what was published since', async () => {
  await run(`git clone ${SHOP} site`);
  expect((await run('git -C site pull')).out).toBe('Already up to date.\n');
  await run(`git -C ${SHOP} branch -f main next`);
  const { out } = await run('cd site; git pull; git status; grep ^VERSION wsgi.py; grep Open static/about.html');
  expect(out).toMatch(
    /^From \/var\/lib\/git\/shop\n {3}[\da-f]{7}\.\.[\da-f]{7} {2}main {7}-> origin\/main\nUpdating [\da-f]{7}\.\.[\da-f]{7}\nFast-forward\n/,
  );
  expect(out).toContain(' static/about.html | 2 +-\n wsgi.py           | 7 ++++++-\n 2 files changed, 7 insertions(+), 2 deletions(-)\n');
  expect(out).toContain('working tree clean\nVERSION = "1.1"\n<p>Open from 9 to 18.</p>\n');
});

test('edited files are seen, and a pull does not write over them', async () => {
  await run(`git clone ${SHOP} site; echo '# mine' >> site/wsgi.py; rm site/README.md; mkdir -p site/mine; echo x > site/mine/a`);
  expect((await run('git -C site status')).out).toContain(
    'Changes not staged for commit:\n  (use "git add/rm <file>..." to update what will be committed)\n' +
      '  (use "git restore <file>..." to discard changes in working directory)\n\tdeleted:    README.md\n\tmodified:   wsgi.py\n\n' +
      'Untracked files:\n  (use "git add <file>..." to include in what will be committed)\n\tmine/\n\nno changes added to commit',
  );
  await run(`git -C ${SHOP} branch -f main next`);
  const { code, out } = await run('git -C site pull');
  expect(code).toBe(1);
  expect(out).toContain('error: Your local changes to the following files would be overwritten by merge:\n\twsgi.py\nPlease commit');
  expect(sandbox.files.read('/srv/site/wsgi.py')).toMatch(/VERSION = "1\.0"[^]*# mine\n$/);
});

test('what there is not', async () => {
  const says = async (line: string): Promise<string> => (await run(line)).out;
  expect(await says('git clone https://github.com/x/shop.git')).toBe(
    "fatal: unable to access 'https://github.com/x/shop.git': there is no network in this sandbox.\n" +
      `The repository that is here: git clone ${SHOP}\n`,
  );
  expect(await says('git clone /nowhere')).toBe("fatal: repository '/nowhere' does not exist\n");
  expect(await says('git status')).toBe('fatal: not a git repository (or any of the parent directories): .git\n');
  expect(await says('git commit -m x')).toBe("git: this sandbox's git does not have commit; it has branch, clone, log, pull, status\n");
  expect(await says('git stauts')).toBe("git: 'stauts' is not a git command. See 'git --help'.\n\nThe most similar command is\n\tstatus\n");
  expect(await says(`git clone --depth 1 ${SHOP}`)).toContain("this sandbox's git clone does not have --depth");
  expect(await says(`echo x > site; git clone ${SHOP} site`)).toContain(
    "destination path 'site' already exists and is not an empty directory",
  );
  const [object] = (await says(`find ${SHOP}/objects -type f`)).split('\n');
  expect(await says(`for f in $(find ${SHOP}/objects -type f); do echo x > $f; done; git -C ${SHOP} log`)).toMatch(
    /^fatal: object [\da-f]{40} is corrupt\n$/,
  );
  expect(object).toContain('/objects/');
});

test.skipIf(!realGit)('a real git finds nothing wrong with the clone, and goes on with it', async () => {
  await run(`git clone ${SHOP} site`);
  const folder = mkdtempSync(join(tmpdir(), 'ftr-git-'));
  try {
    await sandbox.run(async (host) => {
      for (const root of ['/srv/site', SHOP]) {
        for (const [path, { data }] of await host.fs.tree(root)) {
          const target = join(folder, path);
          mkdirSync(path.endsWith('/') ? target : dirname(target), { recursive: true });
          if (!path.endsWith('/')) writeFileSync(target, data);
        }
      }
    });
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'safe.directory=*', '-C', join(folder, 'srv/site'), ...args], {
        encoding: 'utf8',
        stdio: 'pipe',
        env: { HOME: folder, PATH: process.env.PATH },
      });
    expect(git('status', '--porcelain')).toBe('');
    expect(git('fsck', '--strict')).toBe('');
    expect(git('log', '--oneline')).toBe((await run('git -C site log --oneline')).out);
    expect(git('log', '-3')).toBe((await run('git -C site log')).out);
    // what stands in for a colleague's push works on a real one, too
    execFileSync('git', ['-c', 'safe.directory=*', '-C', join(folder, SHOP), 'branch', '-f', 'main', 'next'], {
      env: { HOME: folder, PATH: process.env.PATH },
    });
    git('remote', 'set-url', 'origin', join(folder, SHOP));
    expect(git('pull')).toContain('2 files changed, 7 insertions(+), 2 deletions(-)');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
