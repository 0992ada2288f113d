/**
 * A pair of the lesson's data as it is shown: the lines of both sides, and which line answers to which. Every mistake in the data
 * is an error that names the lesson, the pair and the link, so a file that changes can never leave a link pointing at nothing.
 */
import type { Pair } from './format.ts';

type Side = Pair['python'];

/** The text of a file of the project by its path from the root, `lessons/en/11-which-worker/iis/web.config`; undefined: there is none. */
export type TextOf = (path: string) => string | undefined;

/** A mistake in a pair's data. */
export class PairError extends Error {
  /** The field it is about, from the pair on: `['links', 0, 'iis']`. */
  readonly path: readonly (string | number)[];
  readonly why: string;
  constructor(where: string, path: readonly (string | number)[], why: string) {
    super(`${where}, ${path.map((part) => (typeof part === 'number' ? part + 1 : part)).join(' ')}: ${why}`);
    this.name = 'PairError';
    this.path = path;
    this.why = why;
  }
}

export interface ShownSide {
  readonly title: string;
  readonly lang: Side['lang'];
  readonly lines: readonly string[];
}

export interface ShownLink {
  /** Its number in the pair, from 1. */
  readonly n: number;
  readonly same: Pair['links'][number]['same'];
  readonly note: string;
  /** Line numbers, from 1. */
  readonly python: number;
  readonly iis: number;
}

export interface ShownPair {
  readonly python: ShownSide;
  readonly iis: ShownSide;
  readonly links: readonly ShownLink[];
}

/**
 * @param folder of the lesson, `lessons/en/11-which-worker`
 * Errors: PairError with the first mistake.
 */
export function showPair(pair: Pair, folder: string, textOf: TextOf): ShownPair {
  const fail: Fail = (path, why) => {
    throw new PairError(`${folder}, pair ${pair.id}`, path, why);
  };
  const python = showSide(pair.python, folder, textOf, (why) => fail(['python'], why));
  const iis = showSide(pair.iis, folder, textOf, (why) => fail(['iis'], why));
  const links = pair.links.map((link, index) => ({
    n: index + 1,
    same: link.same,
    note: link.note,
    python: theLine(python.lines, link.python, (why) => fail(['links', index, 'python'], why)),
    iis: theLine(iis.lines, link.iis, (why) => fail(['links', index, 'iis'], why)),
  }));
  return { python, iis, links };
}

type Fail = (path: readonly (string | number)[], why: string) => never;
type FailHere = (why: string) => never;

/** Where a lesson's file of the sandbox may lie, in the end or at the start; the first of these that exists is meant. */
export function sandboxPlaces(path: string, folder: string, start: boolean): string[] {
  return [...(start ? [] : [`${folder}/solution${path}`]), `${folder}/files${path}`, `sandboxes/server${path}`];
}

/** Where a lesson's file lies, in the end or at the start; undefined when there is none, or the lesson has taken it away (see lay-over.ts). */
export function placeOf(path: string, folder: string, start: boolean, textOf: TextOf): string | undefined {
  const there = sandboxPlaces(path, folder, start).filter((place) => textOf(place) !== undefined);
  return there.find((place) => !place.startsWith('sandboxes/server/') || !isGone(path, `${folder}/files`, textOf));
}

/** Is it, or a folder that it is in, gone by a lesson's files? */
function isGone(path: string, files: string, textOf: TextOf): boolean {
  const names = path.split('/').slice(1);
  return names.some((name, at) => textOf([files, ...names.slice(0, at), `.wh.${name}`].join('/')) !== undefined);
}

function placesOf({ sandbox, file, start }: Side, folder: string): string[] {
  return [
    ...(sandbox === undefined ? [] : sandboxPlaces(sandbox, folder, start)),
    ...(file === undefined ? [] : [`${folder}/iis/${file}`]),
  ];
}

function showSide(side: Side, folder: string, textOf: TextOf, fail: FailHere): ShownSide {
  if ((side.sandbox === undefined) === (side.file === undefined)) return fail('give either sandbox or file');
  const places = placesOf(side, folder);
  const place = places.find((one) => textOf(one) !== undefined);
  if (place === undefined) return fail(`there is none of ${places.join(', ')}`);
  const lines = (textOf(place) ?? '').trimEnd().split(/\r?\n/);
  return { title: side.title, lang: side.lang, lines: dedented(cut(lines, side, (why) => fail(`${place}: ${why}`))) };
}

function cut(lines: readonly string[], { from, to }: Side, fail: FailHere): readonly string[] {
  const first = from === undefined ? 0 : lines.findIndex((line) => line.includes(from));
  if (first < 0) return fail(`no line has the text of from: ${from}`);
  const rest = lines.slice(first);
  const last = to === undefined ? rest.length - 1 : rest.findIndex((line) => line.includes(to));
  if (last < 0) return fail(`no line from there on has the text of to: ${to}`);
  return rest.slice(0, last + 1);
}

/** A part cut out of something deeper does not need its margin. */
function dedented(lines: readonly string[]): string[] {
  const margins = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const margin = Math.min(...margins, Number.MAX_SAFE_INTEGER);
  return lines.map((line) => line.slice(margin));
}

function theLine(lines: readonly string[], text: string, fail: FailHere): number {
  const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
  const [line] = found;
  if (line === undefined) return fail(`no line that is shown has the text: ${text}`);
  if (found.length > 1) return fail(`lines ${found.join(' and ')} of what is shown have the text: ${text}`);
  return line;
}
