/**
 * What the lessons' files say to the real servers, where these are installed: at the start and with the solution, `nginx -t` takes the
 * site and uWSGI starts its workers. Paths point into a folder of the test; accounts, ports and the application are left out, since they
 * belong to the sandbox. That the application answers is golden.sandbox.test.ts.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { lessonFolders } from '../scripts/lib/lesson.ts';
import { at } from '../scripts/lib/paths.ts';
import { treeFiles } from '../scripts/lib/sandbox.ts';

const NGINX = '/usr/sbin/nginx';
const UWSGI = '/usr/bin/uwsgi';
/** The sites listen below port 1024. */
const isRoot = process.getuid?.() === 0;

const STATES = lessonFolders().flatMap((folder) => [
  { name: `${basename(folder)}, at the start`, overlays: [join(folder, 'files')] },
  { name: `${basename(folder)}, with the solution`, overlays: [join(folder, 'files'), join(folder, 'solution')] },
]);

let root = '';
afterEach(() => rmSync(root, { recursive: true, force: true }));

const here = (text: string) => text.replace(/(^|[\s:"'])\/(srv|run|etc|var)\//gm, `$1${root}/$2/`);

/** Lays the sandbox's files into a new folder, and returns their texts by their path in the sandbox. */
function lay(overlays: readonly string[]): ReadonlyMap<string, string> {
  root = mkdtempSync(join(tmpdir(), 'real-'));
  for (const folder of ['run', 'var/log/nginx']) mkdirSync(join(root, folder), { recursive: true });
  const files = Object.assign({}, ...[at('sandboxes/server'), ...overlays.filter((one) => existsSync(one))].map(treeFiles)) as Record<
    string,
    Uint8Array
  >;
  const texts = new Map(
    Object.entries(files).flatMap(([path, data]) => (path.endsWith('/') ? [] : [[path, new TextDecoder().decode(data)] as const])),
  );
  for (const [path, text] of texts) write(path, here(text));
  return texts;
}

function write(path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

describe.runIf(existsSync(NGINX) && isRoot)('the real Nginx takes the site', () => {
  test.each(STATES)('$name', ({ overlays }) => {
    const texts = lay(overlays);
    // the lesson has the learner make them
    for (const text of texts.values())
      for (const [, path = ''] of text.matchAll(/^\s*ssl_certificate (\S+);/gm)) makeCertificate(path.replace(/\.\w+$/, ''));
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${root}/var/${one};`).join(' ');
    const config = '/etc/nginx/nginx.conf';
    write(config, here(texts.get(config) ?? '').replace(/^http \{/m, `http { ${temporary}`));
    const { stderr, status } = spawnSync(NGINX, ['-t', '-p', root, '-c', join(root, config)], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.stringContaining('test is successful')]);
  });

  function makeCertificate(path: string): void {
    const files = ['-keyout', join(root, `${path}.key`), '-out', join(root, `${path}.crt`)];
    mkdirSync(dirname(join(root, path)), { recursive: true });
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', ...files]);
    expect(made.status).toBe(0);
  }
});

/** Options about accounts of the sandbox, and about its Python. */
const OF_THE_SANDBOX = /^(uid|gid|chown-socket|virtualenv|venv|home|module|wsgi-file|need-app)\s*=.*$/gm;

describe.runIf(existsSync(UWSGI))('the real uWSGI starts with the ini', () => {
  const inis = STATES.flatMap(({ name, overlays }) => {
    const files = Object.assign({}, ...[at('sandboxes/server'), ...overlays.filter((one) => existsSync(one))].map(treeFiles)) as object;
    return Object.keys(files)
      .filter((path) => path.endsWith('.ini'))
      .map((path) => ({ name: `${name}: ${path}`, overlays, path }));
  });

  test.each(inis)('$name', async ({ overlays, path }) => {
    lay(overlays);
    const text = readFileSync(join(root, path), 'utf8');
    for (const [, option, place = ''] of text.matchAll(/^(chdir|socket) *= *(\/\S+)$/gm))
      mkdirSync(option === 'chdir' ? place : dirname(place), { recursive: true });
    write(path, text.replace(OF_THE_SANDBOX, '').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:0'));
    // a group of its own, so that its workers go with it
    const server = spawn(UWSGI, ['--ini', join(root, path)], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const closed = new Promise((resolve) => server.on('close', resolve));
    let printed = '';
    const over = new Promise<string>((resolve) => {
      const hear = (part: Buffer) => {
        printed += part;
        if (/^spawned uWSGI worker 1 /m.test(printed)) resolve('started');
      };
      server.stdout.on('data', hear);
      server.stderr.on('data', hear);
      server.on('exit', () => resolve(`ended: ${printed}`));
    });
    try {
      expect(await over).toBe('started');
    } finally {
      if (server.exitCode === null) process.kill(-(server.pid ?? 0), 'SIGKILL');
      await closed;
    }
  });
});
