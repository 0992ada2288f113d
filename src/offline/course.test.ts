import { beforeEach, expect, test, vi } from 'vitest';
import { OfflineCourse } from './course.ts';
import type { OfflineList } from './list.ts';
import { MemoryCaches } from './testing.ts';

const SCOPE = 'https://site.example/';
const files = ['', 'lessons/one/', 'lessons/one/task.json', 'assets/a.1.js'];
const list: OfflineList = {
  build: 'b1',
  files: files.map((address) => [address, 1, 1]),
  shell: [0],
  tools: [3],
  pages: { '': { now: [0], later: [] }, 'lessons/one/': { now: [1], later: [2] } },
};
const course = new OfflineCourse(list, SCOPE);
let caches: MemoryCaches;
let sent: Record<string, string>;

/** An answer as Safari has it: its body cannot be iterated. */
function answer(text: string | undefined): Response {
  const response = new Response(text ?? '', { status: text === undefined ? 404 : 200 });
  Object.defineProperty(response.body ?? {}, Symbol.asyncIterator, { value: undefined });
  return response;
}

beforeEach(() => {
  caches = new MemoryCaches();
  sent = {
    '': '<html data-build="b1">',
    'lessons/one/': '<html data-build="b1">',
    'lessons/one/task.json': '{"build":"b1"}',
    'assets/a.1.js': '1',
  };
  vi.stubGlobal('caches', caches);
  vi.stubGlobal('fetch', async (url: string) => answer(sent[url.slice(SCOPE.length)]));
});

const download = (): Promise<void> => course.download(() => {}, new AbortController().signal);

test('the download keeps every file, in Safari, too', async () => {
  await download();
  expect([...(await course.kept())].sort()).toEqual([...files, 'offline/whole-course'].sort());
});

test('a lesson runs without a network when all its server is made of is kept, packages of Python too', async () => {
  const engine = ['engine/p.wasm', 'engine/flask.zip'];
  const can = (...kept: string[]) => course.can(new Set(kept), 'lessons/one/', engine);
  expect(can('')).toBe('nothing');
  expect(can('lessons/one/', 'engine/p.wasm', 'engine/flask.zip')).toBe('open');
  expect(can(...files, 'engine/p.wasm')).toBe('open');
  expect(can(...files, ...engine)).toBe('run');
  // of a newer build, whose page this is not
  expect(course.can(new Set(files), 'lessons/new/', [])).toBe('nothing');
});
