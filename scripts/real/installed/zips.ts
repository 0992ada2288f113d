/** The zip of a lesson's start and of its solution, as the workspace's "Download as zip" packs them, without a browser. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundledRepository } from '../../../sandboxes/programs/git/bundled-files.ts';
import type { LessonData } from '../../../src/lesson/format.ts';
import { laidOver } from '../../../src/lesson/lay-over.ts';
import type { Changes } from '../../../src/runtime/changes.ts';
import { deployable } from '../../../src/workspace/zip/deployable.ts';
import { pack } from '../../../src/workspace/zip/pack.ts';
import { at } from '../../lib/paths.ts';
import { Play } from '../../lib/play.ts';
import { treeFiles } from '../../lib/sandbox.ts';
import { wheelFiles } from '../../lib/wheelhouse.ts';

type Lesson = Pick<LessonData, 'title' | 'start' | 'wheels' | 'solution'>;

/** What a learner who did nothing gets. */
export const startZip = (folder: string, lesson: Lesson): Promise<Uint8Array> => zip(folder, lesson, {});

/**
 * What a learner gets who did what the solution says. Where that is more than to change files, it is done: in a sandbox, in real
 * processes, with the lesson's servers running.
 */
export async function solutionZip(folder: string, lesson: Lesson): Promise<Uint8Array> {
  const changed = changesOf(join(folder, 'solution'));
  if (!lesson.solution.some((step) => 'run' in step)) return zip(folder, lesson, changed);
  const play = await Play.open(lesson.start, [join(folder, 'files')], lesson.wheels);
  try {
    await play.start();
    await play.sandbox.apply(changed);
    await play.solve(lesson.solution);
    return await zip(folder, lesson, await play.sandbox.changes());
  } finally {
    play.close();
  }
}

/** The name of the folder in the zip. */
export const folderOf = (lesson: string): string => `shop-${slugOf(lesson)}`;

async function zip(folder: string, { title, start, wheels }: Lesson, changes: Changes): Promise<Uint8Array> {
  const files = [at('sandboxes/server'), join(folder, 'files')].map(treeFiles).reduce(laidOver);
  const wheelhouse = wheels.length > 0 ? await wheelFiles(wheels) : {};
  return pack(deployable({ slug: slugOf(folder), title, start, files, changes, wheelhouse, repository: bundledRepository() }));
}

const slugOf = (folder: string): string => basename(folder).replace(/^\d+-/, '');

function changesOf(folder: string): Changes {
  if (!existsSync(folder)) return {};
  const files = Object.entries(treeFiles(folder));
  return Object.fromEntries(files.map(([path, data]) => [path, { kind: 'file', data, mode: 0o644, uid: 0, gid: 0 }]));
}
