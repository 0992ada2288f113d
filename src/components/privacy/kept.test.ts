// The page of privacy is complete: every name under which the source keeps something is on it.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { at, filesBelow, root } from '../../../scripts/lib/paths.ts';
import { KEPT } from './kept.ts';

/** Words between parts of a page, which are not kept. */
const EVENTS = ['ftr:checks', 'ftr:edit', 'ftr:log', 'ftr:open', 'ftr:restart', 'ftr:run', 'ftr:send'];

test('every name is told, and none that is not in use', () => {
  const sources = filesBelow(at('src')).filter((file) => /\.(ts|svelte|astro)$/.test(file) && !/\.test\.ts$|privacy\/kept\.ts$/.test(file));
  const found = new Map<string, string>();
  for (const file of sources) {
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/'(ftr:[a-z-]+|sandbox-engine)'/g)) found.set(name, relative(root, file));
  }
  for (const event of EVENTS) expect(found.delete(event), event).toBe(true);
  expect([...found.keys()].sort()).toEqual(KEPT.map(({ name }) => name).sort());
});
