import { beforeEach, expect, test, vi } from 'vitest';
import { cacheOf, type OfflineList } from './list.ts';
import { MemoryCaches } from './testing.ts';

const SCOPE = 'https://site.example/';
const OFFLINE: OfflineList = {
  build: 'b2',
  files: [
    ['', 1, 1],
    ['lessons/one/', 1, 1],
  ],
  shell: [0],
  tools: [],
  pages: { '': { now: [0], later: [] }, 'lessons/one/': { now: [1], later: [] } },
};
const caches = new MemoryCaches();

type Asked = { readonly request: object; respondWith(answer: Promise<Response>): void; waitUntil(until: Promise<void>): void };
const hears: Record<string, (event: Asked) => void> = {};
vi.stubGlobal('OFFLINE', OFFLINE);
vi.stubGlobal('caches', caches);
const host = vi.fn(async (_url: string) => new Response('of the host'));
vi.stubGlobal('fetch', host);
vi.stubGlobal('self', {
  location: { href: `${SCOPE}service-worker.js` },
  addEventListener: (type: string, hear: (event: Asked) => void) => {
    hears[type] = hear;
  },
});
await import('./service-worker.ts');

/** What a page of this site gets for that address. */
async function got(address: string): Promise<string> {
  const answers: Promise<Response>[] = [];
  const request = { method: 'GET', url: SCOPE + address, mode: 'cors', destination: '' };
  hears['fetch']?.({ request, respondWith: (one) => answers.push(one), waitUntil: () => {} });
  return (await answers[0])?.text() ?? 'nothing';
}

beforeEach(async () => {
  for (const build of ['b1', 'b2'])
    for (const address of ['', 'lessons/one/task.json'])
      await (await caches.open(cacheOf(SCOPE, build))).put(SCOPE + address, new Response(`of ${build}`));
});

test('a page of the older build that is still open gets the task of its own build', async () => {
  expect(await got('lessons/one/task.json?build=b1')).toBe('of b1');
  expect(await got('lessons/one/task.json?build=b2')).toBe('of b2');
});

test('a build of which nothing is here is the host’s to answer, and leaves no cache behind', async () => {
  expect(await got('lessons/one/task.json?build=b0')).toBe('of the host');
  expect(await caches.keys()).toEqual(['b1', 'b2'].map((build) => cacheOf(SCOPE, build)));
});

test('nothing else is told by its address from which build it comes', async () => {
  expect(await got('?build=b1')).toBe('of b2');
});

/** Installs the worker where that address is refused for that reason; how it ends. */
async function installed(refused: string, reason: Error): Promise<string> {
  for (const name of await caches.keys()) await caches.delete(name);
  await (await caches.open(cacheOf(SCOPE, 'b1'))).put(`${SCOPE}lessons/one/`, new Response('of b1'));
  host.mockImplementation(async (url) => {
    if (url === SCOPE + refused) throw reason;
    return new Response('<html data-build="b2">');
  });
  const ends: Promise<void>[] = [];
  hears['install']?.({ request: {}, respondWith: () => {}, waitUntil: (until) => ends.push(until) });
  return (
    ends[0]?.then(
      () => 'installed',
      (error: Error) => error.name,
    ) ?? 'nothing'
  );
}

test('a browser without room for what was visited gets the new build all the same, with what it cannot open without', async () => {
  const full = new DOMException('no room', 'QuotaExceededError');
  expect(await installed('lessons/one/', full)).toBe('installed');
  expect(await (await caches.open(cacheOf(SCOPE, 'b2'))).keys()).toEqual([{ url: SCOPE }]);
  expect(await installed('', full)).toBe('QuotaExceededError');
  // what does not come may come later: until then the old build is whole
  expect(await installed('lessons/one/', new TypeError('no network'))).toBe('TypeError');
  expect(await installed('none', full)).toBe('installed');
  expect((await (await caches.open(cacheOf(SCOPE, 'b2'))).keys()).length).toBe(2);
});
