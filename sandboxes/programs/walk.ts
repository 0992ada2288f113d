/** Goes through a directory and all that is below it. */
import { type FileInfo, type Host, isSystemError } from '../host/host.ts';
import { inside } from './coreutils.ts';

export interface Found {
  readonly path: string;
  readonly info: FileInfo;
  /** 0 is where the walk began. */
  readonly depth: number;
}

/** Everything from `path` on, a directory before what is in it; symbolic links are not followed. `refused` hears what cannot be looked at, and in whose words why not. */
export async function* walk(
  host: Host,
  path: string,
  refused: (path: string, why: string) => Promise<void>,
  depth = 0,
  deepest = Number.POSITIVE_INFINITY,
): AsyncGenerator<Found> {
  try {
    const info = await host.fs.lstat(path);
    yield { path, info, depth };
    if (info.kind !== 'directory' || depth >= deepest) return;
    for (const name of await host.fs.list(path)) yield* walk(host, inside(path, name), refused, depth + 1, deepest);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    await refused(path, error.strerror);
  }
}
