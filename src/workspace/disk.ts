/** The files of a running sandbox, and which of them its servers have read. The page and the scripts both look through this. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { TraceLog } from '../trace/log.ts';
import { textOf } from './editor/file-text.ts';
import type { Disk } from './editor/texts.ts';
import { reasonOf, SaveError } from './failure.ts';
import type { Servers } from './servers.ts';
import type { WorkFiles } from './work-files.ts';

/** The text of a file; null when there is none. */
export async function readText(runtime: Pick<Runtime, 'readFile'>, path: string): Promise<string | null> {
  const data = await readData(runtime, path);
  return data && new TextDecoder().decode(data);
}

async function readData(runtime: Pick<Runtime, 'readFile'>, path: string): Promise<Uint8Array | null> {
  try {
    return await runtime.readFile(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Does it say that there is nothing at a path? The contract knows errors by their words only. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && /: (No such file or directory|Not a directory)$/.test(error.message);

export function diskOf(runtime: Pick<Runtime, 'readFile' | 'writeFile' | 'removeFile'>): Disk {
  return {
    read: async (path) => {
      const data = await readData(runtime, path);
      return data && textOf(data);
    },
    write: (path, text) => runtime.writeFile(path, text),
    remove: (path) => runtime.removeFile(path),
  };
}

/** Brings what the editor has and the sandbox does not into the sandbox. Throws SaveError. */
export async function saveTo(runtime: Runtime, files: WorkFiles): Promise<void> {
  try {
    await files.save(diskOf(runtime));
  } catch (error) {
    throw new SaveError(reasonOf(error));
  }
}

/** Servers that in these events started or were told to reload, by whomever, have read their files. */
export async function noteReaders(events: readonly TraceEvent[], servers: Servers, files: WorkFiles, disk: Disk): Promise<void> {
  const readers = servers.readersIn(events);
  if (!readers.length) return;
  // a sandbox that breaks meanwhile says so itself
  await files.refresh(disk).catch(() => {});
  for (const { program, what } of readers) files.readBy(program, what);
}

/** From now on it is seen what happens in a sandbox, and to its files. */
export function follow(runtime: Runtime, log: TraceLog, servers: Servers, files: WorkFiles): void {
  const disk = diskOf(runtime);
  runtime.on('trace', (events) => {
    log.add(events);
    servers.see(events);
    void noteReaders(events, servers, files, disk);
  });
  runtime.on('files', ({ paths }) => {
    // a sandbox that breaks meanwhile says so itself
    if (paths.some((path) => files.paths.includes(path))) files.refresh(disk).catch(() => {});
  });
}
