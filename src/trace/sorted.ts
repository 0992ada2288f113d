/**
 * Lists that stay sorted while things are added and removed in batches. A live log grows at its end, so only the part after
 * the first difference is touched: a batch of new events costs what the batch is long, not what the log is.
 */
import { countWhile } from './search.ts';

export class Sorted<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #items: T[] = [];
  #coming: T[] = [];
  #going: T[] = [];

  /** `compare` is 0 only for what is the same thing (or, with numbers, as good as the same). */
  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  /** As of the last `settle`. */
  get items(): readonly T[] {
    return this.#items;
  }

  add(item: T): void {
    this.#coming.push(item);
  }

  /** The item must be there, and still compare as it did when it was added. */
  remove(item: T): void {
    this.#going.push(item);
  }

  /** Puts `after` where `before` is: at once when it belongs in the same place. */
  replace(before: T, after: T): void {
    if (this.#compare(before, after) === 0) {
      this.#items[this.place(before)] = after;
      return;
    }
    this.remove(before);
    this.add(after);
  }

  /** How many items come before this one. */
  place(item: T): number {
    return countWhile(this.#items, (one) => this.#compare(one, item) < 0);
  }

  /** Makes it so. Returns from which position on the list is another one now. */
  settle(): number {
    if (this.#coming.length + this.#going.length === 0) return this.#items.length;
    const coming = this.#coming.sort(this.#compare);
    const going = this.#going.sort(this.#compare);
    this.#coming = [];
    this.#going = [];
    const from = Math.min(...[coming[0], going[0]].map((item) => (item === undefined ? this.#items.length : this.place(item))));
    const rest = this.#items.splice(from);
    let gone = 0;
    let come = 0;
    for (const item of rest) {
      if (gone < going.length && this.#compare(item, going[gone] as T) === 0) {
        gone++;
        continue;
      }
      while (come < coming.length && this.#compare(coming[come] as T, item) < 0) this.#items.push(coming[come++] as T);
      this.#items.push(item);
    }
    while (come < coming.length) this.#items.push(coming[come++] as T);
    return from;
  }
}

/** Sorted lists by key: one for each process, listener or outcome. */
export class SortedBy<K, T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #lists = new Map<K, Sorted<T>>();
  readonly #touched = new Set<Sorted<T>>();

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  /** As of the last `settle`. */
  at(key: K): readonly T[] {
    return this.#lists.get(key)?.items ?? [];
  }

  add(key: K, item: T): void {
    this.#touch(key).add(item);
  }

  remove(key: K, item: T): void {
    this.#touch(key).remove(item);
  }

  delete(key: K): void {
    this.#lists.delete(key);
  }

  settle(): void {
    for (const list of this.#touched) list.settle();
    this.#touched.clear();
  }

  #touch(key: K): Sorted<T> {
    let list = this.#lists.get(key);
    if (!list) {
      list = new Sorted(this.#compare);
      this.#lists.set(key, list);
    }
    this.#touched.add(list);
    return list;
  }
}

export const byNumber = (a: number, b: number): number => a - b;
