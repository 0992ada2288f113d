/**
 * A process that has lost its kernel ends by itself, unless it is in a hot loop and hears nothing. When the kernel's
 * process is killed and can do nothing about that either, the reaper does: a small process that knows the others' ids and
 * whose input ends when the kernel is gone.
 */
import { type ChildProcess, spawn } from 'node:child_process';

/** Only what lives longer than this can be left behind; most commands do not, and start no reaper. */
const AFTER_MS = 1000;

const SCRIPT = `
const ids = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
require('node:readline').createInterface({ input: process.stdin })
  .on('line', (line) => line[0] === '+' ? ids.add(Number(line.slice(1))) : ids.delete(Number(line.slice(1))))
  .on('close', () => {
    for (const id of ids) try { process.kill(id, 'SIGKILL'); } catch {}
    process.exit();
  });
`;

export class Reaper {
  #ids = new Set<number>();
  #process: ChildProcess | null = null;
  #timer: NodeJS.Timeout | null = null;

  add(id: number): void {
    this.#ids.add(id);
    this.#tell(`+${id}`);
    this.#timer ??= setTimeout(() => this.#start(), AFTER_MS).unref();
  }

  remove(id: number): void {
    this.#ids.delete(id);
    this.#tell(`-${id}`);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#process?.kill('SIGKILL');
  }

  #start(): void {
    this.#process = spawn(process.execPath, ['-e', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'] });
    // Without a reaper everything else works.
    this.#process.on('error', () => {});
    this.#process.stdin?.on('error', () => {});
    this.#process.unref();
    for (const id of this.#ids) this.#tell(`+${id}`);
  }

  #tell(line: string): void {
    this.#process?.stdin?.write(`${line}\n`);
  }
}
