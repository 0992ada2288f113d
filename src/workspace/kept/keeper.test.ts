import { beforeEach, describe, expect, it, vi } from 'vitest';
import { KEEPS_NOTHING, Keeper, MOST_KEPT } from './keeper.ts';
import type { KeptRecord } from './record.ts';
import type { Stored, WorkStore } from './store.ts';
import type { Line, Notice } from './tabs.ts';

vi.useFakeTimers();

/** The browser's database, as one of its pages sees it. */
class Memory implements WorkStore {
  readonly kept = new Map<string, Stored>();
  readonly turns = new Set<string>();
  fault: Error | null = null;
  /** Answers only after this. */
  busy: Promise<void> | null = null;
  async read(slug: string): Promise<Stored | null> {
    return this.kept.get(slug) ?? null;
  }
  async newest(slug: string): Promise<number> {
    return this.kept.get(slug)?.revision ?? 0;
  }
  async keep(slug: string, revision: number, record: unknown): Promise<boolean> {
    if (this.busy) await this.busy;
    if (this.fault) throw this.fault;
    if (this.turns.has(`${slug} ${revision}`)) return false;
    this.turns.add(`${slug} ${revision}`);
    this.kept.set(slug, { revision, record });
    return true;
  }
}

/** Lines between the tabs of a test. */
class Lines {
  readonly #open = new Set<Line>();
  /** No message gets through: a tab slept. */
  cut = false;
  line(): Line {
    const line: Line = {
      hear: () => {},
      say: (notice: Notice) => {
        if (!this.cut) for (const other of this.#open) if (other !== line) other.hear(notice);
      },
      close: () => void this.#open.delete(line),
    };
    this.#open.add(line);
    return line;
  }
}

const textOf = (record: unknown) => new TextDecoder().decode(((record as KeptRecord).changes['/a'] as { data: Uint8Array }).data);

class Tab {
  text: string | null = null;
  readonly keeper: Keeper;
  constructor(store: WorkStore | Error, lines: Lines, slug = 'one') {
    this.keeper = new Keeper({
      slug,
      openLine: () => lines.line(),
      openStore: async () => {
        if (store instanceof Error) throw store;
        return store;
      },
      collect: () => (this.text === null ? null : recordOf(this.text)),
    });
  }
  async change(text: string): Promise<void> {
    this.text = text;
    this.keeper.touch();
    await vi.runAllTimersAsync();
  }
}

function recordOf(text: string): KeptRecord {
  const changes = { '/a': { kind: 'file', data: new TextEncoder().encode(text), mode: 0o644, uid: 0, gid: 0 } } as const;
  return { version: 1, savedAt: Date.now(), changes, before: null, open: [], histories: {} };
}

let store: Memory;
let lines: Lines;
beforeEach(() => {
  store = new Memory();
  lines = new Lines();
});
const kept = () => textOf(store.kept.get('one')?.record);
const opened = async (from: WorkStore | Error = store): Promise<Tab> => {
  const tab = new Tab(from, lines);
  await tab.keeper.open();
  return tab;
};

describe('one tab', () => {
  it('keeps what changed soon after, all together, and finds it on the next visit', async () => {
    const tab = await opened();
    tab.text = 'first';
    tab.keeper.touch();
    expect(store.kept.size).toBe(0);
    await tab.change('second');
    expect([kept(), store.kept.get('one')?.revision]).toEqual(['second', 1]);
    const record = await new Tab(store, lines).keeper.open();
    expect(textOf(record)).toBe('second');
  });

  it('keeps what changed while it was being kept, after that', async () => {
    const tab = await opened();
    const slow = Promise.withResolvers<void>();
    store.busy = slow.promise;
    await tab.change('first');
    await tab.change('second');
    slow.resolve();
    await tab.keeper.flush();
    expect([kept(), store.kept.get('one')?.revision, tab.keeper.newer]).toEqual(['second', 2, false]);
  });

  it('that is left keeps what it has at once', async () => {
    const tab = await opened();
    tab.text = 'last';
    tab.keeper.touch();
    tab.keeper.close();
    expect(kept()).toBe('last');
  });

  it('keeps nothing of a lesson that was only looked at', async () => {
    const tab = await opened();
    tab.keeper.touch();
    await vi.runAllTimersAsync();
    expect(store.kept.size).toBe(0);
  });

  it('says when the storage is full, keeps what it has, and tries again with the next change', async () => {
    const tab = await opened();
    await tab.change('fits');
    store.fault = new DOMException('full', 'QuotaExceededError');
    await tab.change('does not fit');
    expect(tab.keeper.trouble).toContain('The browser’s storage is full: what you did since');
    expect(kept()).toBe('fits');
    store.fault = null;
    await tab.change('fits again');
    expect([tab.keeper.trouble, kept()]).toEqual(['', 'fits again']);
  });

  it('says when there is too much of it', async () => {
    const tab = await opened();
    await tab.change('x'.repeat(MOST_KEPT + 1));
    expect(tab.keeper.trouble).toContain('Your work takes more than 40.0 MB, and of one lesson no more is kept: nothing of it is kept.');
    expect(store.kept.size).toBe(0);
  });

  it('says when this page may keep nothing, and goes on', async () => {
    const tab = await opened(new DOMException('denied', 'SecurityError'));
    expect([tab.keeper.trouble, tab.keeper.lasting]).toEqual([KEEPS_NOTHING, false]);
    await tab.change('x');
    expect(tab.keeper.trouble).toBe(KEEPS_NOTHING);
  });

  it('leaves alone what a later version of the site has kept', async () => {
    store.kept.set('one', { revision: 3, record: { version: 9 } });
    const tab = await opened();
    expect(tab.keeper.trouble).toContain('later version');
    await tab.change('x');
    expect(store.kept.get('one')?.record).toEqual({ version: 9 });
  });
});

describe('two tabs', () => {
  it('know of each other, and that one has left', async () => {
    const [one, two] = [await opened(), await opened()];
    expect([one.keeper.others, two.keeper.others]).toEqual([true, true]);
    two.keeper.close();
    expect(one.keeper.others).toBe(false);
  });

  it('the one that is behind keeps nothing until it has chosen; then the other is behind', async () => {
    const [one, two] = [await opened(), await opened()];
    await one.change('by one');
    expect([one.keeper.newer, two.keeper.newer]).toEqual([false, true]);
    await two.change('by two');
    expect(kept()).toBe('by one');
    await two.keeper.keepMine();
    expect([kept(), one.keeper.newer, two.keeper.newer]).toEqual(['by two', true, false]);
    await one.keeper.takeNewer(async (record) => {
      one.text = textOf(record);
    });
    expect([one.text, one.keeper.newer]).toEqual(['by two', false]);
    await one.change('by one again');
    expect([kept(), one.keeper.newer, two.keeper.newer]).toEqual(['by one again', false, true]);
  });

  it('of which one slept: it is refused, not obeyed', async () => {
    const [one, two] = [await opened(), await opened()];
    lines.cut = true;
    await one.change('by one');
    await two.change('by two');
    expect([kept(), two.keeper.newer]).toEqual(['by one', true]);
  });

  it('of which one slept: it finds out when it wakes', async () => {
    const [one, two] = [await opened(), await opened()];
    lines.cut = true;
    await one.change('by one');
    await two.keeper.wake();
    expect(two.keeper.newer).toBe(true);
  });

  it('a refused saving is not followed by one that was wanted meanwhile', async () => {
    const [one, two] = [await opened(), await opened()];
    lines.cut = true;
    const slow = Promise.withResolvers<void>();
    store.busy = slow.promise;
    await two.change('by two');
    await two.change('by two again');
    store.busy = null;
    await one.change('by one');
    slow.resolve();
    await two.keeper.flush();
    expect([kept(), two.keeper.newer]).toEqual(['by one', true]);
  });

  it('nothing is decided while the newer work cannot be read or brought in', async () => {
    const [one, two] = [await opened(), await opened()];
    await one.change('by one');
    const fails = two.keeper.takeNewer(async () => {
      throw new Error('/a: Is a directory');
    });
    await expect(fails).rejects.toThrow('/a: Is a directory');
    expect(two.keeper.newer).toBe(true);
    await two.change('by two');
    expect(kept()).toBe('by one');
    store.kept.set('one', { revision: 1, record: 'no record' });
    await expect(two.keeper.takeNewer(async () => {})).rejects.toThrow('cannot be read');
    expect(two.keeper.newer).toBe(true);
  });

  it('another lesson’s work can be read', async () => {
    await (await opened()).change('of one');
    const tab = new Tab(store, lines, 'two');
    expect(await tab.keeper.open()).toBeNull();
    expect(textOf(await tab.keeper.openOther('one'))).toBe('of one');
    expect(await tab.keeper.openOther('none')).toBeNull();
  });
});
