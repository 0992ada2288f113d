import { expect, test } from 'vitest';
import { letter, onPaper, Sources } from './paper.ts';

const sheet = (before = '') => ({ sources: new Sources(), before, root: '../', lessons: '../lessons/' });

test('scripts go, whatever they say of themselves', () => {
  expect(onPaper('<p>a</p><script type="module">x("</p>")</script>\n<script src="y.js"></script><p>b</p>', sheet())).toBe(
    '<p>a</p>\n<p>b</p>',
  );
});

test('an address gets a number, the same one each time', () => {
  const one = sheet();
  const html = onPaper(
    '<a href="https://a.example/?x=1&amp;y">A</a> <a href="https://b.example/">B</a> <a href="https://a.example/?x=1&amp;y">A</a>',
    one,
  );
  expect([...html.matchAll(/<sup class="ref">(\d)<\/sup>/g)].map(([, n]) => n)).toEqual(['1', '2', '1']);
  expect(one.sources.addresses).toEqual(['https://a.example/?x=1&y', 'https://b.example/']);
});

test('links hold from where the sheet lies', () => {
  const html =
    '<a class="term" href="../../glossary/#wsgi">a</a><a href="../gil/#step-2">b</a><a href="#step-1">c</a><a href="#x-step-1">d</a>';
  const links = [...onPaper(html, sheet('x-')).matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
  expect(links).toEqual(['../glossary/#wsgi', '../lessons/gil/#step-2', '#x-step-1', '#x-step-1']);
});

test('answers have letters', () => {
  expect([0, 4].map(letter)).toEqual(['A', 'E']);
});
