/** What the schema of a lesson cannot see: whether its parts fit each other, its files and its text. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PROGRAM_NAMES } from '../../sandboxes/programs/names.ts';
import { PairError, placeOf, showPair, type TextOf } from '../../src/lesson/pairs.ts';
import { tagsIn } from '../../src/lesson/tags.ts';
import { type Lesson, LessonError, lessonFolders, type Problem, readLesson, shownPath } from './lesson.ts';
import { root } from './paths.ts';

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
  pairs(lesson, say);
  capstone(lesson, say);
  const inText = (offset: number, message: string): void => {
    const line = lesson.bodyLine + lesson.body.slice(0, offset).split('\n').length - 1;
    problems.push({ file: lesson.file, line, message });
  };
  const last = steps(lesson, inText);
  for (const [index, { step }] of lesson.data.notes.entries())
    if (step > last) say(['notes', index], `there is no step ${step}, the last one is ${last}`);
  places(lesson, 'pairs', 'Pair', say, inText);
  places(lesson, 'sorts', 'Sort', say, inText);
  if (!existsSync(join(lesson.folder, 'scenario.json')))
    problems.push({
      file: shownPath(join(lesson.folder, 'scenario.json')),
      line: 1,
      message: 'is missing: the figure needs a scenario to record',
    });
  return problems;
}

function commands({ data }: Lesson, say: Say): void {
  for (const [index, { program }] of data.start.entries())
    if (!PROGRAM_NAMES.has(program)) say(['start', index, 'program'], `the sandbox has no program ${program}`);
}

const textOf: TextOf = (path) => {
  // A path from the project's root, or, for a lesson elsewhere, an absolute one.
  const file = resolve(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

/** Does the solution fetch it, into a folder that it names? */
const isCloned = (path: string, { solution }: Lesson['data']): boolean =>
  solution.some((step) => 'run' in step && path.startsWith(`${/\bgit clone \S+ (\/[^\s;&]+)/.exec(step.run)?.[1]}/`));

function files({ data, folder }: Lesson, say: Say): void {
  for (const [index, path] of data.edit.entries())
    if (placeOf(path, shownPath(folder), false, textOf) === undefined && !isCloned(path, data))
      say(['edit', index], `there is no file ${path}, neither in files/ or solution/ nor in sandboxes/server`);
}

/** A lesson that follows no part of the lecture compares answers; each has its folder, but for the one that is the solution. */
function capstone({ data: { lecture, answers, wrong, checks }, folder }: Lesson, say: Say): void {
  if (lecture === undefined && answers.length === 0)
    say(['lecture'], 'lecture is missing; only a capstone, which has answers, follows no part of it');
  if (lecture !== undefined && answers.length > 0) say(['answers'], 'only a capstone has answers, and it has no lecture');
  const folders = { answers: foldersIn(join(folder, 'answers')), wrong: foldersIn(join(folder, 'wrong')) };
  const solutions = answers.filter(({ id }) => !folders.answers.includes(id));
  if (answers.length > 0 && solutions.length !== 1)
    say(['answers'], `one answer is solution/ and has no folder in answers/; here that is so of ${solutions.length}`);
  for (const field of ['answers', 'wrong'] as const)
    for (const name of folders[field])
      if (!{ answers, wrong }[field].some(({ id }) => id === name)) say([field], `nothing here has the id of the folder ${field}/${name}`);
  for (const [index, { id, fails, steps }] of wrong.entries()) {
    if (!checks.some((check) => check.id === fails)) say(['wrong', index, 'fails'], `there is no check ${fails}`);
    if (steps.length === 0 && !folders.wrong.includes(id)) say(['wrong', index], `has neither steps nor the folder wrong/${id}`);
  }
}

const foldersIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Every side has its lines, and every link one line on either side. */
function pairs({ data, folder }: Lesson, say: Say): void {
  for (const [index, pair] of data.pairs.entries()) {
    try {
      showPair(pair, shownPath(folder), textOf);
    } catch (error) {
      if (!(error instanceof PairError)) throw error;
      say(['pairs', index, ...error.path], error.why);
    }
  }
}

type InText = (offset: number, message: string) => void;

/** Steps are numbered 1, 2, 3 … in the order in which they stand. Returns how many there are. */
function steps({ body }: Lesson, inText: InText): number {
  const tags = tagsIn(body, 'Step');
  for (const [before, { offset, attributes }] of tags.entries()) {
    const n = /\bn=\{(\d+)\}/.exec(attributes)?.[1];
    if (n === undefined) inText(offset, 'a Step needs its number: n={…}');
    else if (Number(n) !== before + 1) inText(offset, `this is step ${before + 1}, not ${n}`);
  }
  if (tags.length === 0) inText(0, 'the text has no Step');
  return tags.length;
}

/** Each of the head's stands in the text once (its id is one of the page, too), and nothing else does. */
function places({ body, data }: Lesson, field: 'pairs' | 'sorts', tag: 'Pair' | 'Sort', say: Say, inText: InText): void {
  const ids = new Set(data[field].map(({ id }) => id));
  const placed = new Set<string>();
  for (const { offset, attributes } of tagsIn(body, tag)) {
    const id = /\bid="([^"]*)"/.exec(attributes)?.[1] ?? '(missing)';
    if (!ids.has(id)) inText(offset, `nothing in ${field} has the id ${id}`);
    else if (placed.has(id)) inText(offset, `<${tag} id="${id}" /> stands in the text already`);
    placed.add(id);
  }
  for (const [index, { id }] of data[field].entries()) if (!placed.has(id)) say([field, index], `the text has no <${tag} id="${id}" />`);
}
