import { expect, test } from 'vitest';
import { overBudget } from './reading-budget.ts';

const PAGE =
  '<script type="module" src="../../assets/a.js"></script><link rel="stylesheet" href="../../assets/s.css"><a href="../far/">far</a>';
const site = new Map([
  ['index.html', '<script src="assets/b.js"></script>'],
  ['lessons/one/index.html', PAGE],
  ['lessons/far/index.html', ''],
  ['map/index.html', PAGE],
  ['assets/a.js', 'import"./b.js";import("./lazy.js")'],
  ['assets/b.js', ''],
  ['assets/lazy.js', ''],
  ['assets/s.css', ''],
]);

/** The lines for a site whose other files have ten bytes each. */
const over = (bytes: Readonly<Record<string, number>>): string[] => overBudget(site, (name) => bytes[name] ?? 10);

test('pages, their sheets and scripts count; what is fetched on demand and other pages do not', () => {
  expect(over({ 'assets/lazy.js': 90_000, 'lessons/far/index.html': 79_000 })).toEqual([]);
  expect(over({ 'assets/s.css': 80_000 })).toEqual(['lessons/one/index.html: reading it: 80030 bytes, 80000 allowed']);
});

test('scripts have a budget of their own', () => {
  expect(over({ 'assets/b.js': 30_001 })).toEqual([
    'index.html: its scripts: 30001 bytes, 30000 allowed',
    'lessons/one/index.html: its scripts: 30011 bytes, 30000 allowed',
  ]);
});

test('a site without these pages is no light one', () => {
  expect(() => overBudget(new Map([['map/index.html', '']]), () => 0)).toThrow('not where they were');
});
