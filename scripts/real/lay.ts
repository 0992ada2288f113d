/** Lays a lesson's files into a folder of the real machine. */
import { randomInt } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { accountId, hasAccount, isRoot } from '../lib/processes.ts';
import { extraConf } from './hop-log.ts';
import { pythonVersion } from './installed.ts';
import { ACCOUNT, EXTRA, mapped, type Place, readerOf } from './mapping.ts';
import type { State } from './state.ts';

/** What is added to a port that we may not open. */
const HIGHER = 8000;
const FOLDERS = ['/etc', '/root', '/run', '/srv', '/var/log/nginx', '/var/lib/nginx'];
/** As the sandbox's Python has it, and pip there makes it. */
const SITE = /^(\/.+\/lib)\/(python3\.\d+)\/site-packages\//;

/** A folder and addresses that nobody else has. */
export async function newPlace(): Promise<Place> {
  const root = mkdtempSync(join(tmpdir(), 'real-'));
  // the servers' workers are not root, and must come in
  chmodSync(root, 0o755);
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true });
  const net = `127.${randomInt(64, 255)}.${randomInt(0, 255)}`;
  const own = await mayListen(`${net}.10`, 80);
  return { root, address: `${net}.10`, nobody: `${net}.12`, port: (port) => (own || port >= 1024 ? port : port + HIGHER), hasAccount };
}

/** False also when somebody has this port at every address. */
function mayListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

export function laid(state: State, place: Place): void {
  const write = (path: string, data: string | Uint8Array): void => {
    mkdirSync(dirname(join(place.root, path)), { recursive: true });
    writeFileSync(join(place.root, path), data);
  };
  for (const [path, one] of state) {
    const file = join(place.root, path);
    const reader = readerOf(path);
    if (one.kind === 'folder') mkdirSync(file, { recursive: true });
    else if (one.kind === 'link') {
      mkdirSync(dirname(file), { recursive: true });
      rmSync(file, { force: true });
      symlinkSync(one.target.startsWith('/') ? join(place.root, one.target) : one.target, file);
      continue;
    } else write(path, reader === null ? one.data : mapped(new TextDecoder().decode(one.data), reader, place));
    chmodSync(file, one.mode & 0o7777);
    if (isRoot && one.uid !== 0) chownSync(file, accountId(ACCOUNT), accountId(ACCOUNT));
  }
  write(EXTRA, extraConf(place.root));
  linkPackages(state, place);
}

/** uWSGI's Python looks for packages below its own version. */
function linkPackages(state: State, place: Place): void {
  const found = new Map([...state.keys()].flatMap((path) => [SITE.exec(path) ?? []].map(([, lib, version]) => [lib, version] as const)));
  for (const [lib, version] of found) {
    if (lib === undefined || version === undefined) continue;
    const own = join(place.root, lib, `python${pythonVersion()}`);
    if (!existsSync(own)) symlinkSync(version, own);
  }
}

/** The folder of a Unix socket belongs to whoever makes the socket: tmpfiles.d or the unit's RuntimeDirectory= see to that on a server. */
export function ownFolder(socket: string, user: string, place: Place): void {
  const folder = dirname(socket);
  if (!folder.startsWith(`${place.root}/run/`)) return;
  mkdirSync(folder, { recursive: true });
  if (isRoot && user !== 'root' && lstatSync(folder).uid === 0) {
    const id = accountId(hasAccount(user) ? user : ACCOUNT);
    chownSync(folder, id, id);
  }
}
