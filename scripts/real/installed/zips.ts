/** The zip of a lesson's start and of its solution, as the workspace's "Download as zip" packs them, without a browser. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { LessonData } from '../../../src/lesson/format.ts';
import { laidOver } from '../../../src/lesson/lay-over.ts';
import type { Changes } from '../../../src/runtime/changes.ts';
import { bundledRepository } from '../../../src/runtime/repository.ts';
import { SHELL } from '../../../src/workspace/check-target.ts';
import { deployable } from '../../../src/workspace/zip/deployable.ts';
import { pack } from '../../../src/workspace/zip/pack.ts';
import { at } from '../../lib/paths.ts';
import { ScriptSandbox, treeFiles } from '../../lib/sandbox.ts';
import { wheelFiles } from '../../lib/wheelhouse.ts';

type Lesson = Pick<LessonData, 'title' | 'start' | 'wheels' | 'solution'>;

/**
 * What a learner gets who did what the solution says. Its commands are run in a sandbox, in real processes. No servers run in there:
 * here it matters what the commands leave behind in files.
 */
export async function solutionZip(folder: string, lesson: Lesson): Promise<Uint8Array> {
  const changed = changesOf(join(folder, 'solution'));
  const commands = lesson.solution.flatMap((step) => ('run' in step ? [step.run] : []));
  if (commands.length === 0) return workZip(folder, lesson, changed);
  const sandbox = await ScriptSandbox.open([join(folder, 'files')], lesson.wheels);
  try {
    await sandbox.apply(changed);
    for (const command of commands) {
      const shell = await sandbox.spawn('sh', ['-c', command], SHELL);
      shell.end();
      await shell.exited;
    }
    return await workZip(folder, lesson, await sandbox.changes());
  } finally {
    sandbox.dispose();
  }
}

/** The name of the folder in the zip. */
export const folderOf = (lesson: string): string => `shop-${slugOf(lesson)}`;

/** What a learner gets who has changed this, or nothing. */
export async function workZip(folder: string, { title, start, wheels }: Lesson, changes: Changes): Promise<Uint8Array> {
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
