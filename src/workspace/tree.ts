/**
 * The sandbox's files for one lesson: the server's tree with the lesson's files laid over it. Imported only when
 * somebody presses Run or opens the files, so that reading a lesson costs none of it.
 */
import { laidOver } from '../lesson/lay-over.ts';
import type { Files } from '../runtime/runtime.ts';

const SERVER = '../../sandboxes/server';
const server = import.meta.glob<string>('../../sandboxes/server/**', { query: '?raw', import: 'default', eager: true, exhaustive: true });
const starts = import.meta.glob<string>('../../lessons/*/*/files/**', { query: '?raw', import: 'default', exhaustive: true });
const solutions = import.meta.glob<string>('../../lessons/*/*/solution/**', { query: '?raw', import: 'default', exhaustive: true });

/** Everything to mount for the lesson `slug` (its folder's name without the number). */
export async function lessonFiles(slug: string): Promise<Files> {
  const own = Object.fromEntries(await under(starts, 'files', slug));
  const paths = Object.entries(server).map(([path, text]) => [path.slice(SERVER.length), text] as const);
  const files: Record<string, string> = {};
  for (const [path, text] of Object.entries(laidOver(Object.fromEntries(paths), own))) {
    // git keeps no empty directories: a .gitkeep stands for one, and a path that ends in a slash makes it
    if (path.endsWith('/.gitkeep')) files[path.slice(0, -'.gitkeep'.length)] = '';
    else files[path] = text;
  }
  return files;
}

export interface SolutionFile {
  readonly path: string;
  readonly text: string;
  /** As it is at the start; null when the learner is to create it. */
  readonly original: string | null;
}

/** The files that are different in the lesson's solution. */
export async function solutionFiles(slug: string): Promise<readonly SolutionFile[]> {
  const [start, solution] = await Promise.all([lessonFiles(slug), under(solutions, 'solution', slug)]);
  return solution.map(([path, text]) => {
    const original = start[path];
    return { path, text, original: typeof original === 'string' ? original : null };
  });
}

/** Texts in a folder of the lesson, by their path in it. */
function under(all: Readonly<Record<string, () => Promise<string>>>, folder: string, slug: string): Promise<[string, string][]> {
  const inFolder = new RegExp(`/\\d+-${slug}/${folder}(/.*)$`);
  const wanted = Object.entries(all).flatMap(([path, load]) => {
    const inside = inFolder.exec(path)?.[1];
    return inside === undefined ? [] : [load().then((text): [string, string] => [inside, text])];
  });
  return Promise.all(wanted);
}
