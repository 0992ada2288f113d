// The page of privacy is complete: every name under which the source keeps something is on it.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { at, filesBelow, root } from '../../../scripts/lib/paths.ts';
import { isOf, KEPT } from './kept.ts';

/** Words between parts of a page, or its windows, which are not kept. */
const EVENTS = ['checks', 'edit', 'figure', 'log', 'move', 'moved', 'open', 'outcome', 'present', 'restart', 'run', 'send', 'start'].map(
  (name) => `ftr:${name}`,
);

/** What joins the tabs of a lesson; a channel keeps nothing. */
const CHANNEL = 'ftr:work:';

test('every name is told, and none that is not in use', () => {
  const sources = filesBelow(at('src')).filter((file) => /\.(ts|svelte|astro)$/.test(file) && !/\.test\.ts$|privacy\/kept\.ts$/.test(file));
  const found = new Map<string, string>();
  for (const file of sources) {
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/['`](ftr:[a-z-]+|sandbox-engine|ftr:[a-z-]+:(?=\$))['$]/g))
      found.set(name, relative(root, file));
  }
  for (const event of [...EVENTS, CHANNEL]) expect(found.delete(event), event).toBe(true);
  const names = KEPT.filter(({ where }) => where !== 'service worker').map(({ name }) => name);
  expect([...found.keys()].sort()).toEqual(names.sort());
});

test('a name with a lesson after it is deleted for every lesson, and nothing of another site', () => {
  const kept = ['ftr:progress', 'ftr:history:gil', 'ftr:work-of-another-site', 'theme'];
  expect(kept.filter((key) => KEPT.some(({ name }) => isOf(key, name)))).toEqual(['ftr:progress', 'ftr:history:gil']);
});
