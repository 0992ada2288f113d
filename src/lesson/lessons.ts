/** The lessons in their order, and the texts that lie in their folders. Runs at build time only. */
import { type CollectionEntry, getCollection } from 'astro:content';
import type { Sources } from './pairs.ts';

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

const raw = import.meta.glob<string>(['../../sandboxes/server/**/*', '../../lessons/en/*/{iis,files,solution}/**/*'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Texts of the server's tree and of the lessons' folders. */
export const sources: Sources = Object.fromEntries(Object.entries(raw).map(([path, text]) => [path.replace('../../', ''), text]));

/** Files of the lesson's solution by their path in the sandbox. */
export function solutionFiles(folder: string): { path: string; text: string }[] {
  const prefix = `${folder}/solution`;
  return Object.entries(sources).flatMap(([path, text]) =>
    path.startsWith(`${prefix}/`) ? [{ path: path.slice(prefix.length), text }] : [],
  );
}

/** How many steps the text has, checked: they are numbered 1, 2, 3, and every pair of the head has its place in the text. */
export function placedIn({ folder, entry, data }: LessonEntry): { steps: number } {
  const body = entry.body ?? '';
  const steps = [...body.matchAll(/<Step\s[^>]*?\bn=\{(\d+)\}/g)].map((match) => Number(match[1]));
  if (steps.some((n, index) => n !== index + 1)) throw new Error(`${folder}: its steps are numbered ${steps.join(', ')}`);
  const missing = data.pairs.filter(({ id }) => !new RegExp(`<Pair\\s+id="${id}"`).test(body));
  if (missing.length > 0) throw new Error(`${folder}: the text has no <Pair id="${missing[0]?.id}" />`);
  return { steps: steps.length };
}
