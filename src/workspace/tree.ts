/**
 * The sandbox's files for one lesson: the server's tree with the lesson's files laid over it. Imported only when
 * somebody presses Run or opens the files, so that reading a lesson costs none of it.
 */
import type { Files } from '../runtime/runtime.ts';

const SERVER = '../../sandboxes/server';
const server = import.meta.glob<string>('../../sandboxes/server/**', { query: '?raw', import: 'default', eager: true, exhaustive: true });
const lessons = import.meta.glob<string>('../../lessons/*/*/files/**', { query: '?raw', import: 'default', exhaustive: true });

/** Everything to mount for the lesson `slug` (its folder's name without the number). */
export async function lessonFiles(slug: string): Promise<Files> {
  const files: Record<string, string> = {};
  const put = (path: string, text: string) => {
    // git keeps no empty directories: a .gitkeep stands for one, and a path that ends in a slash makes it
    if (path.endsWith('/.gitkeep')) files[path.slice(0, -'.gitkeep'.length)] = '';
    else files[path] = text;
  };
  for (const [path, text] of Object.entries(server)) put(path.slice(SERVER.length), text);
  await Promise.all(
    Object.entries(lessons).map(async ([path, load]) => {
      const match = /\/\d+-([^/]+)\/files(\/.*)$/.exec(path);
      if (match?.[1] === slug) put(match[2] as string, await load());
    }),
  );
  return files;
}
