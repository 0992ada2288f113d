import { basename } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { lessonFolders, readLesson } from '../../lib/lesson.ts';
import { folderOf, workZip } from './zips.ts';

test('the README of a lesson’s start says whether it is a whole site', async () => {
  const said: Record<string, string> = {};
  for (const folder of lessonFolders()) {
    const zip = unzipSync(await workZip(folder, { ...readLesson(folder).data, wheels: [] }, {}));
    const readme = strFromU8(zip[`${folderOf(folder)}/README.md`] ?? new Uint8Array());
    const gap = /There is nothing to install|You are half way/.exec(readme)?.[0];
    if (gap) said[basename(folder)] = gap;
  }
  expect(said).toEqual({ '12-dependencies': 'There is nothing to install', '13-closing-the-gap': 'You are half way' });
});
