import { expect, test } from 'vitest';
import { matcher, type Syntax } from './pattern.ts';

/** Pattern, syntax, what it finds, what it does not. Tried with GNU grep 3.8. */
const CASES: [pattern: string, syntax: Syntax, yes: string, no: string][] = [
  ['a+', 'basic', 'a+', 'aa'],
  ['a\\+$', 'basic', 'baa', 'ab'],
  ['a+$', 'extended', 'baa', 'ab'],
  ['a|b', 'basic', 'a|b', 'b'],
  ['a\\|b', 'basic', 'xb', 'x'],
  ['^\\(ab\\)\\{2\\}$', 'basic', 'abab', 'ab'],
  ['^(ab){2}$', 'extended', 'abab', 'ab'],
  ['\\(.\\)\\1', 'basic', 'aa', 'ab'],
  ['*a', 'basic', '*a', 'a'],
  ['\\[error\\]', 'basic', 'x [error] y', 'error'],
  ['[[:digit:]]+x', 'extended', '12x', 'x'],
  ['[^]a]', 'basic', 'b', ']a'],
  ['[\\]', 'basic', '\\', ']'],
  ['\\.css', 'basic', '/site.css', '/siteXcss'],
  ['\\<GET\\>', 'basic', '"GET /"', 'GETTER'],
  ['a.c*', 'fixed', 'xa.c*x', 'abc'],
  ['foo$\\|bar', 'basic', 'a foo', 'foox'],
  ['\\(foo$\\)', 'basic', 'a foo', 'foox'],
  ['$5 a^b', 'basic', '$5 a^b', '5 ab'],
  ['" 50[024] ', 'basic', '"GET / HTTP/1.1" 502 157', '"GET / HTTP/1.1" 200 157'],
];

test.each(CASES)('%s (%s) finds %s and not %s', (pattern, syntax, yes, no) => {
  expect(matcher(pattern, syntax, false).test(yes)).toBe(true);
  expect(matcher(pattern, syntax, false).test(no)).toBe(false);
});
