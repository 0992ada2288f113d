/** For tests: a browser's caches in memory, as far as the course uses them. */

class MemoryCache {
  readonly #kept = new Map<string, Response>();
  async match(url: string): Promise<Response | undefined> {
    return this.#kept.get(url)?.clone();
  }
  async put(url: string, response: Response): Promise<void> {
    this.#kept.set(url, response);
  }
  async delete(url: string): Promise<boolean> {
    return this.#kept.delete(url);
  }
  async keys(): Promise<{ url: string }[]> {
    return [...this.#kept.keys()].map((url) => ({ url }));
  }
}

export class MemoryCaches {
  readonly #all = new Map<string, MemoryCache>();
  async open(name: string): Promise<MemoryCache> {
    const cache = this.#all.get(name) ?? new MemoryCache();
    this.#all.set(name, cache);
    return cache;
  }
  async has(name: string): Promise<boolean> {
    return this.#all.has(name);
  }
  async delete(name: string): Promise<boolean> {
    return this.#all.delete(name);
  }
  async keys(): Promise<string[]> {
    return [...this.#all.keys()];
  }
}
