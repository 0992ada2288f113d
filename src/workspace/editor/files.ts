/** Makes, renames and deletes files of the server, in the sandbox or, before there is one, in the learner's work. Each can be undone. */
import type { Changed } from '../../runtime/changes.ts';
import { PLAIN } from '../kept/states.ts';
import type { Session } from '../session.svelte.ts';
import { nameOf } from '../work-files.ts';
import { parentOf } from './tree-model.ts';

/** Errors: an Error that says what is wrong with the path, or what the sandbox said. */
export async function createFile(session: Session, path: string): Promise<void> {
  await mustBeFree(session, path);
  await session.kept.change({ [path]: { kind: 'file', data: new Uint8Array(), ...PLAIN } }, `Created ${nameOf(path)}`);
}

/** Errors: as createFile; or there is no such file. */
export async function renameFile(session: Session, from: string, to: string): Promise<void> {
  if (from === to) return;
  await mustBeFree(session, to);
  const changed = await found(session, from);
  const what = parentOf(from) === parentOf(to) ? `Renamed ${nameOf(from)} to ${nameOf(to)}` : `Moved ${nameOf(from)} to ${to}`;
  await session.kept.change({ [from]: null, [to]: changed }, what);
}

/** Errors: there is no such file, or what the sandbox said. */
export async function deleteFile(session: Session, path: string): Promise<void> {
  await found(session, path);
  await session.kept.change({ [path]: null }, `Deleted ${nameOf(path)}`);
}

async function found(session: Session, path: string): Promise<Changed> {
  const changed = await session.kept.stateOf(path);
  if (!changed) throw new Error(`${path}: there is no such file`);
  return changed;
}

async function mustBeFree(session: Session, path: string): Promise<void> {
  const parts = path.split('/');
  if (!path.startsWith('/') || parts.slice(1).some((part) => part === '' || part === '.' || part === '..')) {
    throw new Error('Write a path from the root, with the file’s name at its end, as /srv/shop/new.py');
  }
  if (await session.kept.stateOf(path)) throw new Error(`There is already something at ${path}`);
}
