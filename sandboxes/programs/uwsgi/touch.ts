/** touch-reload, touch-chain-reload: files whose change is an order to the master, noticed at its ticks. */
import type { FileSystem } from '../../host/host.ts';
import type { Log } from './log.ts';

export class Touched {
  #files: FileSystem;
  /** Time of the last change by path, null while there is no such file. */
  #times = new Map<string, number | null>();

  private constructor(files: FileSystem) {
    this.#files = files;
  }

  /** Remembers how these files are now. */
  static async open(files: FileSystem, log: Log, paths: readonly string[]): Promise<Touched> {
    const touched = new Touched(files);
    for (const path of paths) {
      const time = await touched.#timeOf(path);
      if (time === null) log.line(`unable to stat() ${path}, events will be triggered as soon as the file is created`);
      touched.#times.set(path, time);
    }
    return touched;
  }

  /** The first file that has changed, come or gone since the last look. */
  async look(): Promise<string | null> {
    let first: string | null = null;
    for (const [path, before] of this.#times) {
      const now = await this.#timeOf(path);
      this.#times.set(path, now);
      if (now !== before && (now === null || before === null || now > before)) first ??= path;
    }
    return first;
  }

  async #timeOf(path: string): Promise<number | null> {
    const info = await this.#files.stat(path).catch(() => null);
    return info?.modified ?? null;
  }
}
