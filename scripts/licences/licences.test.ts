import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { PublishedWheel } from '../../src/runtime/wheels.ts';
import { installedPart, packageOf, packagesOf } from './packages.ts';
import type { Part, Shipped } from './part.ts';
import { pythonParts, wheelPart } from './python.ts';
import { unnamed } from './shipped.ts';

test.each([
  ['/home/me/site/node_modules/idb/build/index.js', 'idb'],
  ['/home/me/site/node_modules/@noble/hashes/sha2.js', '@noble/hashes'],
  ['C:\\site\\node_modules\\idb\\index.js', 'idb'],
  ['/home/me/site/node_modules/a/node_modules/b/x.js', 'b'],
  ['/home/me/site/src/site.ts', null],
  ['\0vite/preload-helper.js', null],
])('the package of %s is %s', (module, name) => expect(packageOf(module)).toBe(name));

test('each package once', () => {
  expect(packagesOf(['/a/node_modules/idb/1.js', '/a/node_modules/idb/2.js', '/a/src/b.ts'])).toEqual(['idb']);
});

test('an installed package, with the text it brings', () => {
  const part = installedPart('idb');
  expect(part).toMatchObject({ name: 'idb', licence: 'ISC', source: 'https://github.com/jakearchibald/idb' });
  expect(part.text).toContain('Jake Archibald');
});

const wheel = (files: Readonly<Record<string, string>>, without: string | null = null): Part => {
  const bytes = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
  return wheelPart({ name: 'Shop', version: '1.0', without } as PublishedWheel, bytes);
};
const METADATA = 'shop-1.0.dist-info/METADATA';

test('a wheel: its licence by name, its own text and that of what it has of others, and what was changed', () => {
  const files = {
    [METADATA]: 'Name: Shop\nLicense-Expression: BSD-3-Clause\n\nLicense: none of it',
    'shop-1.0.dist-info/licenses/LICENSE.txt': 'May be used.',
    'shop/_vendor/x/COPYING': 'X may be used, too.',
    'shop/licence_check.py': 'import x',
  };
  const part = wheel(files, 'its tests');
  expect(part.licence).toBe('BSD-3-Clause');
  expect(part.text).toMatch(/^The site's copy is packed anew without its tests\.[^]*May be used\.[^]*X may be used, too\.$/);
  expect(part.text).not.toContain('import');
});

test('a wheel without a text gets that of a common licence, with its author; of another licence it stops the build', () => {
  const part = wheel({ [METADATA]: 'Name: Shop\nAuthor: A. Smith\nClassifier: License :: OSI Approved :: MIT License\n\n' });
  expect(part.text).toMatch(/^Copyright \(c\) A\. Smith\n\nPermission is hereby granted/);
  expect(() => wheel({ [METADATA]: 'License: Odd\n\n' })).toThrow('Shop brings no text of its licence, "Odd"');
  expect(() => wheel({ [METADATA]: 'Name: Shop\n\n' })).toThrow('does not say its licence');
});

test('every part of Python has a text', () => {
  for (const { name, text } of pythonParts('1', '3')) expect(text.length, name).toBeGreaterThan(40);
});

const part = (name: string): Part => ({ name, version: '1', licence: 'MIT', text: 'x'.repeat(50), source: 'https://a.example' });
const details = (name: string, text = 'x'.repeat(50)): string => `<details data-part="${name}"><pre tabindex="0">${text}</pre></details>`;
const SHIPPED: Shipped = {
  packages: [part('idb')],
  python: [part('CPython')],
  wheels: [],
  fonts: [],
  files: { 'assets/a.js': ['idb'], 'assets/own.js': [], 'engine/p.wasm': ['CPython'] },
};
const PAGE = details('idb') + details('CPython');

test('nothing shipped is missing: files nobody spoke of, parts without an entry, entries without a text', () => {
  const built = ['index.html', 'assets/a.js', 'assets/own.js', 'engine/p.wasm', 'lessons/a/recording.ndjson'];
  expect(unnamed(built, SHIPPED, PAGE)).toEqual([]);
  expect(unnamed([...built, 'assets/stray.js'], SHIPPED, PAGE)).toEqual(['stray.js: nobody said what is in it']);
  const more = { ...SHIPPED, files: { ...SHIPPED.files, 'assets/b.js': ['uplot'] } };
  expect(unnamed(built, more, PAGE)).toEqual(['uplot: is shipped, and its licence is not']);
  expect(unnamed(built, SHIPPED, details('idb') + details('CPython', ''))).toEqual(['CPython: no text on the page of licences']);
});
