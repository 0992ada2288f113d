/** The lessons in their order, and the texts that lie in their folders. Runs at build time only. */
import { type CollectionEntry, getCollection } from 'astro:content';
import { laidOver } from './lay-over.ts';
import type { Place } from './outline.ts';
import type { TextOf } from './pairs.ts';
import { tagsIn } from './tags.ts';

export interface LessonEntry {
  readonly slug: string;
  /** From the folder's name: its place in the course. */
  readonly number: number;
  /** `lessons/en/11-which-worker` */
  readonly folder: string;
  readonly address: string;
  readonly entry: CollectionEntry<'lessons'>;
  readonly data: CollectionEntry<'lessons'>['data'];
}

export async function lessonsInOrder(): Promise<LessonEntry[]> {
  const lessons = (await getCollection('lessons')).map((entry): LessonEntry => {
    const [, folder, number] = /^(.*\/(\d+)-[^/]*)\/index\.mdx$/.exec(entry.filePath ?? '') ?? [];
    if (folder === undefined) throw new Error(`${entry.filePath}: the folder of a lesson is called NN-slug`);
    return {
      slug: entry.id,
      number: Number(number),
      folder,
      address: `${import.meta.env.BASE_URL}lessons/${entry.id}/`,
      entry,
      data: entry.data,
    };
  });
  return lessons.sort((a, b) => a.number - b.number);
}

export async function lessonOf(slug: string | undefined): Promise<LessonEntry> {
  const lesson = (await lessonsInOrder()).find((one) => one.slug === slug);
  if (!lesson) throw new Error(`There is no lesson ${slug}`);
  return lesson;
}

const raw = import.meta.glob<string>(['../../sandboxes/server/**/*', '../../lessons/en/*/{iis,files,solution,answers}/**/*'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Texts of the server's tree and of the lessons' folders. */
export const textOf: TextOf = (path) => raw[`../../${path}`];

/** The files in a folder of a lesson, `lessons/en/15-keep-it-up/solution`: their paths in the sandbox, and their texts. */
export function filesIn(folder: string): { readonly path: string; readonly text: string }[] {
  const start = `../../${folder}/`;
  return Object.entries(raw).flatMap(([path, text]) => (path.startsWith(start) ? [{ path: path.slice(start.length - 1), text }] : []));
}

/** The files of a lesson's machine at its start, by path. */
export function machineOf({ folder }: LessonEntry): Record<string, string> {
  const texts = (from: string): Record<string, string> => Object.fromEntries(filesIn(from).map(({ path, text }) => [path, text]));
  return laidOver(texts('sandboxes/server'), texts(`${folder}/files`));
}

/** How many steps the text has; that they are numbered one by one, checkLessons sees to before a build. */
export const stepsOf = ({ entry }: LessonEntry): number => tagsIn(entry.body ?? '', 'Step').length;

/** The link to a lesson or to a step of it, with its text; null while there is no such lesson. */
export function stepAddress(
  lessons: readonly LessonEntry[],
  [number, step]: Place,
): { readonly href: string; readonly text: string } | null {
  const lesson = lessons.find((one) => one.number === number);
  if (!lesson) return null;
  return step === undefined
    ? { href: lesson.address, text: `Lesson ${number}` }
    : { href: `${lesson.address}#step-${step}`, text: `Lesson ${number}, step ${step}` };
}
