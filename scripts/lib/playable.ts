/** The lessons as a test plays them: which of them cannot run in this build is said in the test's name. */
import { basename } from 'node:path';
import { lessonFolders, readLesson } from './lesson.ts';
import { noWheels } from './wheelhouse.ts';

const missing = await noWheels();

/** Every lesson, in order; `skipped` where it needs Python packages that this build could not fetch, with a `note` that says so. */
export const PLAYABLE = lessonFolders().map((folder) => {
  const { data } = readLesson(folder);
  const skipped = data.wheels.length > 0 && missing !== null;
  const note = skipped ? ` (skipped, this build has no wheels: ${missing})` : '';
  return { name: `${basename(folder)}${note}`, folder, data, skipped, note };
});
