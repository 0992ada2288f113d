/**
 * Fetches the engine's files, with progress, and keeps them: a file's name carries a hash of its content, so a kept one
 * never goes stale. Where storage is refused (a sandboxed embed) the browser's own cache has to do.
 */
import { WHEELHOUSE } from '../../sandboxes/host/server-tree.ts';
import { chunksOf } from '../chunks.ts';
import { ENGINE_CACHE, SNAPSHOTS } from '../offline/list.ts';
import { serviceWorkers } from '../offline/worker.ts';
import { siteBase } from '../site.ts';
import { ENGINE, type Part, PYTHON } from './engine-parts.ts';
import addresses from './generated/engine.json';
import { manifest } from './wheels.ts';

const { wheels } = manifest;
const sizes: Readonly<Record<Part, number>> = addresses.sizes;

export function bytesOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + sizes[part], 0);
}

/** The kept files, or null where the browser refuses storage. */
async function openCache(): Promise<Cache | null> {
  try {
    return await caches.open(ENGINE_CACHE);
  } catch {
    return null;
  }
}

/** Whole address of a file of the engine. */
const whole = (address: string): string => siteBase() + address.slice(1);

/** Address of StackBlitz' client. */
export const containerClient = (): string => whole(addresses.container);

/**
 * One file's bytes. `onBytes` hears how many more have come.
 * Errors: an Error that names the file and the reason (offline, HTTP status), for the page to show.
 */
export async function enginePart(part: Part, onBytes: (count: number) => void, signal?: AbortSignal): Promise<Uint8Array> {
  return kept(whole(addresses[part]), onBytes, signal);
}

/** Bytes of these sets of Python packages; a set that this build has not got has none. */
export function bytesOfWheels(sets: readonly string[]): number {
  return wheels.reduce((sum, { set, bytes }) => sum + (sets.includes(set) ? bytes : 0), 0);
}

/** Addresses, below the site's root, of all that a server in the tab is made of, with these sets of Python packages. */
export function filesToRun(sets: readonly string[]): string[] {
  const packages = wheels.filter(({ set }) => sets.includes(set));
  return [...[...ENGINE, ...PYTHON].map((part) => addresses[part]), ...packages.map(({ address }) => address)].map((one) => one.slice(1));
}

/** These sets of Python packages by their place in the sandbox. Errors: as those of `enginePart`. */
export async function loadWheels(
  sets: readonly string[],
  onBytes: (count: number) => void,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const wanted = wheels.filter(({ set }) => sets.includes(set));
  const loaded = wanted.map(async ({ file, address }): Promise<[string, Uint8Array]> => {
    return [`${WHEELHOUSE}/${file}`, await kept(whole(address), onBytes, signal)];
  });
  return Object.fromEntries(await Promise.all(loaded));
}

/** The file at an address of ours: the one that was kept, or else the site's. */
async function kept(url: string, onBytes: (count: number) => void, signal?: AbortSignal): Promise<Uint8Array> {
  const cache = await openCache();
  const found = await cache?.match(url);
  if (found !== undefined) {
    const bytes = new Uint8Array(await found.arrayBuffer());
    onBytes(bytes.length);
    return bytes;
  }
  const bytes = await download(url, onBytes, signal);
  // Keeping is a convenience: it happens beside, and a full disk must not stop the lesson.
  void cache?.put(url, new Response(bytes as BodyInit)).catch(() => {});
  return bytes;
}

async function download(url: string, onBytes: (count: number) => void, signal?: AbortSignal): Promise<Uint8Array> {
  const name = url.slice(url.lastIndexOf('/') + 1);
  let response: Response;
  try {
    response = await fetch(url, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error(`${name} could not be downloaded: the network did not answer. Check the connection, then press Retry.`);
  }
  if (!response.ok || response.body === null) {
    throw new Error(`${name} could not be downloaded: the site answered ${response.status}. Press Retry; if it stays, reload the page.`);
  }
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of chunksOf(response.body)) {
      chunks.push(chunk);
      onBytes(chunk.length);
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error(`The download of ${name} broke off. Check the connection, then press Retry.`);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

/** The base snapshot of this Python on this browser, made on an earlier visit before any learner code ran. */
const SNAPSHOT =
  SNAPSHOTS + [addresses.stdlib, addresses.wasm, addresses.asm, addresses.pythonProcess].map((path) => path.split('/').pop()).join('/');

/** A snapshot fits only the browser that made it. */
const snapshotUrl = (): string => `${siteBase()}${SNAPSHOT}?${encodeURIComponent(navigator.userAgent)}`;

export async function readSnapshot(): Promise<Uint8Array | null> {
  const kept = await (await openCache())?.match(snapshotUrl());
  return kept === undefined ? null : new Uint8Array(await kept.arrayBuffer());
}

export async function keepSnapshot(snapshot: Uint8Array): Promise<void> {
  await (await openCache())?.put(snapshotUrl(), new Response(snapshot as BodyInit)).catch(() => {});
}

/** The kept one turned out not to work: the next visit makes another. */
export async function forgetSnapshot(): Promise<void> {
  await (await openCache())?.delete(snapshotUrl());
}

/**
 * Throws away what earlier versions of the site left behind; another site of this origin keeps its own. Where a service worker is at work, it
 * does that when no page of an earlier version is open; Python's snapshots are the page's own all the same.
 */
export async function dropOldFiles(): Promise<void> {
  const cache = await openCache();
  if (cache === null) return;
  const own = [...Object.values(addresses), ...wheels.map(({ address }) => address)];
  const current = new Set<string>(own.flatMap((address) => (typeof address === 'string' ? [whole(address)] : [])));
  current.add(siteBase() + SNAPSHOT);
  for (const { url } of await cache.keys()) {
    const [file = url] = url.split('?', 1);
    const ours = whole(serviceWorkers()?.controller ? `/${SNAPSHOTS}` : '/engine/');
    if (file.startsWith(ours) && !current.has(file)) await cache.delete(url);
  }
}
