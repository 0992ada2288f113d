import { expect, test } from 'vitest';
import { neededBy } from '../../src/offline/list.ts';
import { offlineList } from './offline.ts';

const page = (...scripts: string[]): string => scripts.map((name) => `<script src="../../assets/${name}"></script>`).join('');
const texts = new Map([
  ['index.html', '<link rel="stylesheet" href="./assets/a.1.css">'],
  ['404.html', ''],
  ['atlas/index.html', ''],
  ['lessons/index.html', '<link rel="stylesheet" href="../assets/a.1.css">'],
  ['lessons/one/index.html', `${page('l.1.js')} lazily one.1.js`],
  ['lessons/one/task.json', ''],
  ['lessons/two/index.html', page('l.1.js')],
  ['lessons/two/task.json', ''],
  ['offline/index.html', ''],
  ['assets/a.1.css', ''],
  ['assets/l.1.js', 'import("./editor.1.js")'],
  ['assets/editor.1.js', ''],
  ['assets/one.1.js', ''],
  ['engine/p.1.wasm', ''],
  ['favicon.svg', ''],
  ['app.webmanifest', ''],
]);
const list = offlineList(texts, 'b1', (name) => [name.length, 1]);
const names = (places: readonly number[]): (string | undefined)[] => places.map((place) => list.files[place]?.[0]);

test('every file of the site with its sizes, but for what only a network or an author needs', () => {
  expect(list.files.map(([address]) => address)).toEqual(
    [...texts.keys()].filter((name) => !/404|atlas/.test(name)).map((name) => name.replace('index.html', '')),
  );
  expect(list.files[0]).toEqual(['', 'index.html'.length, 1]);
});

test('the shell opens the site', () => {
  expect(names(list.shell)).toEqual(['', 'lessons/', 'offline/', 'assets/a.1.css', 'favicon.svg', 'app.webmanifest']);
});

test('a lesson that was read, and one that was run', () => {
  expect(neededBy(list, 'lessons/one/', false)).toEqual(['lessons/one/', 'assets/l.1.js']);
  expect(neededBy(list, 'lessons/one/', true).sort()).toEqual(
    ['lessons/one/', 'lessons/one/task.json', 'assets/l.1.js', 'assets/l.1.js', 'assets/editor.1.js', 'assets/one.1.js'].sort(),
  );
  expect(neededBy(list, 'lessons/two/', true)).not.toContain('assets/one.1.js');
  expect(neededBy(list, 'lessons/none/', true)).toEqual([]);
});
