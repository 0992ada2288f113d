/** A Python in its process: what it does by name, what it prints, and what is to be done after each of its turns. */
import type { Host } from '../../host/host.ts';
import type { ProcessPython } from '../python/start.ts';

/** The module `_python3`, as TypeScript sees it. The numbers are exit codes. */
export interface Python3 {
  /** Python's None is JavaScript's undefined; null it has something of its own for. */
  begin(executable: string | undefined, args: readonly string[], stdin: Uint8Array | undefined): void;
  print_version(): number;
  run_command(code: string): number;
  run_stdin(): number;
  run_file(path: string): number;
  run_module(name: string): number;
  converse(quiet: boolean): string;
  prompt(more: boolean): string;
  push(line: string): number;
  interrupt(): void;
  end(): number;
}

export interface PythonProcess {
  readonly host: Host;
  readonly python: ProcessPython;
  readonly module: Python3;
  readonly prints: Prints;
}

/** After Python has yielded: its files go into the sandbox, and what it printed has been taken. */
export async function settle({ host, python, prints }: PythonProcess): Promise<void> {
  python.output.yielded();
  for (const problem of await python.tree.copyOut()) await host.printError(`[sandbox] not saved: ${problem}\n`);
  await prints.taken();
}

/** What Python prints goes on its way at once; whether it was taken is asked when Python has yielded. */
export class Prints {
  #host: Host;
  #last: Promise<void> = Promise.resolve();

  constructor(host: Host) {
    this.#host = host;
  }

  print(bytes: Uint8Array, stream: 1 | 2): void {
    const sent = stream === 1 ? this.#host.print(bytes) : this.#host.printError(bytes);
    // Nobody reads any more: as with SIGPIPE ignored, the rest is lost.
    this.#last = Promise.all([this.#last, sent.catch(() => {})]).then(() => {});
  }

  taken(): Promise<void> {
    return this.#last;
  }
}
