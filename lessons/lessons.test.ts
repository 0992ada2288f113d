/** What the schema of a lesson cannot see, for every lesson. Whether its checks hold what they promise is golden.sandbox.test.ts. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lessonFolders, problemText } from '../scripts/lib/lesson.ts';
import { folderProblems } from '../scripts/lib/lesson-content.ts';

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
