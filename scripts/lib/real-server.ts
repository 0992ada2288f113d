/**
 * The machine's own nginx and uWSGI for tests and benchmarks: which they are, and as children of this process, in a folder of their own.
 * They touch nothing of the machine, and do not outlive this process, however it ends.
 */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accountId, hasAccount, isOver, isRoot, takes } from './processes.ts';
import { Warden } from './warden.ts';

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

export class RealServers {
  /** For their files; they may write into it. */
  readonly folder: string;
  readonly #owner = isRoot && hasAccount(ACCOUNT) ? { uid: accountId(ACCOUNT), gid: accountId(ACCOUNT) } : null;
  readonly #warden: Warden;

  /** `name` is of the folder. End it with `close`. */
  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), `${name}-`));
    this.#warden = new Warden(this.folder);
    // nginx's worker is another's where root has no such account
    chmodSync(this.folder, 0o755);
    if (this.#owner !== null) chownSync(this.folder, this.#owner.uid, this.#owner.gid);
  }

  start(program: string, args: readonly string[]): ChildProcess {
    return this.#warden.start(program, args, join(this.folder, OUTPUT), this.#owner ?? {});
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
      if (await takes('127.0.0.1', port)) return;
      await sleep(50);
    }
    throw new Error(`nobody listens on port ${port}: ${this.output()}`);
  }

  /** Ends all that run, and removes their files. */
  async close(): Promise<void> {
    const ended = this.#warden.started.filter((child) => child.pid !== undefined && !isOver(child)).map((child) => once(child, 'exit'));
    this.#warden.kill();
    await Promise.all(ended);
    this.#warden.dispose();
  }
}
