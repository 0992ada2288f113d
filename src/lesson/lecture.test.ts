/** The times of the lecture: no gap, and the lessons' own times agree with them. */
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lessonFolders, readLesson } from '../../scripts/lib/lesson.ts';
import { lectureLink, POINTS, pointAt, secondsOf } from './lecture.ts';
import { OUTLINE } from './outline.ts';

test('the points follow each other without a gap, from the beginning on', () => {
  expect(POINTS[0]?.from).toBe('0:00');
  for (const [index, { from, to }] of POINTS.entries()) {
    expect(secondsOf(to)).toBeGreaterThan(secondsOf(from));
    expect(POINTS[index + 1]?.from ?? '3:30').toBe(index + 1 < POINTS.length ? to : '3:30');
  }
});

test('every point has a lesson, and every lesson of the lecture a point', () => {
  const covering = new Set(POINTS.flatMap(({ lessons }) => lessons));
  expect(POINTS.filter(({ lessons }) => lessons.length === 0)).toEqual([]);
  expect([...covering].filter((number) => !OUTLINE.has(number))).toEqual([]);
  expect(Array.from({ length: 14 }, (_, index) => index + 1).filter((number) => !covering.has(number))).toEqual([]);
});

const heads = lessonFolders().flatMap((folder) => {
  const number = Number.parseInt(basename(folder), 10);
  const points = POINTS.filter(({ lessons }) => lessons.includes(number));
  const { lecture } = readLesson(folder).data;
  return lecture && points.length > 0 ? [[basename(folder), lecture, points] as const] : [];
});

describe.each(heads)('%s', (_, lecture, points) => {
  test('follows the lecture where its points are', () => {
    expect(lecture.from).toBe(points[0]?.from);
    const ends = points.map(({ to }) => secondsOf(to));
    expect(secondsOf(lecture.to)).toBeLessThanOrEqual(Math.max(...ends));
    // and it reaches the last of them
    expect(secondsOf(lecture.to)).toBeGreaterThan(secondsOf(points.at(-1)?.from ?? ''));
  });
});

describe('a link to a time', () => {
  test('to the lecture’s page, where no video is known', () => {
    expect(lectureLink('2:20', '/', undefined)).toBe('/lecture/#at-2-20');
    expect(lectureLink('1:35', '/course/', '')).toBe('/course/lecture/#at-1-30');
    expect(() => pointAt('x')).toThrow('x');
  });

  test('into the video', () => {
    expect(lectureLink('2:20', '/', 'https://video.example/a.mp4')).toBe('https://video.example/a.mp4#t=140');
    expect(lectureLink('0:24', '/', 'https://video.example/?v=1&t={seconds}s')).toBe('https://video.example/?v=1&t=24s');
    expect(lectureLink('0:00', '/', 'https://video.example/v#at={seconds}')).toBe('https://video.example/v#at=0');
  });

  test.each(['video.mp4', 'javascript:alert(1)', 'https://video.example/#there', 'https://a b/'])('not into %s', (video) => {
    expect(() => lectureLink('2:20', '/', video)).toThrow(video);
  });
});
