/**
 * The machine's own nginx and uWSGI for tests and benchmarks: which they are, and as children of this process, in a folder of their own.
 * They touch nothing of the machine, and do not outlive this process.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accountId, hasAccount, isRoot, kill } from './processes.ts';

/** Out of what a program says of itself; null where it is not installed. */
export function versionOf(program: string, args: readonly string[], pattern: RegExp): string | null {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return pattern.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[1] ?? null;
}

export const nginxVersion = (program = 'nginx'): string | null => versionOf(program, ['-v'], /nginx\/([\d.]+)/);
export const uwsgiVersion = (program = 'uwsgi'): string | null => versionOf(program, ['--version'], /^(\S+)/);

/**
 * For nginx's http context: where it puts down what is too long to remember. Otherwise it would make these folders in the machine's
 * /var/lib/nginx, and, as root, give those that are there to its own workers' user.
 */
export const temporaryPaths = (folder: string): string =>
  ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n');

/** Whom they are started as by root, where there is such an account: what asks is answered by no root. */
const ACCOUNT = 'www-data';
const OUTPUT = 'output.log';

const opened = new Set<RealServers>();
process.on('exit', () => {
  for (const one of opened) one.dispose();
});

export class RealServers {
  /** For their files; they may write into it. */
  readonly folder: string;
  readonly #owner = isRoot && hasAccount(ACCOUNT) ? { uid: accountId(ACCOUNT), gid: accountId(ACCOUNT) } : null;
  #started: readonly ChildProcess[] = [];

  /** `name` is of the folder. End it with `close`. */
  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), `${name}-`));
    opened.add(this);
    // nginx's worker is another's where root has no such account
    chmodSync(this.folder, 0o755);
    if (this.#owner !== null) chownSync(this.folder, this.#owner.uid, this.#owner.gid);
  }

  start(program: string, args: readonly string[]): ChildProcess {
    const file = openSync(join(this.folder, OUTPUT), 'a');
    const child = spawn(program, args, { cwd: this.folder, stdio: ['ignore', file, file], detached: true, ...this.#owner });
    closeSync(file);
    this.#started = [...this.#started, child];
    return child;
  }

  /** The configuration says where its process file and its logs are. */
  startNginx(conf: string): ChildProcess {
    return this.start('nginx', ['-e', join(this.folder, 'error.log'), '-c', conf, '-g', 'daemon off;']);
  }

  /** The end of all that they have printed. */
  output(): string {
    return readFileSync(join(this.folder, OUTPUT), 'utf8').slice(-500);
  }

  /** Until somebody listens there. */
  async answers(port: number): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const socket = connect({ port, host: '127.0.0.1' });
      const connected = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (connected) return;
      await sleep(50);
    }
    throw new Error(`nobody listens on port ${port}: ${this.output()}`);
  }

  /** Ends all that run, and removes their files. */
  async close(): Promise<void> {
    const ended = this.#running().map((child) => once(child, 'exit'));
    this.#kill();
    await Promise.all(ended);
    this.dispose();
  }

  /** The same at once, for when there is no time left. */
  dispose(): void {
    this.#kill();
    opened.delete(this);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #running(): ChildProcess[] {
    return this.#started.filter(({ pid, exitCode, signalCode }) => pid !== undefined && exitCode === null && signalCode === null);
  }

  #kill(): void {
    // the group: a master alone would leave its workers behind
    for (const { pid = 0 } of this.#running()) kill(-pid);
  }
}
