import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Changes } from '../../runtime/changes.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { WorkFiles } from '../work-files.ts';
import type { Stored, WorkStore } from './store.ts';
import { keepNow } from './visit.ts';
import { Work } from './work.ts';

const stored = new Map<string, Stored>();
const store: WorkStore = {
  read: async (slug) => stored.get(slug) ?? null,
  newest: async (slug) => stored.get(slug)?.revision ?? 0,
  keep: async (slug, revision, record) => Boolean(stored.set(slug, { revision, record })),
};
vi.mock('./store.ts', () => ({ openStore: async () => store }));
vi.mock('./tabs.ts', () => ({ openLine: () => ({ say: () => {}, hear: () => {}, close: () => {} }) }));

const file = (text: string) => ({ kind: 'file', data: new TextEncoder().encode(text), mode: 0o644, uid: 0, gid: 0 }) as const;
const A = '/srv/a';
const B = '/srv/b';

/** A sandbox in which both files are new. It lays what it can before it says what it cannot. */
class Sandbox {
  has: Changes = {};
  refuses = '';
  async changes(): Promise<Changes> {
    return this.has;
  }
  async apply(changes: Changes, { only = false } = {}): Promise<void> {
    const all = Object.entries({ ...(only ? {} : this.has), ...changes });
    this.has = Object.fromEntries(all.filter(([path, changed]) => changed !== null && path !== this.refuses));
    if (this.refuses in changes) throw new Error(`${this.refuses}: Is a directory`);
  }
  async readFile(path: string): Promise<Uint8Array> {
    const changed = this.has[path];
    if (changed?.kind !== 'file') throw new Error(`${path}: No such file or directory`);
    return changed.data;
  }
  async readFolder() {
    return Object.keys(this.has).map((path) => ({ name: path.slice('/srv/'.length), kind: 'file', mode: 0o644, uid: 0, gid: 0 }));
  }
}

let sandbox: Sandbox;
let files: WorkFiles;
let work: Work;
const begin = async (): Promise<void> => {
  files = new WorkFiles([A, B]);
  work = new Work('one', files, () => sandbox as unknown as Runtime, null);
  await work.load();
  files.load({}, work.files([A, B]));
  files.mount(files.texts);
};
beforeEach(async () => {
  stored.clear();
  sandbox = new Sandbox();
  await begin();
  await work.bringIn({ [A]: file('mine') }, 'Mine');
});
const undo = async (): Promise<void> => {
  const said = files.undoable?.what;
  files.undo();
  await vi.waitFor(() => expect([undefined, said]).not.toContain(files.undoable?.what));
};

describe('what replaces the work', () => {
  it('can be undone when it was done by half, and the undoing too', async () => {
    sandbox.refuses = B;
    await expect(work.bringIn({ [B]: file('theirs') }, 'Theirs: all of it')).rejects.toThrow('Is a directory');
    expect([files.texts[A], files.undoable?.what]).toEqual([null, 'Theirs: all of it']);
    sandbox.refuses = A;
    files.undo();
    await vi.waitFor(() => expect(work.trouble).toContain('Is a directory'));
    expect(files.undoable?.what).toBe('Theirs: all of it');
    sandbox.refuses = '';
    await undo();
    expect([files.texts[A], await work.now(), work.trouble]).toEqual(['mine', { [A]: file('mine') }, '']);
  });

  it('can be undone after something was typed, which comes back when that is undone', async () => {
    await work.bringIn({}, 'Reset the lesson: all files');
    files.edit(B, 'typed since');
    await undo();
    expect([files.texts[A], files.texts[B], files.undoable?.what]).toEqual(['mine', null, 'Took back “Reset the lesson”']);
    await undo();
    expect(files.texts).toEqual({ [A]: null, [B]: 'typed since' });
  });

  it('can be undone on the next visit', async () => {
    await work.bringIn({}, 'Reset the lesson: all files');
    await work.keeper.flush();
    await begin();
    expect(files.undoable).toMatchObject({ what: 'Reset the lesson: all files', earlier: true });
    await undo();
    expect(files.texts[A]).toBe('mine');
  });

  it('cannot be undone when a day has gone', async () => {
    await work.keeper.flush();
    vi.useFakeTimers({ now: Date.now() + 25 * 60 * 60 * 1000, toFake: ['Date'] });
    await begin();
    vi.useRealTimers();
    expect(files.undoable).toBeNull();
  });
});

it('a change of single files that was made by half can be undone', async () => {
  sandbox.refuses = B;
  await expect(work.change({ [A]: null, [B]: file('mine') }, 'Renamed a to b')).rejects.toThrow('Is a directory');
  expect(await work.now()).toEqual({});
  sandbox.refuses = '';
  files.undo();
  await vi.waitFor(async () => expect(await work.now()).toEqual({ [A]: file('mine') }));
});

it('what the shell did last is kept when the page is hidden or left, and a look at it alone keeps nothing anew', async () => {
  await work.keeper.flush();
  const { revision } = stored.get('one') ?? { revision: 0 };
  await keepNow(work);
  expect(stored.get('one')?.revision).toBe(revision);
  sandbox.has = { [A]: file('by the shell') };
  await keepNow(work);
  expect(stored.get('one')).toMatchObject({ revision: revision + 1, record: { changes: { [A]: file('by the shell') } } });
});
