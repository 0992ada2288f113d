/** `npm run new:lesson -- 05 one-master "One master, many workers"`: the folder of a new lesson, complete but for what its author has to say. */
import { shownPath } from './lib/lesson.ts';
import { makeLesson, NewLessonError } from './lib/lesson-template.ts';
import { at } from './lib/paths.ts';

const [number, slug, title, ...more] = process.argv.slice(2);
if (number === undefined || slug === undefined || title === undefined || more.length > 0) {
  console.error(
    'usage: npm run new:lesson -- NUMBER SLUG "TITLE"\nfor example: npm run new:lesson -- 05 one-master "One master, many workers"',
  );
  process.exit(2);
}
try {
  const folder = shownPath(makeLesson(at('lessons/en'), number, slug, title));
  console.log(`${folder}/ is there. Next:

1. npm run record -- ${slug}    makes the recording for its figure; without it the page cannot be built
2. npm run dev                   and write: every TODO in ${folder}/index.mdx
3. npm test -- unit lessons      says with file and line what does not fit
4. npm test -- sandbox golden    checks fail at the start, and pass with the solution

lessons/README.md describes the folder.`);
} catch (error) {
  if (!(error instanceof NewLessonError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
