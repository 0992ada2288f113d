/** The files of a repository beside what was committed: laid down, compared, and listed in the index for a real git. */
import { sha1 } from '@noble/hashes/legacy.js';
import type { Host } from '../../host/host.ts';
import { blobId, type Entry, readCommit, readObject, readTree } from './objects.ts';
import type { Repository } from './repository.ts';

export type Files = ReadonlyMap<string, Entry>;

export async function filesOf(host: Host, { gitDir }: Repository, commit: string): Promise<Files> {
  return readTree(host, gitDir, (await readCommit(host, gitDir, commit)).tree);
}

/** Makes the files what they are in `to`; those that are the same in `from` stay as they are. */
export async function checkOut(host: Host, repository: Repository, from: Files, to: Files): Promise<void> {
  const { gitDir, files } = repository;
  if (files === null) return;
  for (const path of from.keys()) if (!to.has(path)) await host.fs.remove(`${files}/${path}`).catch(() => undefined);
  for (const [path, { id, mode }] of to) {
    if (from.get(path)?.id === id && from.get(path)?.mode === mode) continue;
    const target = `${files}/${path}`;
    await host.fs.makeDirectory(target.slice(0, target.lastIndexOf('/')), { parents: true });
    const permissions = (mode & 0o111) !== 0 ? 0o755 : 0o644;
    await host.fs.write(target, await readObject(host, gitDir, id, 'blob'), { mode: permissions });
    await host.fs.chmod(target, permissions);
  }
  await host.fs.write(`${gitDir}/index`, await indexOf(host, files, to));
}

export interface Differences {
  readonly modified: readonly string[];
  readonly deleted: readonly string[];
  /** Files, and folders with nothing but such files in them, with a slash. */
  readonly untracked: readonly string[];
}

/** How the files differ from what was committed. */
export async function differences(host: Host, root: string, committed: Files): Promise<Differences> {
  const found = new Map<string, Uint8Array>();
  for (const [path, { data }] of await host.fs.tree(root)) {
    const name = path.slice(path.indexOf(`${root}/`) + root.length + 1);
    if (!name.startsWith('.git/') && !name.endsWith('/')) found.set(name, data);
  }
  const modified: string[] = [];
  const deleted: string[] = [];
  for (const [path, { id, mode }] of committed) {
    const bytes = found.get(path);
    if (bytes === undefined) deleted.push(path);
    else if (blobId(bytes) !== id || ((await host.fs.stat(`${root}/${path}`)).mode & 0o100) !== (mode & 0o100)) modified.push(path);
  }
  const folders = new Set([...committed.keys()].flatMap((path) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1))));
  const untracked = [...found.keys()]
    .filter((path) => !committed.has(path))
    .map((path) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)).find((folder) => !folders.has(folder)) ?? path);
  return { modified: modified.sort(), deleted: deleted.sort(), untracked: [...new Set(untracked)].sort() };
}

/** The index, version 2: without it a real git would think that everything was deleted. */
async function indexOf(host: Host, root: string, files: Files): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  const head = new Uint8Array(12);
  head.set(encoder.encode('DIRC'));
  new DataView(head.buffer).setUint32(4, 2);
  new DataView(head.buffer).setUint32(8, files.size);
  parts.push(head);
  for (const [path, { mode, id }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = encoder.encode(path);
    const entry = new Uint8Array(Math.ceil((62 + name.length + 1) / 8) * 8);
    const view = new DataView(entry.buffer);
    const { size, modified } = await host.fs.stat(`${root}/${path}`);
    view.setUint32(8, Math.floor(modified / 1000));
    view.setUint32(24, mode);
    view.setUint32(36, size);
    for (let i = 0; i < 20; i++) entry[40 + i] = Number.parseInt(id.slice(2 * i, 2 * i + 2), 16);
    view.setUint16(60, Math.min(name.length, 0xfff));
    entry.set(name, 62);
    parts.push(entry);
  }
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  const signed = new Uint8Array(whole.length + 20);
  signed.set(whole);
  signed.set(sha1(whole), whole.length);
  return signed;
}
