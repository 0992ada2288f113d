import { expect, test } from 'vitest';
import { WishError, wishesOf } from './wishes.ts';

const LESSONS = ['one', 'two'];
const wishes = (line: string): ReturnType<typeof wishesOf> => wishesOf(line.split(' ').filter(Boolean), LESSONS);

test('what is not told is 1.2, bundled, without a site', () => {
  expect(wishes('--lesson two')).toEqual({ slugs: ['two'], version: '1.2', mode: 'bundled', site: null, out: 'packages' });
  expect(wishes('--lesson all --version 2004 --mode remote --site https://s.example/web --out x')).toEqual({
    slugs: LESSONS,
    version: '2004',
    mode: 'remote',
    site: 'https://s.example/web/',
    out: 'x',
  });
});

test.each([
  ['', 'Which lesson? --lesson all, or one of one, two.'],
  ['--lesson nope', 'There is no lesson nope. There are one, two; and all.'],
  ['--lesson one --version 3', '--version 3 is not known. There are 1.2 and 2004.'],
  ['--lesson one --version toString', '--version toString is not known'],
  ['--lesson one --mode online', '--mode online is not known. There are bundled and remote.'],
  ['--lesson one --mode remote', '--mode remote needs --site'],
  ['--lesson one --site s.example', '--site s.example is no address'],
  ['--lesson one --site http://s.example/', 'It begins with https://'],
  ['--leson one', "Unknown option '--leson'"],
  ['--lesson', 'argument missing'],
])('"%s" is refused: %s', (line, why) => {
  expect(() => wishes(line)).toThrow(WishError);
  expect(() => wishes(line)).toThrow(why);
});
