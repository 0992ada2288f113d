/** The command line, run as a reader runs it: the built bundle in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../../scripts/lib/static-server.ts';

const MAIN = join(import.meta.dirname, '../../../.cache/engine/node/main.mjs');

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Resolves when that text has been printed. */
  printed(text: string): Promise<void>;
}

function start(args: readonly string[], input: string | null = ''): Run {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  const waiting: (() => void)[] = [];
  child.stdout.on('data', (data) => {
    stdout += data;
    for (const wake of waiting.splice(0)) wake();
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    for (const wake of waiting.splice(0)) wake();
  });
  if (input !== null) child.stdin.end(input);
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  return {
    child,
    ended,
    async printed(text) {
      while (!`${stdout}${stderr}`.includes(text)) await new Promise<void>((wake) => waiting.push(wake));
    },
  };
}

const run = (args: readonly string[], input?: string) => start(args, input).ended;

/** Ids of the machine's processes below `id`. Linux only. */
function below(id: number): number[] {
  const children = readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...below(child)]);
}

async function allGone(ids: readonly number[]): Promise<boolean> {
  for (let n = 0; n < 100; n++) {
    if (ids.every((id) => !existsSync(`/proc/${id}`))) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sandbox-root-'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('sandbox command', () => {
  it("runs a program on a copy of the server's tree: output and exit code are the program's", async () => {
    expect(await run(['cat', '/etc/nginx/sites-enabled/shop'])).toMatchObject({ code: 0, stdout: expect.stringContaining('uwsgi_pass') });
    expect(await run(['cat', '/nowhere'])).toEqual({ code: 1, stdout: '', stderr: 'cat: /nowhere: No such file or directory\n' });
  });

  it('gives the program its input, all of it, and prints all of its output', async () => {
    const much = 'all of these lines\n'.repeat(60_000);
    const { code, stdout } = await run(['cat'], much);
    expect([code, stdout.length, stdout === much]).toEqual([0, much.length, true]);
  });

  it('says in one sentence what is wrong with the command', async () => {
    expect(await run(['no-such'])).toEqual({
      code: 127,
      stdout: '',
      stderr: expect.stringMatching(/^sandbox: no such program: no-such \(there are: .*nginx.*\)\n$/),
    });
    expect(await run([])).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/^sandbox: no program named.*\n$/) });
    expect(await run(['--root', '/no/where', 'ls'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'sandbox: --root /no/where: there is no such directory\n',
    });
  });

  it('--root: the files are the real ones of that directory', async () => {
    mkdirSync(join(root, 'sub'));
    writeFileSync(join(root, 'sub/file'), 'from the disk\n');
    expect(await run(['--root', root, 'cat', '/sub/file'])).toMatchObject({ code: 0, stdout: 'from the disk\n' });
    expect(await run(['--root', root, 'sh', '-c', 'cat /sub/file > /sub/copy'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(root, 'sub/copy'), 'utf8')).toBe('from the disk\n');
  });

  it.skipIf(process.platform === 'win32')('passes Ctrl-C on, and ends as the program ends', async () => {
    const cat = start(['sh', '-c', 'cat; cat'], null);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    cat.child.kill('SIGINT');
    expect((await cat.ended).code).toBe(130);
    const other = start(['cat'], null);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    other.child.kill('SIGTERM');
    expect((await other.ended).code).toBe(143);
  });

  it.skipIf(process.platform !== 'linux')('leaves no process behind when it is killed', async () => {
    const cat = start(['sh', '-c', 'cat; cat'], null);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const ids = below(cat.child.pid ?? 0);
    expect(ids.length).toBeGreaterThanOrEqual(2);
    cat.child.kill('SIGKILL');
    expect(await allGone(ids)).toBe(true);
  });

  it('--publish: a port of this machine leads to a server in the sandbox, in the background too, until Ctrl-C', async () => {
    const port = await freePort();
    const nginx = start(['--publish', `${port}:80`, 'nginx'], null);
    await nginx.printed('runs on in the background');
    const answer = await fetch(`http://127.0.0.1:${port}/static/app.css`).then((response) => [
      response.status,
      response.headers.get('server'),
    ]);
    expect(answer).toEqual([expect.any(Number), 'nginx/1.22.1']);
    nginx.child.kill('SIGINT');
    expect((await nginx.ended).code).toBe(0);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('--publish: a port that is taken is said in one sentence', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    onTestFinished(() => void server.close());
    expect(await run(['--publish', `${port}:80`, 'nginx'])).toEqual({
      code: 1,
      stdout: '',
      stderr: `sandbox: cannot publish on port ${port} of this machine: another program uses it\n`,
    });
  });
});
