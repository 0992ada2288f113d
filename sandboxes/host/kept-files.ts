/**
 * Small files that processes keep in their memory, so that they need not ask the kernel again for what they have just read.
 * A process is told as soon as anything changes about one of its files, before whoever changed it gets his answer.
 */
import type { Tree } from './tree.ts';

/** Files, and links to them, that one process may keep. */
const MOST = 256;

export class KeptFiles {
  #paths = new Map<number, Set<string>>();
  #watching: boolean;
  #tell: (pid: number) => void;

  /** `tell`: the process shall forget what it keeps. */
  constructor(tree: Tree, tell: (pid: number) => void) {
    this.#watching = tree.watch((path) => this.#changed(path));
    this.#tell = tell;
  }

  /** May the process `pid` keep the file that depends on these paths, its own and those of links to it? If so, it will be told. */
  keep(pid: number, places: readonly string[]): boolean {
    if (!this.#watching) return false;
    const paths = this.#paths.get(pid) ?? new Set();
    if (paths.size >= MOST) return false;
    for (const place of places) paths.add(place);
    this.#paths.set(pid, paths);
    return true;
  }

  forget(pid: number): void {
    this.#paths.delete(pid);
  }

  /** A change of a directory concerns all that lies below it. */
  #changed(path: string): void {
    const below = path === '/' ? '/' : `${path}/`;
    for (const [pid, paths] of this.#paths) {
      if (!paths.has(path) && ![...paths].some((kept) => kept.startsWith(below))) continue;
      this.#paths.delete(pid);
      this.#tell(pid);
    }
  }
}
