/** The zip of a lesson's start and of its solution, as the workspace's "Download as zip" packs them, without a browser. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Changed, Changes } from '../../../sandboxes/host/changes.ts';
import type { LessonData } from '../../../src/lesson/format.ts';
import { laidOver } from '../../../src/lesson/lay-over.ts';
import { bundledRepository } from '../../../src/runtime/repository.ts';
import { deployable } from '../../../src/workspace/zip/deployable.ts';
import { pack } from '../../../src/workspace/zip/pack.ts';
import { at } from '../../lib/paths.ts';
import { treeFiles } from '../../lib/sandbox.ts';
import { wheelFiles } from '../../lib/wheelhouse.ts';
import { caseOf, played } from '../played.ts';
import { stateOf } from '../state.ts';

type Lesson = Pick<LessonData, 'title' | 'start' | 'wheels' | 'solution'>;

/** What a learner gets who did what the solution says. Where it has commands, they have been run: see played.ts. */
export async function solutionZip(folder: string, lesson: Lesson): Promise<Uint8Array> {
  if (!lesson.solution.some((step) => 'run' in step)) return workZip(folder, lesson, changesOf(join(folder, 'solution')));
  const { state } = await played(caseOf(folder));
  const start = stateOf([join(folder, 'files')]);
  const changes: Record<string, Changed | null> = {};
  for (const path of start.keys()) if (!state.has(path)) changes[path] = null;
  for (const [path, now] of state) if (!isSame(start.get(path), now)) changes[path] = now;
  return workZip(folder, lesson, changes);
}

/** As the sandbox sees it: where only the owner differs, somebody has changed it. */
function isSame(before: Changed | undefined, now: Changed): boolean {
  if (before === undefined || before.kind === 'link' || now.kind === 'link') return false;
  if (before.mode !== now.mode || before.uid !== now.uid || before.gid !== now.gid) return false;
  return before.kind === 'file' && now.kind === 'file' ? Buffer.from(before.data).equals(now.data) : before.kind === now.kind;
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
