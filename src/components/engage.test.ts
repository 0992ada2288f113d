import { beforeEach, describe, expect, test, vi } from 'vitest';
import engage from './engage.ts';

let page: EventTarget;
vi.stubGlobal('Element', class {});
vi.stubGlobal('location', { hash: '' });
vi.stubGlobal('Worker', class {});
/** Addresses of the engine's files that are kept; null: there is no cache for them. */
let kept: string[] | null = null;
const caches = { has: async () => kept !== null, open: async () => ({ keys: async () => (kept ?? []).map((url) => ({ url })) }) };
vi.stubGlobal('caches', caches);
/** What is to be done once the page is at rest. */
let idle: (() => void)[] = [];
vi.stubGlobal('requestIdleCallback', (then: () => void) => idle.push(then));

beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal('window', page);
  kept = null;
  idle = [];
});

/** Whether it was asked for a moment at rest, when all that is known by then is known. */
async function rests(): Promise<boolean> {
  await new Promise((later) => setTimeout(later));
  return idle.length > 0;
}

/** An island with the directive on it; `came` is told what it heard once its script was there. */
function island(value: true | 'now') {
  const came: unknown[] = [];
  const load = vi.fn(async () => async () => page.addEventListener('ftr:figure', (event) => came.push((event as CustomEvent).detail)));
  const marks = Object.assign(new EventTarget(), { setAttribute() {}, removeAttribute() {}, hasAttribute: () => false });
  engage(load, { name: 'Playground', value: value as string }, marks as unknown as HTMLElement);
  return { load, came };
}

test('a script is fetched when something is wanted of it, which then happens once', async () => {
  const { load, came } = island(true);
  expect(load).not.toHaveBeenCalled();
  page.dispatchEvent(new CustomEvent('ftr:figure', { detail: 'mine' }));
  expect(load).toHaveBeenCalledOnce();
  await vi.waitFor(() => expect(came).toEqual(['mine']));
});

test('what is to be fetched at once keeps what is wanted before it is there', async () => {
  const { load, came } = island('now');
  expect(load).toHaveBeenCalledOnce();
  page.dispatchEvent(new CustomEvent('ftr:figure', { detail: 'early' }));
  await vi.waitFor(() => expect(came).toEqual(['early']));
});

test('what is wanted in the moment when it is there happens after what was wanted before', async () => {
  const came: unknown[] = [];
  const want = (detail: string) => page.dispatchEvent(new CustomEvent('ftr:move', { detail }));
  const load = async () => async () => {
    page.addEventListener('ftr:move', (event) => came.push((event as CustomEvent).detail));
    // before the task in which what waited happens
    setTimeout(() => want('late'));
  };
  const marks = Object.assign(new EventTarget(), { setAttribute() {}, removeAttribute() {}, hasAttribute: () => false });
  engage(load, { name: 'Workspace', value: '' }, marks as unknown as HTMLElement);
  want('early');
  await vi.waitFor(() => expect(came).toContain('late'));
  expect(came).toEqual(['early', 'late']);
});

describe('once the page is at rest', () => {
  test.each([
    ['a server has run before', ['https://site.example/engine/base-snapshot/x?y'], true],
    ['other files are kept', ['https://site.example/engine/kernel.x.js'], false],
    ['nothing is kept', [], false],
    ['there is no cache', null, false],
  ])('%s', async (_, files, comes) => {
    kept = files;
    const { load } = island(true);
    expect(await rests()).toBe(comes);
    for (const then of idle) then();
    expect(load).toHaveBeenCalledTimes(comes ? 1 : 0);
  });

  test('never where there are no caches', async () => {
    vi.stubGlobal('caches', undefined);
    island(true);
    expect(await rests()).toBe(false);
    vi.stubGlobal('caches', caches);
  });

  test('what was wanted before does not happen once more', async () => {
    kept = ['https://site.example/engine/base-snapshot/x?y'];
    const { load, came } = island(true);
    page.dispatchEvent(new CustomEvent('ftr:figure', { detail: 'mine' }));
    await vi.waitFor(() => expect(came).toEqual(['mine']));
    expect(await rests()).toBe(true);
    for (const then of idle) then();
    await rests();
    expect(load).toHaveBeenCalledOnce();
    expect(came).toEqual(['mine']);
  });

  test('a script that does not come is told to who wants it only', async () => {
    kept = ['https://site.example/engine/base-snapshot/x?y'];
    const notes: unknown[] = [];
    const load = vi.fn(async () => async () => {});
    const marks = { setAttribute() {}, removeAttribute() {}, hasAttribute: () => true, before: (note: unknown) => notes.push(note) };
    const reader = Object.assign(new EventTarget(), marks);
    vi.stubGlobal('document', { createElement: () => ({ setAttribute() {}, addEventListener() {}, append() {}, remove() {} }) });
    engage(load, { name: 'Workspace', value: '' }, reader as unknown as HTMLElement);
    expect(await rests()).toBe(true);
    for (const then of idle) then();
    await rests();
    expect(load).toHaveBeenCalledOnce();
    expect(notes).toEqual([]);
    reader.dispatchEvent(new Event('pointerover'));
    await vi.waitFor(() => expect(notes).toHaveLength(1));
  });
});
