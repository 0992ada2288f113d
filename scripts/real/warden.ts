/**
 * Servers have process groups of their own, so they would outlive a test that is killed, which cannot do anything about it. The warden
 * does: a small process that knows the groups, and whose input ends when the test is gone. It then kills them and removes their folder.
 */
import { type ChildProcess, spawn } from 'node:child_process';

/** Each line has all groups that there are at that time. $1: the folder. Ctrl-C and a signal to all who run are not meant for it. */
const SCRIPT = `
trap '' INT TERM HUP
while read -r line; do groups=$line; done
for group in $groups; do kill -s KILL -- "-$group"; done
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
`;

export class Warden {
  readonly #process: ChildProcess;

  constructor(folder: string) {
    this.#process = spawn('sh', ['-c', SCRIPT, 'warden', folder], { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    // without a warden everything else works
    this.#process.on('error', () => {});
    this.#process.stdin?.on('error', () => {});
    this.#process.unref();
  }

  /** These process groups are to be killed, and no others any more. */
  watch(groups: readonly number[]): void {
    this.#process.stdin?.write(`${groups.join(' ')}\n`);
  }

  /** Somebody else has seen to all that. */
  dismiss(): void {
    this.#process.kill('SIGKILL');
  }
}
