/**
 * Puts the cases of `sandboxes/programs/nginx/cases` to the real nginx and writes what it did to the fixtures. For Linux,
 * as root, in namespaces of its own so that nothing of the machine is touched:
 *
 *   unshare --mount --net node scripts/run.mjs scripts/record-nginx.ts
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Backend,
  type Group,
  isNotice,
  plainAnswer,
  plainError,
  type Recorded,
  wholeConf,
} from '../sandboxes/programs/nginx/cases/case.ts';
import { CONFIGS, GROUPS } from '../sandboxes/programs/nginx/cases/index.ts';
import { at } from './lib/paths.ts';

const LOGS = '/var/log/nginx';

function prepare(): void {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  for (const directory of ['/etc/nginx', LOGS, '/srv', '/run', '/var/lib/nginx']) {
    mkdirSync(directory, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', 'none', directory]);
  }
  mkdirSync('/run/shop');
}

/** Has a whole request come: its head, and as many bytes as it announces? */
function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  return end >= 0 && text.length >= end + 4 + Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
}

function startBackend({ listen, does, bytes = '' }: Backend): Server {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      text += data.toString('latin1');
      if (does === 'close' && isWhole(text)) socket.end();
      if (does === 'raw') socket.end(Buffer.from(bytes, 'latin1'));
      if (does === 'dump' && isWhole(text)) {
        socket.end(
          Buffer.from(`HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n${bytes}\r\n${text}`, 'latin1'),
        );
      }
    });
  });
  if (listen.startsWith('unix:')) server.listen(listen.slice(5), () => execFileSync('chmod', ['666', listen.slice(5)]));
  else server.listen(Number(listen.split(':')[1]), '127.0.0.1');
  return server;
}

/** Everything that comes back until the server closes. */
function exchange(port: number, send: string, end = false): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
    socket.on('end', () => socket.end());
    socket.write(Buffer.from(send, 'latin1'));
    if (end) socket.end();
    setTimeout(() => socket.destroy(), 8000).unref();
  });
}

const linesOf = (path: string): string[] =>
  existsSync(path)
    ? readFileSync(path, 'latin1')
        .split('\n')
        .filter((line) => line !== '')
    : [];

async function recordGroup(group: Group): Promise<Record<string, Recorded>> {
  for (const [path, text] of Object.entries(group.files ?? {})) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  writeFileSync('/etc/nginx/nginx.conf', wholeConf(group));
  for (const name of ['error.log', 'access.log']) rmSync(`${LOGS}/${name}`, { force: true });
  const backends = (group.backends ?? []).map(startBackend);
  const nginx = spawn('nginx', ['-g', 'daemon off;'], { stdio: 'inherit' });
  while (!existsSync('/run/nginx-case.pid')) await pause(10);
  await pause(100);
  const recorded: Record<string, Recorded> = {};
  for (const { name, port = 80, send, end } of group.exchanges) {
    const before = linesOf(`${LOGS}/error.log`).length;
    const accessBefore = linesOf(`${LOGS}/access.log`).length;
    const answer = plainAnswer(await exchange(port, send, end));
    await pause(30);
    const errors = linesOf(`${LOGS}/error.log`)
      .slice(before)
      .filter((line) => !isNotice(line))
      .map(plainError);
    recorded[name] = { answer, errors, access: linesOf(`${LOGS}/access.log`).slice(accessBefore).map(plainAnswer) };
  }
  const gone = new Promise((resolve) => nginx.on('exit', resolve));
  nginx.kill('SIGTERM');
  await gone;
  for (const backend of backends) backend.close();
  return recorded;
}

function recordConfig(conf: string): { stderr: string; exit_code: number | null } {
  writeFileSync('/etc/nginx/nginx.conf', conf);
  const { stderr, status } = spawnSync('nginx', ['-t', '-e', '/run/e.log', '-c', '/etc/nginx/nginx.conf'], { encoding: 'utf8' });
  return { stderr, exit_code: status };
}

prepare();
const version = spawnSync('nginx', ['-v'], { encoding: 'utf8' }).stderr.trim();
const groups: Record<string, Record<string, Recorded>> = {};
for (const group of GROUPS) groups[group.name] = await recordGroup(group);
const configs = Object.fromEntries(CONFIGS.map(({ name, conf }) => [name, recordConfig(conf)]));
const source = `${version} (Debian 12), recorded by scripts/record-nginx.ts`;
writeFileSync(at('sandboxes/programs/nginx/fixtures/own.json'), `${JSON.stringify({ source, configs, groups }, null, 1)}\n`);
process.exit(0);
