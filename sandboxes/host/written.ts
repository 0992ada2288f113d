/** Gathers the paths of files that change, and tells of them now and then. */
import { isVolatile } from './volatile.ts';

/** Milliseconds from one time to the next, at least. */
const EVERY_MS = 500;

export class Written {
  #tell: (paths: readonly string[]) => void;
  #paths = new Set<string>();
  #last = Number.NEGATIVE_INFINITY;

  constructor(tell: (paths: readonly string[]) => void) {
    this.#tell = tell;
  }

  /** A log line ends here. */
  note(path: string): void {
    if (isVolatile(path)) return;
    if (this.#paths.size === 0) setTimeout(() => this.#flush(), Math.max(0, this.#last + EVERY_MS - performance.now()));
    this.#paths.add(path);
  }

  #flush(): void {
    this.#last = performance.now();
    const paths = [...this.#paths];
    this.#paths.clear();
    this.#tell(paths);
  }
}
