/** What the stage and the speaker's page have of a lesson: its scenarios, its slides by name, its notes. Runs at build time only. */
import { recordingOf } from '../components/recording.ts';
import { type LessonEntry, lessonsInOrder } from '../lesson/lessons.ts';
import { tagsIn } from '../lesson/tags.ts';
import { TraceLog } from '../trace/log.ts';
import { type Known, type ScenarioStep, scenariosOf } from './scenarios.ts';

const steps = import.meta.glob<readonly ScenarioStep[]>('../../lessons/en/*/scenario.json', { import: 'default', eager: true });
const recordings = import.meta.glob<string>('../../lessons/en/*/recording.ndjson', { query: '?raw', import: 'default', eager: true });

/** For pages of their own for each lesson. */
export async function lessonPaths() {
  const lessons = await lessonsInOrder();
  return lessons.map((lesson, index) => ({ params: { slug: lesson.slug }, props: { lesson, next: lessons[index + 1] } }));
}

// as deep as a lesson's own page: the text's links lead where they should
export const presentAddress = (slug: string): string => `${import.meta.env.BASE_URL}present/${slug}/`;
export const speakerAddress = (slug: string): string => `${import.meta.env.BASE_URL}speaker/${slug}/`;

export function partsOf(lesson: LessonEntry) {
  const { folder, entry, data, slug } = lesson;
  const events = TraceLog.parse(recordings[`../../${folder}/recording.ndjson`] ?? '').events;
  const titles = tagsIn(entry.body ?? '', 'Step').map(({ attributes }) => /title="([^"]*)"/.exec(attributes)?.[1] ?? '');
  return {
    recording: recordingOf(slug, ['tall', 'low', 'strip']),
    scenarios: scenariosOf(steps[`../../${folder}/scenario.json`] ?? [], events, [...data.requests, ...buttons(entry.body ?? '')]),
    /** The slides by name: the title, the steps, the card. */
    slides: ['Title', ...titles, 'The card'],
  };
}

/** What the text's own buttons call their requests; only those that leave together. */
function buttons(body: string): Known[] {
  return [...body.matchAll(/<Do\b([^>]*)>([^<]*)<\/Do>/g)].flatMap(([, attributes = '', label = '']) => {
    const url = /send="([^"]*)"/.exec(attributes)?.[1];
    if (url === undefined || /\binTurn\b/.test(attributes)) return [];
    return [{ url, count: Number(/count=\{(\d+)\}/.exec(attributes)?.[1] ?? 1), label: label.trim() }];
  });
}
