/**
 * A lesson played to its end in the sandbox: its files, and what it answers to the script. The golden rule's test, which plays every
 * lesson anyway, leaves it in `.cache/played` for the comparison; without that, or when something has changed since, it is played anew.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Changed } from '../../sandboxes/host/changes.ts';
import { type Lesson, readLesson } from '../lib/lesson.ts';
import { at, cache, filesBelow, fingerprint } from '../lib/paths.ts';
import { Play } from '../lib/play.ts';
import { ask, type Heard } from './compare.ts';
import { whyNotReal } from './installed.ts';
import { curlsOf, visitsOf } from './script.ts';
import { SandboxSide } from './sides.ts';
import { changed, type State, stateOf } from './state.ts';

/** A right answer to a lesson's task. */
export interface Case {
  /** `11-which-worker`, or `15-keep-it-up, bounded` */
  readonly name: string;
  readonly folder: string;
  /** The folder with its files, laid over the start state. */
  readonly answer: string;
}

export interface Typed {
  readonly command: string;
  readonly exit: number;
  readonly output: string;
}

export interface Played {
  readonly state: State;
  readonly heard: Heard;
  readonly typed: readonly Typed[];
}

/** What the sandbox's half hangs on, beside the lesson. */
const CODE = [
  ...['package-lock.json', 'sandboxes', 'scripts/build-engine.ts', 'scripts/engine', 'scripts/lib'].map((one) => at(one)),
  ...['src/checks', 'src/lesson', 'src/runtime', 'src/workspace'].map((one) => at(one)),
  ...['compare', 'exchange', 'normal', 'played', 'script', 'sides', 'state'].map((one) => join(import.meta.dirname, `${one}.ts`)),
];

const fileOf = ({ name }: Case): string => join(cache, 'played', `${name.replace(/\W+/g, '-')}.json`);
const sources = (path: string): string[] =>
  /\.(ts|json)$/.test(path) ? [path] : filesBelow(path).filter((file) => !/\.(test\.ts|md)$|\/differences\.ts$/.test(file));
const inputsOf = ({ folder }: Case): string => fingerprint([...CODE, folder].flatMap(sources));

export const overlaysOf = ({ folder, answer }: Case): string[] => [join(folder, 'files'), answer].filter(existsSync);

/** The solution of a lesson, or one of the capstone's other right answers. */
export function caseOf(folder: string, id?: string): Case {
  const lesson = basename(folder);
  if (id === undefined) return { name: lesson, folder, answer: join(folder, 'solution') };
  return { name: `${lesson}, ${id}`, folder, answer: join(folder, 'answers', id) };
}

export function casesOf(folder: string): Case[] {
  const others = readLesson(folder).data.answers.map(({ id }) => caseOf(folder, id));
  return [caseOf(folder), ...others.filter(({ answer }) => existsSync(answer))];
}

/** What was left there and is still true, or what is played now. */
export async function played(one: Case): Promise<Played> {
  const left = read(one);
  if (left !== null) return left;
  const { data } = readLesson(one.folder);
  const play = await Play.open(data.start, [join(one.folder, 'files')], data.wheels);
  try {
    if (!data.solution.some((step) => 'restart' in step)) await play.start();
    if (existsSync(one.answer)) await play.lay(one.answer);
    await play.solve(data.solution);
    return await leave(one, play);
  } finally {
    play.close();
  }
}

/** Asks the script of a sandbox in which the task is done, and leaves it for `played`. Only where somebody will compare. */
export async function leavePlayed(one: Case, play: Play): Promise<void> {
  if (whyNotReal() === null) await leave(one, play);
}

async function leave(one: Case, play: Play): Promise<Played> {
  const lesson: Lesson = readLesson(one.folder);
  const state = changed(stateOf(overlaysOf(one)), await play.sandbox.changes());
  const side = await SandboxSide.open(play.sandbox);
  const heard = await ask(side, visitsOf(lesson, state));
  const typed: Typed[] = [];
  for (const command of curlsOf(lesson)) typed.push({ command, ...(await play.run(command)) });
  const result = { state, heard, typed };
  write(one, result);
  return result;
}

/** As it lies on the disk: bytes as base64. */
type Stored = readonly (readonly [string, Omit<Changed, 'data'> & { readonly data?: string }])[];

function write(one: Case, { state, ...rest }: Played): void {
  const files: Stored = [...state].map(([path, now]) =>
    now.kind === 'file' ? [path, { ...now, data: Buffer.from(now.data).toString('base64') }] : [path, now],
  );
  const file = fileOf(one);
  mkdirSync(join(cache, 'played'), { recursive: true });
  // another suite may write the same one
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, JSON.stringify({ inputs: inputsOf(one), files, ...rest }));
  renameSync(part, file);
}

function read(one: Case): Played | null {
  if (!existsSync(fileOf(one))) return null;
  const { inputs, files, ...rest } = JSON.parse(readFileSync(fileOf(one), 'utf8')) as Omit<Played, 'state'> & {
    readonly inputs: string;
    readonly files: Stored;
  };
  if (inputs !== inputsOf(one)) return null;
  const state = new Map(
    files.map(([path, { data, ...now }]): [string, Changed] => [
      path,
      (data === undefined ? now : { ...now, data: new Uint8Array(Buffer.from(data, 'base64')) }) as Changed,
    ]),
  );
  return { ...rest, state };
}
