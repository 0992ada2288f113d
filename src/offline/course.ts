/** The whole course in this browser: how much is there, fetching the rest, throwing it away. No screen here; offline-page.ts shows it. */
import { chunksOf } from '../chunks.ts';
import { cacheFor, isHashed, isOfBuild, neededBy, type OfflineList, WHOLE_MARK } from './list.ts';

/** At most so many files at once: a class of these must not flood a school's line. */
const LANES = 4;

export interface Amount {
  readonly files: number;
  /** Bytes in the browser, and bytes on their way. */
  readonly bytes: number;
  readonly sent: number;
}

export const amountOf = (files: OfflineList['files']): Amount => ({
  files: files.length,
  bytes: files.reduce((sum, [, bytes]) => sum + bytes, 0),
  sent: files.reduce((sum, [, , sent]) => sum + sent, 0),
});

export class OfflineCourse {
  readonly list: OfflineList;
  readonly #scope: string;
  /** `scope`: the site's first address. */
  constructor(list: OfflineList, scope: string) {
    this.list = list;
    this.#scope = scope;
  }

  #cache(address: string): Promise<Cache> {
    return caches.open(cacheFor(this.#scope, this.list.build, address));
  }

  /** Addresses of the files that are here. */
  async kept(): Promise<Set<string>> {
    const both = await Promise.all(['', 'engine/'].map(async (address) => (await this.#cache(address)).keys()));
    return new Set(both.flat().map(({ url }) => url.slice(this.#scope.length)));
  }

  /** What a lesson can do without a network: its server runs when all is kept of what that is made of, `engine`. */
  can(kept: ReadonlySet<string>, address: string, engine: readonly string[]): 'run' | 'open' | 'nothing' {
    const has = (runs: boolean): boolean => neededBy(this.list, address, runs).every((one) => kept.has(one));
    if (!(address in this.list.pages) || !has(false)) return 'nothing';
    return has(true) && engine.every((one) => kept.has(one)) ? 'run' : 'open';
  }

  /**
   * Fetches what is not here yet; `onBytes` hears how many bytes more are there. What has come stays when it is cancelled or breaks off.
   * Errors: an Error that names the file and the reason; the signal's when it is aborted.
   */
  async download(onBytes: (count: number) => void, signal: AbortSignal): Promise<void> {
    const kept = await this.kept();
    const queue = this.list.files.map(([address]) => address).filter((address) => !kept.has(address));
    const lane = async (): Promise<void> => {
      for (let address = queue.shift(); address !== undefined; address = queue.shift()) await this.#fetch(address, onBytes, signal);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    await (await this.#cache('')).put(this.#scope + WHOLE_MARK, new Response());
  }

  async #fetch(address: string, onBytes: (count: number) => void, signal: AbortSignal): Promise<void> {
    const response = await fetch(this.#scope + address, { signal, cache: isHashed(address) ? 'default' : 'no-cache' });
    if (!response.ok || response.body === null) throw new Error(`${address || 'the start page'}: the site answered ${response.status}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of chunksOf(response.body)) {
      chunks.push(chunk);
      onBytes(chunk.length);
    }
    const body = new Blob(chunks as BlobPart[]);
    if (!isHashed(address) && !isOfBuild(this.list, address, await body.text()))
      throw new Error('the site is being updated. Try again in a minute');
    await (await this.#cache(address)).put(this.#scope + address, new Response(body, { headers: response.headers }));
  }

  /** Throws away all but what makes the site open. */
  async remove(): Promise<void> {
    const shell = new Set(this.list.shell.map((place) => this.list.files[place]?.[0]));
    for (const address of await this.kept()) if (!shell.has(address)) await (await this.#cache(address)).delete(this.#scope + address);
    await (await this.#cache('')).delete(this.#scope + WHOLE_MARK);
  }
}
