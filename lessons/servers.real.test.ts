/**
 * What the learner built runs unchanged on the real servers: for the right answers of every lesson Nginx and uWSGI take the files,
 * the lesson's http checks pass, and whatever is asked, they and the sandbox answer and log alike, but for what
 * sandboxes/programs/differences.ts lists. `npm run test:real`; how it works: scripts/real/README.md.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DIFFERENCES } from '../sandboxes/programs/differences.ts';
import { lessonFolders, readLesson } from '../scripts/lib/lesson.ts';
import { noWheels } from '../scripts/lib/wheelhouse.ts';
import { ask, type Difference, differences, differing } from '../scripts/real/compare.ts';
import { plainCurl, typeCurl } from '../scripts/real/curl.ts';
import { failingHttp } from '../scripts/real/http-checks.ts';
import { otherVersions, whyNotReal } from '../scripts/real/installed.ts';
import { type Case, casesOf, played } from '../scripts/real/played.ts';
import { visitsOf } from '../scripts/real/script.ts';
import { RealMachine } from '../scripts/real/servers.ts';
import { RealSide } from '../scripts/real/sides.ts';
import { poolsOf, stateOf, withoutApp } from '../scripts/real/state.ts';

const reason = whyNotReal();
const others = otherVersions();
const missing = await noWheels();

/** With a machine of its own, that is gone afterwards. */
async function onMachine<T>(use: (machine: RealMachine) => Promise<T>): Promise<T> {
  const machine = await RealMachine.open();
  try {
    return await use(machine);
  } finally {
    await machine.close();
  }
}

const knownAs = ({ where, only, line }: Difference): string | null =>
  DIFFERENCES.find(({ lines }) => lines.where.test(where) && lines[only]?.test(line))?.id ?? null;

const met = new Set<string>();
let compared = 0;

describe.skipIf(reason !== null)(`the real servers${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  const cases = lessonFolders().flatMap((folder) =>
    casesOf(folder).map((one) => {
      const skipped = readLesson(folder).data.wheels.length > 0 && missing !== null;
      return { one, skipped, name: skipped ? `${one.name} (skipped, this build has no wheels: ${missing})` : one.name };
    }),
  );

  describe.concurrent.each(cases)('$name', ({ one, skipped }) => {
    test.skipIf(skipped)('take the files, pass the checks, and answer as the sandbox does', { timeout: 240_000 }, ({ expect }) =>
      compare(one, expect),
    );
  });

  const starts = lessonFolders().map((folder) => ({ folder, name: basename(folder) }));
  describe.concurrent.each(starts)('$name, at the start', ({ folder }) => {
    test('take the files', { timeout: 60_000 }, async ({ expect }) => {
      const start = stateOf([join(folder, 'files')].filter(existsSync));
      const { state, inis } = withoutApp(start);
      await onMachine(async (machine) => {
        machine.lay(state);
        expect(machine.testNginx()).toEqual({ exit: 0, output: expect.stringContaining('test is successful') });
        for (const ini of inis) {
          await machine.start([{ ini, user: 'root', group: 'root', from: '/root' }]);
          await machine.stop();
        }
      });
    });
  });

  afterAll(() => {
    if (compared === cases.length)
      expect(
        DIFFERENCES.map(({ id }) => id).filter((id) => !met.has(id)),
        'listed, and met no more',
      ).toEqual([]);
  });
});

async function compare(one: Case, { soft }: Pick<typeof expect, 'soft'>): Promise<void> {
  const lesson = readLesson(one.folder);
  const { state, heard, typed } = await played(one);
  await onMachine(async (machine) => {
    machine.lay(state);
    soft(machine.testNginx()).toEqual({ exit: 0, output: expect.stringContaining('test is successful') });
    await machine.start(poolsOf(lesson.data.start, state));
    const side = new RealSide(machine);
    soft(await failingHttp(lesson.data.checks, side), 'these checks fail').toEqual([]);
    const found = differences(heard, await ask(side, visitsOf(lesson, state)));
    for (const { command, exit, output } of typed) {
      const real = await typeCurl(command, machine);
      found.push(...differing(command, plainCurl(exit, output), plainCurl(real.exit, real.output)));
    }
    const names = found.map((difference) => ({ ...difference, known: knownAs(difference) }));
    for (const { known } of names) if (known !== null) met.add(known);
    if (others !== null) return;
    compared++;
    soft(
      names.filter(({ known }) => known === null),
      'differences that are not listed',
    ).toEqual([]);
  });
}
