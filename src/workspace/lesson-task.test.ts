import { afterEach, expect, test, vi } from 'vitest';
import { fetchTask } from './lesson-task.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The page is of build b1; the site sends a task of this one. */
function siteWith(build: string) {
  const fetched = vi.fn(async (_address: string) => Response.json({ build, task: 'Make it answer' }));
  vi.stubGlobal('document', { documentElement: { dataset: { build: 'b1' } } });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

test('a lesson asks for the task of its own build', async () => {
  const fetched = siteWith('b1');
  expect(await fetchTask('gil')).toMatchObject({ task: 'Make it answer' });
  expect(fetched.mock.lastCall?.[0]).toMatch(/lessons\/gil\/task\.json\?build=b1$/);
});

test('the task of another build is refused: its checks may not fit this page', async () => {
  siteWith('b2');
  await expect(fetchTask('gil')).rejects.toThrow('Reload the page to get its checks');
});
