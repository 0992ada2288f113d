import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bothMedia, readCss } from './css.ts';

const nothing = (): null => null;

describe('addresses in a style sheet', () => {
  it.each([
    ['a { background: url(x.png) }', ['x.png']],
    ['a { background: url( "x y.png" ) }', ['x y.png']],
    [String.raw`a { background: url(x\).png) }`, ['x).png']],
    // however it is written
    [String.raw`a { background: \75 rl(http://evil/) }`, ['http://evil/']],
    [String.raw`a { background: u\72l("http://evil/") }`, ['http://evil/']],
    ['a { background: URL(//evil) }', ['//evil']],
    ['a { background: image-set("a.png" 1x, url(b.png) 2x) }', ['a.png', 'b.png']],
    ['a { background: -webkit-image-set("a.png" 1x) }', ['a.png']],
    ['@font-face { src: url(f.woff2) format("woff2"), src("g.woff2") }', ['f.woff2', 'g.woff2']],
    ['a { background: url(x.png', ['x.png']],
    ['/* url(no.png) */ a::before { content: "url(no.png)" }', []],
    ['a { background: image-set("a.png" type("image/png")) }', ['a.png']],
    ['@namespace url(http://www.w3.org/1999/xhtml); a { color: red }', []],
  ])('%s', (css, assets) => {
    expect(readCss(css).assets).toEqual(assets);
  });

  it('are replaced by what was fetched, and lead nowhere when nothing was', () => {
    const css = readCss('a { background: url(x.png), url(y.png) }');
    expect(css.write((url) => (url === 'x.png' ? 'data:image/png;base64,AA==' : null))).toBe(
      'a { background: url("data:image/png;base64,AA=="), url("data:,") }',
    );
  });
});

it('takes imports out, with their media', () => {
  const css = readCss(
    '@charset "utf-8"; @import "a.css"; @import url(b.css) print and (width > 5px); @IMPORT \'c.css\' layer(x); p { color: red }',
  );
  expect(css.imports).toEqual([
    { url: 'a.css', media: '' },
    { url: 'b.css', media: 'print and (width > 5px)' },
    { url: 'c.css', media: '' },
  ]);
  expect(css.write(nothing)).not.toContain('import');
  expect(css.write(nothing)).toContain('p { color: red }');
});

it('leaves what it need not touch', () => {
  const text = '@media (width < 600px) { a > b, c[href^="x"]::after { content: "→ \\201C"; margin: calc(1px + var(--y)) } }';
  expect(readCss(text).write(nothing)).toContain(
    '@media (width < 600px) { a > b, c[href^="x"]::after { content: "→ “"; margin: calc(1px + var(--y)) } }',
  );
});

it('joins media', () => {
  expect([bothMedia('', 'print'), bothMedia('screen', ''), bothMedia('screen, tv', '(width > 1px)')]).toEqual([
    'print',
    'screen',
    'screen and (width > 1px), tv and (width > 1px)',
  ]);
});

const PIECES = [
  'url(',
  '\\75 rl(',
  'image-set(',
  '"',
  "'",
  ')',
  '(',
  '\\',
  '/*',
  '*/',
  '@import ',
  ';',
  '{',
  '}',
  'http://evil/',
  '</style>',
  '<',
  '!--',
  '\n',
  ' ',
  'a',
  ',',
];
const sheets = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 3 }))).map((pieces) => pieces.join(''));

describe('whatever a sheet is', () => {
  it('it does not end its element, and its addresses lead to data', () => {
    fc.assert(
      fc.property(sheets, (text) => {
        const css = readCss(text).write(nothing);
        expect(css).not.toMatch(/<\//);
        // read again, every address in it is one of ours
        expect(readCss(css).assets.filter((url) => url !== 'data:,')).toEqual([]);
        expect(readCss(css).imports).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
