/**
 * Servers have process groups of their own, so they would outlive a test or a benchmark that ends before them, by SIGKILL too, which
 * nobody can do anything about. The warden does: a small process that knows the groups, and whose input ends when its owner is gone. It
 * then kills them and removes their folder.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { kill } from './processes.ts';

/** Each line has all groups that there are at that time. $1: the folder. Ctrl-C and a signal to all who run are not meant for it. */
const SCRIPT = `
trap '' INT TERM HUP
while read -r line; do groups=$line; done
for group in $groups; do kill -s KILL -- "-$group"; done
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
`;

/** In which folder, and as whom, where that is not its owner. */
export interface How {
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts servers, with their files in one folder. End it with `dispose`. */
export class Warden {
  readonly #folder: string;
  readonly #process: ChildProcess;
  #started: readonly ChildProcess[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    this.#process = spawn('sh', ['-c', SCRIPT, 'warden', folder], { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    // without a warden everything else works
    this.#process.on('error', () => {});
    this.#process.stdin?.on('error', () => {});
    this.#process.unref();
  }

  /** All since `forget`, those that have ended too. */
  get started(): readonly ChildProcess[] {
    return this.#started;
  }

  /** What it prints is added to the file `log`. */
  start(program: string, args: readonly string[], log: string, how: How = {}): ChildProcess {
    const file = openSync(log, 'a');
    const child = spawn(program, args, { cwd: this.#folder, stdio: ['ignore', file, file], detached: true, ...how });
    closeSync(file);
    this.#watch([...this.#started, child]);
    return child;
  }

  /** They have ended: their numbers may be others' from now on. */
  forget(): void {
    this.#watch([]);
  }

  kill(): void {
    // the group: a master alone would leave its workers behind
    for (const { pid } of this.#started) if (pid !== undefined) kill(-pid);
  }

  /** Kills all, and removes the folder. */
  dispose(): void {
    this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
    this.#process.kill('SIGKILL');
  }

  #watch(started: readonly ChildProcess[]): void {
    this.#started = started;
    this.#process.stdin?.write(`${started.flatMap(({ pid }) => pid ?? []).join(' ')}\n`);
  }
}
