/** Where the lessons' claims are from: every source is one that was read, and every link of the text leads to one of them. */
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lessonFolders, readLesson } from '../scripts/lib/lesson.ts';
import { BELOW, PAGES } from './sources.ts';

const plain = (url: string): string => url.replace(/#.*$/, '').replace(/\/$/, '');
const pages = new Set(PAGES.map(plain));

const known = (url: string): boolean => pages.has(plain(url)) || BELOW.some((source) => url.startsWith(source));

/** Addresses of the text's links to elsewhere: `[words](address)`, and any other way to write one, but not code or a command. An address may have brackets of its own. */
function linksOf(body: string): string[] {
  return [...body.replace(/```[^]*?```|`[^`\n]*`|\brun="[^"]*"/g, '').matchAll(/https?:\/\/(?:\([^\s()]*\)|[^\s()<>"'])+/g)].map(
    ([url]) => url,
  );
}

test('finds links with brackets in them, and tells pages from each other', () => {
  expect(linksOf('A [b](https://a.example/c(v=1.2)), <a href="https://b.example/#d">e</a>, and `curl https://localhost/f`.')).toEqual([
    'https://a.example/c(v=1.2)',
    'https://b.example/#d',
  ]);
  expect(linksOf('`proxy_pass http://127.0.0.1:8000;` and <Do run="curl http://localhost/">Ask</Do>')).toEqual([]);
  expect(known('https://nginx.org/en/docs/control.html#upgrade')).toBe(true);
  expect(known('https://nginx.org/en/docs/howto.html')).toBe(false);
  expect(known('https://peps.python.org/pep-0779/')).toBe(true);
});

describe.each(lessonFolders().map((folder) => [basename(folder), folder] as const))('%s', (_, folder) => {
  const { body, data } = readLesson(folder);
  const facts = data.facts.flatMap(({ url }) => url ?? []);

  test('every fact rests on a source that was read', () => {
    expect(facts.filter((url) => !known(url))).toEqual([]);
  });

  test('every link of the text is the source of a fact', () => {
    const sources = new Set(facts.map(plain));
    expect(linksOf(body).filter((url) => !sources.has(plain(url)))).toEqual([]);
  });
});
