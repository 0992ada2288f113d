/** What is found, over the course as it is: the lessons' files, the reference pages and the glossary. */
import MiniSearch from 'minisearch';
import { beforeAll, describe, expect, test } from 'vitest';
import { lessonFolders, readLesson } from '../../scripts/lib/lesson.ts';
import type { LessonEntry } from '../lesson/lessons.ts';
import { entriesOf } from './entries.ts';
import { excerpt, marked } from './excerpt.ts';
import { type Entry, OPTIONS, SEARCH } from './options.ts';
import { plainText, stepTexts } from './plain.ts';

let index: MiniSearch<Entry>;

beforeAll(() => {
  const lessons = lessonFolders().map((folder) => {
    const { slug, data, body } = readLesson(folder);
    return { slug, number: 1, folder, address: `/lessons/${slug}/`, entry: { body }, data } as unknown as LessonEntry;
  });
  const made = new MiniSearch(OPTIONS);
  made.addAll(entriesOf(lessons));
  // as it comes over the network
  index = MiniSearch.loadJSON(JSON.stringify(made), OPTIONS);
});

const found = (query: string): string[] => index.search(query, SEARCH).map(({ to }) => String(to));

describe('what is found', () => {
  test('a term leads to the glossary and to the steps that speak of it', () => {
    const to = found('listen queue');
    expect(to).toContain('glossary/#listen-queue');
    expect(to).toContainEqual(expect.stringMatching(/^lessons\/which-worker\/#step-\d$/));
  });

  test('a setting leads to its row', () => {
    expect(found('uwsgi_pass')[0]).toMatch(/#uwsgi_pass$/);
    expect(found('harakiri')).toContain('reference/uwsgi/#harakiri');
  });

  test('words may be begun only, or written with a slip', () => {
    expect(found('harak')).toContain('glossary/#harakiri');
    expect(found('harakirri')).toContain('glossary/#harakiri');
    expect(found('gracefull reload')).toContain('glossary/#graceful-reload');
  });

  test('all words must be there; words that stand everywhere do not count', () => {
    expect(found('helicopter')).toEqual([]);
    expect(found('harakiri helicopter')).toEqual([]);
    expect(found('what is a web garden')).toContain('glossary/#web-garden');
  });

  test('every address leads to a page and, in lessons, to a step there is', () => {
    const steps = new Map(lessonFolders().map((folder) => [readLesson(folder).slug, stepTexts(readLesson(folder).body).steps.length]));
    for (const to of found('worker')) {
      const [, slug = '', n] = /^lessons\/([^/]+)\/(?:#step-(\d+))?/.exec(to) ?? [];
      if (n) expect(Number(n)).toBeLessThanOrEqual(steps.get(slug) ?? 0);
    }
  });
});

describe('the text of a lesson', () => {
  test('marks go, words stay', () => {
    expect(
      plainText(
        'It is **so**, see [the docs](https://x.example/y), `a_b`.\n\n<Do send="/x">Send it</Do>\n\n- one\n- two\n\n```ini\nworkers = 2\n```',
      ),
    ).toBe('It is so, see the docs, a_b. Send it one two workers = 2');
  });

  test('each step has its number, its title and its own text', () => {
    const { opening, steps } = stepTexts(
      'Before.\n\n<Step n={1} title="One">\n\nA.\n\n</Step>\n\n<Step n={2} title="Two">\n\nB.\n\n</Step>',
    );
    expect(opening).toBe('Before.');
    expect(steps).toEqual([
      { n: 1, title: 'One', text: 'A.' },
      { n: 2, title: 'Two', text: 'B.' },
    ]);
  });
});

describe('an excerpt', () => {
  const long = `${'word '.repeat(40)}the Queue is full ${'more '.repeat(40)}`.trim();

  test('shows the first hit, marked, and is cut at spaces', () => {
    const parts = excerpt(long, ['queue']);
    expect(parts.filter(({ hit }) => hit)).toEqual([{ text: 'Queue', hit: true }]);
    const text = parts.map((part) => part.text).join('');
    expect(text).toMatch(/^… word .* …$/);
    expect(text.length).toBeLessThan(170);
  });

  test('without a hit it is the beginning; whole words only are hits', () => {
    expect(excerpt('A short one.', [])).toEqual([{ text: 'A short one.', hit: false }]);
    expect(marked('queued queue.', ['queue'])).toEqual([
      { text: 'queued ', hit: false },
      { text: 'queue', hit: true },
      { text: '.', hit: false },
    ]);
    expect(marked('a (b) c', ['(b)', '.*'])).not.toEqual([]);
  });
});
