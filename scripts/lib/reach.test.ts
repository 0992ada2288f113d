import { expect, test } from 'vitest';
import { eager, whole } from './reach.ts';

const site = new Map([
  [
    'lessons/one/index.html',
    '<link rel="stylesheet" href="../../assets/a.1.css"><script type="module" src="../../assets/page.1.js"></script><a href="../two/index.html">x</a><astro-island component-url="../../assets/Work.1.js">',
  ],
  ['lessons/one/task.json', ''],
  ['lessons/two/index.html', '<script src="../../assets/page.1.js"></script>'],
  ['assets/a.1.css', '@font-face{src:url(../fonts/f.woff2)format("woff2")}'],
  ['assets/page.1.js', 'import{a}from"./shared.1.js";import"./side.1.js";button.onclick=()=>import("./dialog.1.js")'],
  ['assets/shared.1.js', 'export const a=1'],
  ['assets/side.1.js', ''],
  ['assets/dialog.1.js', 'new URL("log.1.ndjson",import.meta.url)'],
  ['assets/log.1.ndjson', ''],
  ['assets/Work.1.js', ''],
  ['assets/other.1.js', ''],
  ['fonts/f.woff2', ''],
]);
const AT_ONCE = ['lessons/one/index.html', 'assets/a.1.css', 'assets/page.1.js', 'assets/shared.1.js', 'assets/side.1.js', 'fonts/f.woff2'];

test('what a page loads at once: sheets, their fonts, scripts and what those import', () => {
  expect([...eager(site, ['lessons/one/index.html'])].sort()).toEqual([...AT_ONCE].sort());
});

test('and what it may load: also what is imported on demand, and data by name; nothing of another page', () => {
  const more = ['assets/dialog.1.js', 'assets/log.1.ndjson', 'assets/Work.1.js', 'lessons/one/task.json'];
  expect([...whole(site, ['lessons/one/index.html'])].sort()).toEqual([...AT_ONCE, ...more].sort());
});
