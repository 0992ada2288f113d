import { expect, test } from 'vitest';
import { linkWith, presetIn } from './address.ts';

const SLUGS = ['play-shop', 'play-two-workers', 'play-broken'];

test.each([
  ['#two-workers', '', 'play-two-workers'],
  ['', '?begin=broken', 'play-broken'],
  ['#work=1.AAAA', '?begin=two-workers', 'play-two-workers'],
  ['#two-workers', '?begin=broken', 'play-two-workers'],
  ['', '', null],
  ['#work=1.AAAA', '', null],
  ['#work=1.AAAA', '?begin=other', null],
])('an address with %j and %j begins with %j', (hash, search, slug) => {
  expect(presetIn({ hash, search }, SLUGS)).toBe(slug);
});

test.each(SLUGS)('a link to the work of %s opens there, wherever it was made', (slug) => {
  const link = linkWith('https://a.example/playground/?begin=other#broken', slug, '#work=1.AAAA');
  const { pathname, hash } = new URL(link);
  expect([pathname, hash, presetIn(new URL(link), SLUGS)]).toEqual(['/playground/', '#work=1.AAAA', slug]);
});

test('a link to a lesson has the work and no query', () => {
  expect(linkWith('https://a.example/lessons/one/?q=x#step-2', 'one', '#work=1.AAAA')).toBe('https://a.example/lessons/one/#work=1.AAAA');
});
