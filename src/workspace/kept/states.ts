/** What lies at a path now: in a sandbox, or in a lesson's files with the learner's work over them, which no sandbox has yet. */
import type { Changed, Changes } from '../../runtime/changes.ts';
import type { Files, Runtime } from '../../runtime/runtime.ts';
import { isMissing } from '../disk.ts';

/** As a lesson's files are laid. */
export const PLAIN = { mode: 0o644, uid: 0, gid: 0 };
const PLAIN_FOLDER = { kind: 'folder', mode: 0o755, uid: 0, gid: 0 } as const;

const encoder = new TextEncoder();

/** Null: nothing is there. Errors: what is there cannot be taken along; those of the sandbox. */
export async function stateInSandbox(runtime: Pick<Runtime, 'readFolder' | 'readFile' | 'changes'>, path: string): Promise<Changed | null> {
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  const inside = await runtime.readFolder(parent).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const entry = inside.find(({ name }) => `${parent === '/' ? '' : parent}/${name}` === path);
  if (!entry) return null;
  const { kind, mode, uid, gid } = entry;
  if (kind === 'file') return { kind, data: await runtime.readFile(path), mode, uid, gid };
  if (kind === 'directory') return { kind: 'folder', mode, uid, gid };
  const changed = (await runtime.changes())[path];
  if (!changed) throw new Error(`${path} is no file`);
  return changed;
}

/** The same where there is no sandbox. */
export function stateInWork(start: Files, changes: Changes, path: string): Changed | null {
  const changed = changes[path];
  if (changed !== undefined) return changed;
  const data = start[path];
  if (data !== undefined) return { kind: 'file', data: typeof data === 'string' ? encoder.encode(data) : data, ...PLAIN };
  return [...Object.keys(start), ...Object.keys(changes)].some((other) => other.startsWith(`${path}/`)) ? PLAIN_FOLDER : null;
}

/** Lays work over a new sandbox. What it could not take, which `failed` is told, is the result. Errors: what it has cannot be seen. */
export async function lay(runtime: Runtime, work: Changes, failed: (error: unknown) => void): Promise<Changes> {
  try {
    await runtime.apply(work);
    return {};
  } catch (error) {
    failed(error);
    const there = await runtime.changes();
    return Object.fromEntries(Object.entries(work).filter(([path]) => !(path in there)));
  }
}

/** Changes with more laid over them: what is so from the start is no change. */
export function laidOver(start: Files, changes: Changes, more: Changes): Changes {
  const result: Record<string, Changed | null> = { ...changes, ...more };
  for (const [path, changed] of Object.entries(more)) {
    const before = stateInWork(start, {}, path);
    if (changed === null ? before === null : before !== null && same(before, changed)) delete result[path];
  }
  return result;
}

/** Is it the same work? */
export function sameWork(one: Changes, other: Changes): boolean {
  const paths = Object.keys(one);
  if (paths.length !== Object.keys(other).length) return false;
  return paths.every((path) => {
    const [here, there] = [one[path], other[path]];
    return here === there || (here && there ? same(here, there) : false);
  });
}

function same(one: Changed, other: Changed): boolean {
  if (one.kind === 'link' || other.kind === 'link') return one.kind === 'link' && other.kind === 'link' && one.target === other.target;
  if (one.kind !== other.kind || one.mode !== other.mode || one.uid !== other.uid || one.gid !== other.gid) return false;
  if (one.kind !== 'file' || other.kind !== 'file') return true;
  const { data } = other;
  if (one.data === data) return true;
  return one.data.byteLength === data.byteLength && one.data.every((byte, index) => byte === data[index]);
}
