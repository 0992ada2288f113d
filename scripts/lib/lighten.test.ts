import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { lighten, lightened, sheetOrder } from './lighten.ts';
import { PLACEHOLDER } from './relocatable.ts';

const folder = mkdtempSync(join(tmpdir(), 'sheets-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const chunk = (sheet: string, imports: readonly string[] = [], more: object = {}) => ({
  type: 'chunk' as const,
  isEntry: false,
  imports,
  dynamicImports: [],
  viteMetadata: { importedCss: new Set(sheet ? [sheet] : []) },
  ...more,
});

test('what a component imports comes before its own rules, and what is imported at run time last', () => {
  const order = sheetOrder({
    'lesson.js': chunk('lesson.css', ['page.js', 'figure.js']),
    'figure.js': chunk('figure.css', ['base.js'], { dynamicImports: ['terminal.js'] }),
    'page.js': chunk('page.css', ['base.js']),
    'base.js': chunk('base.css'),
    'terminal.js': chunk('terminal.css', ['base.js']),
    'entry.js': chunk('', [], { isEntry: true, dynamicImports: ['lesson.js', 'map.js'] }),
    'map.js': chunk('map.css'),
    'terminal.css': { type: 'asset' },
  });
  expect(order).toEqual(['base.css', 'page.css', 'figure.css', 'lesson.css', 'map.css', 'terminal.css']);
});

const page = (...sheets: readonly string[]): string =>
  `<head>${sheets.map((sheet) => `<link rel="stylesheet" href="${PLACEHOLDER}assets/${sheet}">`).join('')}<title>x</title></head>`;

/** Joins the sheets of a site of these pages and of sheets with their own name as their text; the links that each page has then. */
function joined(pages: Readonly<Record<string, string>>, order: readonly string[]): Record<string, string[]> {
  const files = { ...pages, ...Object.fromEntries(order.map((sheet) => [sheet, sheet])) };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  lighten(folder, order);
  const links = (name: string) => [...readFileSync(join(folder, name), 'utf8').matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href);
  return Object.fromEntries(Object.keys(pages).map((name) => [name, links(name)]));
}

test('a page has one sheet, in the order of the build; pages with the same sheets share it; the parts are gone', () => {
  const links = joined(
    {
      'index.html': page('b.css', 'a.css'),
      'lessons/iis/index.html': page('a.css', 'b.css'),
      'map/index.html': page('a.css'),
      'embed/examples/plain.html': '<link rel="stylesheet" href="dist/reveal.css">',
    },
    ['assets/a.css', 'assets/b.css'],
  );
  expect(links['index.html']).toHaveLength(1);
  expect(links['index.html']).toEqual(links['lessons/iis/index.html']);
  expect(links['map/index.html']).not.toEqual(links['index.html']);
  expect(links['embed/examples/plain.html']).toEqual(['dist/reveal.css']);
  const file = links['index.html']?.[0]?.replace(PLACEHOLDER, '') ?? '';
  expect(readFileSync(join(folder, file), 'utf8')).toBe('assets/a.css\nassets/b.css');
  expect(readdirSync(join(folder, 'assets'))).toHaveLength(2);
});

test('a sheet whose place is not known stops the build', () => {
  expect(() => joined({ 'index.html': page('late.css') }, [])).toThrow(
    'late.css: a page is linked to a style sheet that the build did not order',
  );
});

const LINK = `<link rel="stylesheet" href="${PLACEHOLDER}assets/a.css">`;

test('scripts wait for what the text needs, and so does what they import; the ones in the page itself are as they were', () => {
  const script = (file: string): string => `<script type="module" src="${PLACEHOLDER}assets/${file}"></script>`;
  const html = lightened(`${script('a.js')}${script('b.js')}<script>x</script>`, {
    joined: String,
    imported: (scripts) => [...scripts, 'assets/c.js'],
  });
  expect(html.replaceAll(`${PLACEHOLDER}assets/`, '')).toBe(
    '<link rel="modulepreload" fetchpriority="low" href="a.js"><link rel="modulepreload" fetchpriority="low" href="b.js"><link rel="modulepreload" fetchpriority="low" href="c.js">' +
      '<script type="module" fetchpriority="low" src="a.js"></script><script type="module" fetchpriority="low" src="b.js"></script><script>x</script>',
  );
});

test('what is imported is followed through the scripts of the site, but not what is fetched when it is wanted', () => {
  const html = `<script type="module" src="${PLACEHOLDER}assets/a.js"></script>`;
  const links = joined(
    {
      'index.html': html,
      'assets/a.js': 'import"./b.js";import("./late.js")',
      'assets/b.js': 'import{c}from"./c.js"',
      'assets/c.js': '',
      'assets/late.js': '',
    },
    [],
  );
  expect(links['index.html']).toEqual([`${PLACEHOLDER}assets/b.js`, `${PLACEHOLDER}assets/c.js`]);
});

test.each([
  ['two sheets', `${LINK}<link href="${PLACEHOLDER}assets/b.css" rel="stylesheet">`],
  ['a script', '<script src="a.js" type="module"></script>'],
])('%s that are written in another way stop the build', (_, html) => {
  expect(() => lightened(html, { joined: () => 'assets/style.css', imported: () => [] })).toThrow('in another way');
});
