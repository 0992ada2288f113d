/** What was written in a private machine, compared with the machine that it is a copy of. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** Folders of the machine of which a copy was made; what is written there lies below /mnt. The others were empty. */
const COPIED = ['/usr', '/etc', '/var'];
const EMPTY = ['/srv', '/opt', '/home', '/root'];
/** Logs, and what programs keep for themselves; and the copies that useradd and userdel make before they write. */
const NOT_LOOKED_AT = /^\/(var\/(log|cache|tmp|lib\/(nginx|systemd|private))|etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$)/;

/** A line for each path that differs: its kind, mode, owner, size and time, or that it is gone. `outside`: where a path of the machine is seen from here. */
export function differences(outside: (path: string) => string): readonly string[] {
  const lines: string[] = [];
  const look = (written: string, path: string, original: string | null): void => {
    if (NOT_LOOKED_AT.test(path)) return;
    const now = lstatSync(written);
    const before = original === null ? null : lstatOf(original);
    const isWhiteout = now.isCharacterDevice() && now.rdev === 0;
    if (isWhiteout) lines.push(`${path}: gone`);
    else if (before === null || !same(now, written, before, original ?? '')) lines.push(`${path}: ${told(now, written)}`);
    if (!now.isDirectory()) return;
    const beside = before?.isDirectory() ? original : null;
    for (const name of readdirSync(written)) look(join(written, name), join(path, name), beside === null ? null : join(beside, name));
  };
  for (const folder of COPIED) look(outside(`/mnt${folder}`), folder, folder);
  for (const folder of EMPTY) for (const name of readdirSync(outside(folder))) look(outside(join(folder, name)), join(folder, name), null);
  return lines.sort();
}

function lstatOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

function same(now: Stats, written: string, before: Stats, original: string): boolean {
  if (now.mode !== before.mode || now.uid !== before.uid || now.gid !== before.gid) return false;
  if (now.isDirectory()) return true;
  if (now.isSymbolicLink()) return readlinkSync(written) === readlinkSync(original);
  return now.size === before.size && readFileSync(written).equals(readFileSync(original));
}

function told(now: Stats, written: string): string {
  const what = now.isSymbolicLink() ? `-> ${readlinkSync(written)}` : now.isDirectory() ? 'folder' : `${now.size} bytes of ${now.mtimeMs}`;
  return `${(now.mode & 0o7777).toString(8)} ${now.uid}:${now.gid} ${what}`;
}
