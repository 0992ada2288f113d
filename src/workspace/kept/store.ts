/**
 * Where the work of lessons is kept: IndexedDB. Every saving of a lesson has a number, and none is given twice: of two tabs that save after
 * the same one, the later is refused and so finds out that it is no longer the only one.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

export interface Stored {
  /** Counts from 1. */
  readonly revision: number;
  /** Whatever was put there. */
  readonly record: unknown;
}

/** What of the browser's database is used. Every call may throw a DOMException: storage is full, or was taken away. */
export interface WorkStore {
  read(slug: string): Promise<Stored | null>;
  /** Number of the last saving; 0 when there was none. */
  newest(slug: string): Promise<number>;
  /** Keeps this as that revision. False when there is such a one already. The browser has it all when this returns, even before it is settled. */
  keep(slug: string, revision: number, record: unknown): Promise<boolean>;
}

/** So many numbers of savings are remembered for each lesson: a tab that slept longer is told by the newest of them. */
const REMEMBERED = 10_000;

interface Schema extends DBSchema {
  work: { key: string; value: Stored };
  turns: { key: [string, number]; value: true };
}

/** Errors: a DOMException when this page may keep nothing. */
export async function openStore(): Promise<WorkStore> {
  const db: IDBPDatabase<Schema> = await openDB<Schema>('ftr:work', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('work');
      fresh.createObjectStore('turns');
    },
    // a later version of the site, in another tab, wants to change its form
    blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
  });
  const turnsOf = (slug: string, to = Number.POSITIVE_INFINITY) => IDBKeyRange.bound([slug, 0], [slug, to]);
  return {
    read: async (slug) => (await db.get('work', slug)) ?? null,

    async newest(slug) {
      const cursor = await db.transaction('turns').store.openKeyCursor(turnsOf(slug), 'prev');
      return cursor?.key[1] ?? 0;
    },

    async keep(slug, revision, record) {
      const transaction = db.transaction(['work', 'turns'], 'readwrite');
      const turns = transaction.objectStore('turns');
      const asked = [
        turns.add(true, [slug, revision]),
        transaction.objectStore('work').put({ revision, record }, slug),
        ...(revision > REMEMBERED ? [turns.delete(turnsOf(slug, revision - REMEMBERED))] : []),
        transaction.done,
      ];
      // a page that is being left does not come to do it later
      transaction.commit();
      const [added, ...others] = await Promise.allSettled(asked);
      if (added?.status === 'rejected' && (added.reason as DOMException).name === 'ConstraintError') return false;
      // each part only says that the whole was given up
      for (const one of [added, ...others]) if (one?.status === 'rejected') throw transaction.error ?? one.reason;
      return true;
    },
  };
}
