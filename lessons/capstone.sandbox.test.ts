/** The golden rule for a task with several right answers: each of them passes every check, and what suggests itself and is wrong does not. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lessonFolders, readLesson } from '../scripts/lib/lesson.ts';
import { Play } from '../scripts/lib/play.ts';
import { noWheels } from '../scripts/lib/wheelhouse.ts';
import { caseOf, leavePlayed } from '../scripts/real/played.ts';
import { runCheck, runChecks } from '../src/checks/index.ts';

/** A check of the capstone has a load to wait for, and the test may share its machine. */
const LOAD_MS = 40_000;

const missing = await noWheels();
const CAPSTONES = lessonFolders()
  .map((folder) => ({ folder, data: readLesson(folder).data }))
  .filter(({ data }) => data.answers.length > 0)
  .map(({ folder, data }) => {
    const skipped = data.wheels.length > 0 && missing !== null;
    return {
      name: skipped ? `${basename(folder)} (skipped, this build has no wheels: ${missing})` : basename(folder),
      folder,
      data,
      skipped,
    };
  });

describe.each(CAPSTONES)('$name', ({ folder, data, skipped }) => {
  const others = data.answers.filter(({ id }) => existsSync(join(folder, 'answers', id)));

  /** The servers run with the files of this answer. */
  const withAnswer = async (kind: 'answers' | 'wrong', id: string, look: (play: Play) => Promise<void>): Promise<void> => {
    const play = await Play.open(data.start, [join(folder, 'files'), join(folder, kind, id)], data.wheels);
    try {
      await play.start();
      await look(play);
    } finally {
      play.close();
    }
  };

  test.skipIf(skipped).each(others)('right as well: $id', { timeout: 180_000 }, ({ id }) =>
    withAnswer('answers', id, async (play) => {
      const results = await runChecks(data.checks, play.target, () => {}, LOAD_MS);
      expect(results.filter(({ passed }) => !passed)).toEqual([]);
      await leavePlayed(caseOf(folder, id), play);
    }),
  );

  test.skipIf(skipped).each(data.wrong)('wrong: $id', { timeout: 180_000 }, ({ id, steps, fails, says }) =>
    withAnswer('wrong', id, async (play) => {
      await play.solve(steps);
      const check = data.checks.find((one) => one.id === fails);
      if (!check) throw new Error(`there is no check ${fails}`);
      const { passed, hint } = await runCheck(check, play.target, LOAD_MS);
      expect(passed).toBe(false);
      expect(hint).toMatch(new RegExp(says, 'msu'));
    }),
  );
});
