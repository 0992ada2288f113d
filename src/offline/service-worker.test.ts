import { beforeEach, expect, test, vi } from 'vitest';
import { cacheOf, type OfflineList } from './list.ts';
import { MemoryCaches } from './testing.ts';

const SCOPE = 'https://site.example/';
const OFFLINE: OfflineList = { build: 'b2', files: [], shell: [], tools: [], pages: { '': { now: [], later: [] } } };
const caches = new MemoryCaches();

type Asked = { readonly request: object; respondWith(answer: Promise<Response>): void; waitUntil(): void };
const hears: Record<string, (event: Asked) => void> = {};
vi.stubGlobal('OFFLINE', OFFLINE);
vi.stubGlobal('caches', caches);
vi.stubGlobal('fetch', async () => new Response('of the host'));
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
