/** Whether every row of the map leads somewhere: to a step there is, to a word of the glossary, to a source that was read. */
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BELOW, PAGES } from '../../lessons/sources.ts';
import { lessonFolders, readLesson } from '../../scripts/lib/lesson.ts';
import { TERMS } from '../glossary/terms.ts';
import { OUTLINE } from '../lesson/outline.ts';
import { tagsIn } from '../lesson/tags.ts';
import { GROUPS } from './index.ts';

const rows = GROUPS.flatMap((group) => group.rows);
const steps = new Map(
  lessonFolders().map((folder) => [Number.parseInt(basename(folder), 10), tagsIn(readLesson(folder).body, 'Step').length]),
);
const plain = (url: string): string => url.replace(/#.*$/, '').replace(/\/$/, '');
const sources = new Set(PAGES.map(plain));

test('each row and group has a place of its own', () => {
  const ids = [...GROUPS.map(({ id }) => id), ...rows.map(({ id }) => id)];
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(ids.filter((id) => !/^[a-z][a-z0-9-]*$/.test(id))).toEqual([]);
  // ids of the page itself
  expect(ids.filter((id) => ['main', 'map-q', 'map-group'].includes(id))).toEqual([]);
});

test('each lesson is in the map', () => {
  const taught = new Set(rows.map(({ lesson: [number] }) => number));
  // the last one, the capstone, teaches nothing new
  expect([...OUTLINE.keys()].filter((number) => number <= 14 && !taught.has(number))).toEqual([]);
});

describe.each(rows.map((row) => [row.id, row] as const))('%s', (_, row) => {
  test('leads to a lesson, a word and a source that there are', () => {
    const [number, step] = row.lesson;
    expect(OUTLINE.has(number)).toBe(true);
    // a lesson that is still to come has no link
    const last = steps.get(number);
    if (last !== undefined && step !== undefined) expect(step).toBeLessThanOrEqual(last);
    if (row.word !== undefined) expect(TERMS.map(({ id }) => id)).toContain(row.word);
    expect(sources.has(plain(row.source)) || BELOW.some((source) => row.source.startsWith(source)), row.source).toBe(true);
  });

  test('says the difference in one sentence, and code is closed', () => {
    expect(row.says).toMatch(/^[^]{30,190}[.]$/);
    expect(row.says.match(/[.!?](?=\s|$)/g)).toHaveLength(1);
    for (const text of [row.here, row.iis, row.core, row.says]) expect(text.split('`').length % 2).toBe(1);
    for (const text of [row.here, row.iis, row.core]) expect(text.length).toBeLessThanOrEqual(60);
  });
});
