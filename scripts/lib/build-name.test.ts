import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import config from '../../astro.config.mjs';
import { nameBuild } from './build-name.ts';
import { withPolicy } from './csp.ts';

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Names a site of these files; reads one of them back. */
function named(files: Readonly<Record<string, string>>): (file: string) => string {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  nameBuild(folder);
  return (file) => readFileSync(join(folder, file), 'utf8');
}
const PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"></html>';
const nameIn = (text: string): string | undefined => /data-build="([\da-f]{16})"/.exec(text)?.[1];

test('all pages of a build say the same name', () => {
  const read = named({ 'index.html': PAGE, 'map/index.html': PAGE, 'a.js': '' });
  expect(read('index.html')).toMatch(/<html data-build="[\da-f]{16}" lang/);
  expect(nameIn(read('map/index.html'))).toBe(nameIn(read('index.html')));
});

test('what a lesson fetches under a name without a hash says it, too', () => {
  const read = named({ 'index.html': PAGE, 'lessons/one/task.json': '{"task":"a"}' });
  expect(JSON.parse(read('lessons/one/task.json'))).toEqual({ build: nameIn(read('index.html')), task: 'a' });
});

test('whatever is another makes another name', () => {
  const files = { 'index.html': PAGE, 'lessons/one/task.json': '{"task":"a"}' };
  const name = nameIn(named(files)('index.html'));
  expect(nameIn(named({ ...files, 'lessons/one/task.json': '{"task":"b"}' })('index.html'))).not.toBe(name);
  expect(nameIn(named({ ...files, 'index.html': PAGE.replace('>', ' >') })('index.html'))).not.toBe(name);
  expect(nameIn(named(files)('index.html'))).toBe(name);
});

test('a policy of another wording alone is a new build: nothing writes pages after the name', () => {
  const [open, closed] = [withPolicy(PAGE, [], ['https://engine.example']), withPolicy(PAGE)];
  expect(nameIn(named({ 'index.html': open })('index.html'))).not.toBe(nameIn(named({ 'index.html': closed })('index.html')));
  expect(config.integrations?.flat().at(-1)).toMatchObject({ name: 'build-name' });
});
