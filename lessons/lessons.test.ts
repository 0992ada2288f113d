/** What the schema of a lesson cannot see, for every lesson. Whether its checks hold what they promise is golden.sandbox.test.ts. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isOn } from '../sandboxes/programs/uwsgi/names.ts';
import { lessonFolders, problemText, readLesson } from '../scripts/lib/lesson.ts';
import { folderProblems } from '../scripts/lib/lesson-content.ts';
import { runCheck } from '../src/checks/index.ts';

describe.each(lessonFolders().map((folder) => [basename(folder), folder] as const))('%s', (_, folder) => {
  test('head, text and files fit each other', () => {
    expect(folderProblems(folder).map(problemText)).toEqual([]);
  });

  test('nothing of the template is left to do', () => {
    const lines = readFileSync(join(folder, 'index.mdx'), 'utf8').split('\n');
    expect(
      lines.flatMap((line, index) => (line.includes('TODO') ? [`${basename(folder)}/index.mdx:${index + 1}: ${line.trim()}`] : [])),
    ).toEqual([]);
  });
});

const masterChecks = lessonFolders().flatMap((folder) =>
  readLesson(folder).data.checks.flatMap((check) =>
    check.kind === 'config' && check.option === 'master' ? [[basename(folder), check] as const] : [],
  ),
);

test.each(masterChecks)('%s: a master is there exactly when uWSGI would have one', async (_, check) => {
  for (const value of ['true', '1', 'on', 'yes', '00', '0', 'false', 'False', 'off', 'OFF', 'no']) {
    const target = {
      readFile: async () => `[uwsgi]\nmaster = ${value}\n`,
      request: () => Promise.reject(),
      run: () => Promise.reject(),
      events: () => [],
    };
    expect((await runCheck(check, target)).passed, value).toBe(isOn(value));
  }
});
