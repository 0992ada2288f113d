import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, it, test } from 'vitest';
import { HASH, hasWork } from './hash.ts';
import { decode, encode, LinkError, LONGEST, type SharedWork, TooLargeError } from './link.ts';
import { faultOfPath, faultOfTarget } from './paths.ts';

const file = (text: string, mode = 0o644) => ({ kind: 'file', data: new TextEncoder().encode(text), mode, uid: 0, gid: 0 }) as const;

const WORK: SharedWork = {
  lesson: 'which-worker',
  changes: {
    '/srv/shop/uwsgi.ini': file('[uwsgi]\nprocesses = 8\n'),
    '/srv/shop/häßlich 🦉.txt': file('\u{feff}mit BOM\r\n', 0o600),
    '/srv/shop/data.bin': { kind: 'file', data: Uint8Array.of(0, 255, 128, 10), mode: 0o4755, uid: 33, gid: 33 },
    '/srv/shop/empty': file(''),
    '/srv/shop/new': { kind: 'folder', mode: 0o750, uid: 33, gid: 0 },
    '/etc/nginx/sites-enabled/shop': { kind: 'link', target: '../sites-available/shop' },
    '/srv/shop/static/wsgi.py': null,
  },
  tab: 'files',
  step: 3,
};

/** A hash that holds this, whatever it is. */
function hashOf(value: unknown, version = '1'): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : new TextEncoder().encode(JSON.stringify(value));
  return `${HASH}${version}.${Buffer.from(deflateSync(bytes)).toString('base64url')}`;
}

const plain = { lesson: 'one', tab: null, step: null };
const refused = (hash: string): string => {
  try {
    decode(hash);
  } catch (error) {
    expect(error).toBeInstanceOf(LinkError);
    return (error as LinkError).message;
  }
  throw new Error('it was taken');
};

it('comes out as it went in, bytes and modes and links and what was removed', () => {
  const hash = encode(WORK);
  expect(hash).toMatch(/^#work=1\.[A-Za-z0-9_-]+$/);
  expect(hasWork(hash)).toBe(true);
  expect(decode(hash)).toEqual(WORK);
});

it('a link holds a lesson of ordinary size with room to spare', () => {
  const app = Array.from({ length: 200 }, (_, line) => `def page_${line}(query):\n    return f'page {query} number ${line}'\n`).join('\n');
  const hash = encode({ ...WORK, changes: { '/srv/shop/app/wsgi.py': file(app), '/srv/shop/uwsgi.ini': file('[uwsgi]\n') } });
  expect(hash.length).toBeLessThan(LONGEST / 4);
});

it('work that is too large is said to be, by its size', () => {
  const noise = fc.sample(fc.uint8Array({ minLength: 60_000, maxLength: 60_000 }), { numRuns: 1, seed: 1 })[0] as Uint8Array;
  const changes = { '/srv/noise': { kind: 'file', data: noise, mode: 0o644, uid: 0, gid: 0 } } as const;
  expect(() => encode({ ...WORK, changes })).toThrow(TooLargeError);
  // small when packed, and more than anybody's link is unpacked
  expect(() => encode({ ...WORK, changes: { '/srv/zeros': file('0'.repeat(1_100_000)) } })).toThrow(TooLargeError);
});

describe('work that no link can hold is said to be, when the link is made', () => {
  const link = (target: string) => ({ kind: 'link', target }) as const;
  test.each<[string, SharedWork['changes'], RegExp]>([
    [
      'many files',
      Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`/srv/${n}`, file('')])),
      /^Your work has 600 files.* at most 500/,
    ],
    ['a backslash', { '/srv/a\\b': file('') }, /^No link can hold "\/srv\/a\\\\b": a character that no name has\. Rename/],
    ['a long path', { [`/srv/${'a'.repeat(255)}`]: null }, /too long a name/],
    ['a folder of the system', { '/sys/x': file('') }, /a folder of the system/],
    ['a link over two lines', { '/srv/a': link('b\nc') }, /"\/srv\/a": a link with a character/],
    ['a link that leads far', { '/srv/a': link('b'.repeat(1_001)) }, /too long a target/],
  ])('%s', (_, changes, says) => {
    expect(() => encode({ ...WORK, changes })).toThrow(
      expect.objectContaining({ constructor: LinkError, message: expect.stringMatching(says) }),
    );
  });
});

describe('a link from another hand', () => {
  test.each([
    ['nothing', HASH, /damaged/],
    ['no version', `${HASH}AAAA`, /damaged/],
    ['what is no base64', `${HASH}1.a+b/`, /damaged/],
    ['base64 of an impossible length', `${HASH}1.A`, /damaged/],
    ['cut off', encode(WORK).slice(0, -20), /damaged/],
    ['one letter changed', encode(WORK).replace(/.(?=.{30}$)/, (one) => (one === 'A' ? 'B' : 'A')), /damaged|wants to write/],
    ['a newer version', hashOf({ ...plain, files: {} }, '2'), /another version .*\(2; this one reads 1\)/],
    ['too long', `${HASH}1.${'A'.repeat(LONGEST)}`, /longer than such links/],
    ['a bomb', hashOf(' '.repeat(20_000_000)), /unpacks to more/],
    ['no JSON', hashOf('{"lesson":'), /damaged/],
    ['a list', hashOf([]), /damaged/],
    ['no files', hashOf(plain), /damaged/],
    ['no slug', hashOf({ ...plain, lesson: '../x', files: {} }), /damaged/],
    ['another kind', hashOf({ ...plain, files: { '/a': { device: 1, mode: 0, uid: 0, gid: 0 } } }), /damaged/],
    ['a mode that is none', hashOf({ ...plain, files: { '/a': { text: '', mode: 1e9, uid: 0, gid: 0 } } }), /damaged/],
    ['an owner that is none', hashOf({ ...plain, files: { '/a': { text: '', mode: 420, uid: -1, gid: 0 } } }), /damaged/],
    ['bytes that are none', hashOf({ ...plain, files: { '/a': { bytes: '#', mode: 420, uid: 0, gid: 0 } } }), /damaged/],
    ['an empty link', hashOf({ ...plain, files: { '/a': { link: '' } } }), /damaged/],
    ['a link that forges a line', hashOf({ ...plain, files: { '/srv/a': { link: 'x\nf\t0644\troot:root\t/etc/passwd\t' } } }), /damaged/],
    ['many files', hashOf({ ...plain, files: Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`/${n}`, null])) }), /501 files/],
  ])('%s: a sentence, no harm', (_, hash, says) => {
    expect(refused(hash)).toMatch(says);
  });

  test.each([
    'a',
    '../a',
    '/../a',
    '/a/../b',
    '/a/./b',
    '/a//b',
    '/a/',
    '/',
    '',
    '/proc/1/x',
    '/run/x',
    '/tmp',
    '/sys/x',
    '/srv/__pycache__/wsgi.pyc',
    '/dev/null',
    '/a\0b',
    '/a\nb',
    '/a\\b',
    '/a\u202eb',
    `/${'a'.repeat(300)}`,
    '__proto__',
  ])('a path as %j', (path) => {
    expect(faultOfPath(path)).not.toBeNull();
    expect(refused(hashOf(`{"lesson":"one","files":{${JSON.stringify(path)}:null}}`))).toMatch(/wants to write where no lesson/);
  });

  test.each(['/srv/shop/..a', '/srv/shop/a b', '/runs', '/etc/nginx/sites-enabled/shop', '/srv/ä'])('and %j is one', (path) => {
    expect(faultOfPath(path)).toBeNull();
  });

  test('a tab or step that makes no sense is left out', () => {
    expect(decode(hashOf({ lesson: 'one', tab: '<b>', step: 1.5, files: {} }))).toEqual({
      lesson: 'one',
      tab: null,
      step: null,
      changes: {},
    });
  });
});

describe('any work, any rubbish', () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9._ äß-]{1,12}$/).filter((one) => one !== '.' && one !== '..');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/srv/${names.join('/')}`);
  const owner = {
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: fc.integer({ min: 0, max: 65_535 }),
    gid: fc.integer({ min: 0, max: 65_535 }),
  };
  const change = fc.oneof(
    fc.constant(null),
    fc.record({
      kind: fc.constant('file' as const),
      data: fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
      ),
      ...owner,
    }),
    fc.record({ kind: fc.constant('folder' as const), ...owner }),
    fc.record({
      kind: fc.constant('link' as const),
      target: fc.string({ minLength: 1, maxLength: 30 }).filter((text) => faultOfTarget(text) === null),
    }),
  );
  const work = fc.record({
    lesson: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
    changes: fc.dictionary(path, change, { maxKeys: 8, noNullPrototype: true }),
    tab: fc.option(fc.stringMatching(/^[a-z]{1,10}$/)),
    step: fc.option(fc.integer({ min: 1, max: 99 })),
  });

  it('round trip', () => {
    fc.assert(fc.property(work, (one) => void expect(decode(encode(one))).toEqual(one)));
  });

  const harmless = (hash: string): boolean => {
    try {
      return Object.keys(decode(hash).changes).every((one) => faultOfPath(one) === null);
    } catch (error) {
      return error instanceof LinkError;
    }
  };

  it('never throws anything but its sentence, and lets no path through that is none', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => harmless(`${HASH}1.${text}`)));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => harmless(`${HASH}1.${Buffer.from(bytes).toString('base64url')}`)));
    fc.assert(fc.property(fc.json(), (json) => harmless(hashOf(json))));
    const files = fc.dictionary(
      fc.oneof(fc.string(), path),
      fc.oneof(fc.jsonValue(), fc.record({ text: fc.string(), mode: fc.nat(), uid: fc.nat(), gid: fc.nat() })),
    );
    fc.assert(fc.property(files, (some) => harmless(hashOf({ ...plain, files: some }))));
  });

  it('a good link with some bytes changed is read or refused', () => {
    const good = encode(WORK);
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.stringMatching(/^[A-Za-z0-9_.#-]$/),
        (at, letter) => harmless(good.slice(0, at) + letter + good.slice(at + 1)) || !hasWork(good.slice(0, at) + letter),
      ),
    );
  });
});
