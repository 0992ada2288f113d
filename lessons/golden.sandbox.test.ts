/**
 * The golden rule: in every lesson the checks fail at the start, all but those that only say what must go on to hold, and
 * pass once the solution's files are in place and its steps are done. It runs in real processes with real Python.
 * A task with several right answers: capstone.sandbox.test.ts. What the played lesson answers is left for servers.real.test.ts.
 */
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lessonFolders, readLesson } from '../scripts/lib/lesson.ts';
import { Play } from '../scripts/lib/play.ts';
import { noWheels } from '../scripts/lib/wheelhouse.ts';
import { caseOf, leavePlayed } from '../scripts/real/played.ts';

/** What is seen only after a while: a master looks round once a second, and Python takes its time to start. */
const SOON_MS = 15_000;

const missing = await noWheels();
const LESSONS = lessonFolders().map((folder) => {
  const { data } = readLesson(folder);
  const skipped = data.wheels.length > 0 && missing !== null;
  return {
    name: skipped ? `${basename(folder)} (skipped, this build has no wheels: ${missing})` : basename(folder),
    folder,
    data,
    skipped,
  };
});

describe.each(LESSONS)('$name', ({ folder, data, skipped }) => {
  test.skipIf(skipped)('the checks fail at the start and pass with the solution', { timeout: 180_000 }, async () => {
    const play = await Play.open(data.start, [join(folder, 'files')], data.wheels);
    try {
      await play.start();
      const wanted = data.checks.filter(({ keeps }) => !keeps);
      const kept = data.checks.filter(({ keeps }) => keeps);
      const failing = (await play.failing(wanted, 0)).map((text) => text.slice(0, text.indexOf(':')));
      expect(failing, 'these fail before the solution').toEqual(wanted.map(({ id }) => id));
      expect(await play.failing(kept, SOON_MS), 'these should hold from the start on').toEqual([]);
      await play.lay(join(folder, 'solution'));
      await play.solve(data.solution);
      expect(
        await play.failing(data.checks, SOON_MS),
        `these fail with the solution; the servers said last:\n${play.printed.slice(-1000)}`,
      ).toEqual([]);
      await leavePlayed(caseOf(folder), play);
    } finally {
      play.close();
    }
  });
});
