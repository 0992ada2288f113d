/** What the schema of a lesson cannot see, for every lesson. Whether its checks hold what they promise is golden.sandbox.test.ts. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isOn } from '../sandboxes/programs/uwsgi/names.ts';
import { lessonFolders, problemText, readLesson } from '../scripts/lib/lesson.ts';
import { folderProblems } from '../scripts/lib/lesson-content.ts';
import { configValue } from '../src/checks/index.ts';
import { fits } from '../src/checks/observe.ts';

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

const checks = lessonFolders().flatMap((folder) => readLesson(folder).data.checks.map((check) => [basename(folder), check] as const));

test.each(checks.flatMap(([lesson, check]) => (check.kind === 'http' ? [[lesson, check.id, check] as const] : [])))(
  '%s, %s: has a hint for a server on which Nginx is down',
  (_, _id, { hints }) => {
    const hint = hints.find(({ when }) => fits(when, '0 localhost refused to connect. Is the server running?'));
    expect(hint?.say).toContain('Nginx');
  },
);

test.each(checks.flatMap(([lesson, check]) => (check.kind === 'config' && check.option === 'master' ? [[lesson, check] as const] : [])))(
  '%s: a master is there exactly when uWSGI would have one',
  (_, { path, matches = '' }) => {
    for (const value of ['true', '1', 'on', 'yes', '00', '0', 'false', 'False', 'off', 'OFF', 'no']) {
      const found = configValue(`[uwsgi]\nmaster = ${value}\n`, path, 'master') ?? '';
      expect(fits(matches, found), value).toBe(isOn(value));
    }
  },
);
