import { expect, test } from 'vitest';
import { brokenLinks } from './site-links.ts';

const site = new Map([
  ['/', '<a href="/lessons/one/#step-2">a</a> <a href="lessons/one/">b</a> <img src="/dot.svg"> <a href="#here">c</a> <p id="here">'],
  ['/lessons/one/', '<h2 id="step-2">x</h2> <a href="../../?q=a&amp;b#here">d</a> <a href="https://elsewhere.example/no#no">e</a>'],
  ['/dot.svg', ''],
]);

test('links that lead somewhere', () => {
  expect(brokenLinks(site)).toEqual([]);
});

test('each that does not is named, with its page', () => {
  const text =
    '<a href="/lessons/two/">a</a> <a href="/lessons/one/#step-3">b</a> <a href="#gone">c</a> <img src="dot.svg"> <a href="https://">d</a>';
  expect(brokenLinks(new Map([...site, ['/wrong/', text]]))).toEqual([
    '/wrong/: /lessons/two/: no such page or file',
    '/wrong/: /lessons/one/#step-3: no such place on that page',
    '/wrong/: #gone: no such place on that page',
    '/wrong/: dot.svg: no such page or file',
    '/wrong/: https://: no address',
  ]);
});
