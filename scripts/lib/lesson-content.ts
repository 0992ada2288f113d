/** What the schema of a lesson cannot see: whether its parts fit each other, its files and its text. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pair } from '../../src/lesson/format.ts';
import { shownLines } from '../../src/lesson/shown-lines.ts';
import { type Lesson, LessonError, lessonFolders, type Problem, readLesson, shownPath } from './lesson.ts';
import { at } from './paths.ts';
import { programNames } from './sandbox.ts';

type Path = readonly PropertyKey[];
type Say = (path: Path, message: string) => void;

/** Looks through all lessons. Errors: LessonError with what is wrong in any of them. */
export function checkLessons(folders: readonly string[] = lessonFolders()): void {
  const problems = folders.flatMap(folderProblems);
  if (problems.length > 0) throw new LessonError(problems);
}

/** What is wrong with the lesson in a folder: with its head, or, when that is in order, with how its parts fit. */
export function folderProblems(folder: string): readonly Problem[] {
  try {
    return contentProblems(readLesson(folder));
  } catch (error) {
    if (error instanceof LessonError) return error.problems;
    throw error;
  }
}

/** Everything that does not fit. */
function contentProblems(lesson: Lesson): Problem[] {
  const problems: Problem[] = [];
  const say: Say = (path, message) => problems.push({ file: lesson.file, line: lesson.lineOf(path), message });
  commands(lesson, say);
  files(lesson, say);
  for (const [index, pair] of lesson.data.pairs.entries()) links(lesson, pair, ['pairs', index], say);
  const inText = (offset: number, message: string): void => {
    const line = lesson.bodyLine + lesson.body.slice(0, offset).split('\n').length - 1;
    problems.push({ file: lesson.file, line, message });
  };
  const last = steps(lesson, inText);
  for (const [index, { step }] of lesson.data.notes.entries())
    if (step > last) say(['notes', index], `there is no step ${step}, the last one is ${last}`);
  places(lesson, say, inText);
  if (!existsSync(join(lesson.folder, 'scenario.json')))
    problems.push({
      file: shownPath(join(lesson.folder, 'scenario.json')),
      line: 1,
      message: 'is missing: the figure needs a scenario to record',
    });
  return problems;
}

function commands({ data }: Lesson, say: Say): void {
  const programs = programNames();
  for (const [index, { program }] of data.start.entries())
    if (!programs.has(program)) say(['start', index, 'program'], `the sandbox has no program ${program}`);
}

/** The text of a sandbox file as the lesson has it: at its start, or in the end. */
export function sandboxFile(folder: string, path: string, state: 'start' | 'end'): string | null {
  const layers = [...(state === 'end' ? [join(folder, 'solution')] : []), join(folder, 'files'), at('sandboxes/server')];
  const found = layers.map((layer) => join(layer, path)).find((file) => existsSync(file));
  return found === undefined ? null : readFileSync(found, 'utf8');
}

function files({ data, folder }: Lesson, say: Say): void {
  for (const [index, path] of data.edit.entries())
    if (sandboxFile(folder, path, 'start') === null)
      say(['edit', index], `there is no file ${path}, neither in files/ nor in sandboxes/server`);
}

/** The lines that a side shows; null, and said why, when there are none. */
function sideLines(folder: string, side: Pair['python'], path: Path, say: Say): readonly string[] | null {
  if ((side.sandbox === undefined) === (side.file === undefined)) {
    say(path, 'needs one of sandbox and file');
    return null;
  }
  const iis = join(folder, 'iis', side.file ?? '');
  const text =
    side.sandbox !== undefined
      ? sandboxFile(folder, side.sandbox, side.start ? 'start' : 'end')
      : existsSync(iis)
        ? readFileSync(iis, 'utf8')
        : null;
  if (text === null) {
    say([...path, side.file === undefined ? 'sandbox' : 'file'], `there is no file ${side.sandbox ?? `iis/${side.file}`}`);
    return null;
  }
  try {
    return shownLines(text, side).lines;
  } catch (error) {
    say(path, (error as Error).message);
    return null;
  }
}

function links({ folder }: Lesson, pair: Pair, path: Path, say: Say): void {
  for (const side of ['python', 'iis'] as const) {
    const lines = sideLines(folder, pair[side], [...path, side], say);
    if (lines === null) continue;
    for (const [index, link] of pair.links.entries()) {
      const count = lines.filter((line) => line.includes(link[side])).length;
      if (count !== 1)
        say([...path, 'links', index, side], `${JSON.stringify(link[side])} stands in ${count} of the lines shown, it must be exactly one`);
    }
  }
}

/** Steps are numbered 1, 2, 3 … in the order in which they stand. Returns how many there are. */
function steps({ body }: Lesson, inText: (offset: number, message: string) => void): number {
  const tags = [...body.matchAll(/<Step\b[^>]*>/g)];
  for (const [before, { index, 0: tag }] of tags.entries()) {
    const n = /\bn=\{(\d+)\}/.exec(tag)?.[1];
    if (n === undefined) inText(index, 'a Step needs its number: n={…}');
    else if (Number(n) !== before + 1) inText(index, `this is step ${before + 1}, not ${n}`);
  }
  if (tags.length === 0) inText(0, 'the text has no Step');
  return tags.length;
}

/** Every pair stands somewhere in the text, and nothing else does. */
function places({ body, data }: Lesson, say: Say, inText: (offset: number, message: string) => void): void {
  const ids = new Set(data.pairs.map(({ id }) => id));
  const placed = new Set<string | undefined>();
  for (const { index, 0: tag } of body.matchAll(/<Pair\b[^>]*>/g)) {
    const id = /\bid="([^"]*)"/.exec(tag)?.[1];
    placed.add(id);
    if (id === undefined || !ids.has(id)) inText(index, `no pair has the id ${id ?? '(missing)'}`);
  }
  for (const [index, { id }] of data.pairs.entries()) if (!placed.has(id)) say(['pairs', index], `the text has no <Pair id="${id}" />`);
}
