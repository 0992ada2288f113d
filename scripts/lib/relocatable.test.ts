import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { whatIsMissing } from '../preview.ts';
import { chunkFile, PLACEHOLDER, placed, relocate, siteBaseSetting, wayUp } from './relocatable.ts';

let folder = '';
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

const link = (to: string): string => `<!doctype html><html lang="en"><a href="${PLACEHOLDER}${to}">x</a></html>`;

/** Relocates a site of these files; reads one of them back. */
function site(files: Readonly<Record<string, string>>, base = '/'): (file: string) => string {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  relocate(folder, base);
  return (file) => readFileSync(join(folder, file), 'utf8');
}

test.each([
  ['index.html', './'],
  ['map/index.html', '../'],
  ['lessons/iis/index.html', '../../'],
])('the way up from %s is %s', (file, way) => expect(wayUp(file)).toBe(way));

test('a page finds the rest of the site wherever it lies, and so do its scripts', () => {
  const read = site({
    'index.html': link('map/'),
    'lessons/iis/index.html': link('favicon.svg'),
    'a.css': `src:url(${PLACEHOLDER}f.woff2)`,
  });
  expect(read('index.html')).toContain('href="./map/"');
  expect(read('lessons/iis/index.html')).toContain('href="../../favicon.svg"');
  expect(read('lessons/iis/index.html')).toMatch(/<html data-base="\.\.\/\.\.\/" lang/);
  expect(read('a.css')).toBe('src:url(./f.woff2)');
});

test('the page for what is not there stands for any depth: it has the base that the build was told', () => {
  expect(site({ '404.html': link('lessons/') }, '/courses/web/')('404.html')).toContain('href="/courses/web/lessons/"');
});

test('a site whose build did not end is not served', () => {
  const page = `<html><a href="${PLACEHOLDER}lessons/">`;
  expect(whatIsMissing(page)).toContain('is not whole');
  expect(whatIsMissing(placed(page, './'))).toBeNull();
  expect(whatIsMissing(null)).toContain('no dist/ yet');
});

test('a script or data with an address of the root stops the build, by name', () => {
  expect(() => site({ 'assets/a.js': `fetch("${PLACEHOLDER}x")` })).toThrow(/^assets\/a\.js has an address of the site's root/);
  expect(() => site({ 'x/task.json': `{"a":"${PLACEHOLDER}x"}` })).toThrow(/^x\/task\.json/);
  // escaped, as in a string of a script in the page
  expect(() => placed(`<html>${PLACEHOLDER.replaceAll('/', '\\/')}`, './')).toThrow('cannot be moved');
});

test('no name that a host may refuse', () => {
  expect(chunkFile({ name: '__init__' })).toBe('assets/init__.[hash].js');
  expect(chunkFile({ name: '.gitkeep_raw' })).toBe('assets/gitkeep_raw.[hash].js');
  expect(chunkFile({ name: 'Lesson.astro?type=script' })).toBe('assets/Lesson.astro_type_script.[hash].js');
  expect(() => site({ 'assets/_x.js': '' })).toThrow(/^assets\/_x\.js: some hosts refuse/);
});

test('the base of a build', () => {
  expect(siteBaseSetting()).toBe('/');
  vi.stubEnv('SITE_BASE', '/courses/web/');
  expect(siteBaseSetting()).toBe('/courses/web/');
  for (const wrong of ['courses/web/', '/courses/web', '//evil.example/', '/a b/']) {
    vi.stubEnv('SITE_BASE', wrong);
    expect(() => siteBaseSetting(), wrong).toThrow(`The base is "${wrong}"`);
  }
});
