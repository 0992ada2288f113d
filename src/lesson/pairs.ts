/**
 * A pair of the lesson's data as it is shown: the lines of both sides, and which line answers to which. Every mistake in the data
 * is an error that names the lesson, the pair and the link, so a file that changes can never leave a link pointing at nothing.
 */
import type { Pair } from './format.ts';

export type Side = Pair['python'];
export type Likeness = Pair['links'][number]['same'];

/** Texts of the project's files by their path from its root, `lessons/en/11-which-worker/iis/applicationHost.config`. */
export type Sources = Readonly<Record<string, string>>;

export interface ShownSide {
  readonly title: string;
  readonly lang: Side['lang'];
  readonly lines: readonly string[];
}

export interface ShownLink {
  /** Its number in the pair, from 1. */
  readonly n: number;
  readonly same: Likeness;
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

/** @param folder of the lesson, `lessons/en/11-which-worker` */
export function showPair(pair: Pair, folder: string, sources: Sources): ShownPair {
  const where = `${folder}, pair ${pair.id}`;
  const python = showSide(pair.python, `${where}, python`, folder, sources);
  const iis = showSide(pair.iis, `${where}, iis`, folder, sources);
  const links = pair.links.map((link, index) => ({
    n: index + 1,
    same: link.same,
    note: link.note,
    python: theLine(python.lines, link.python, `${where}, link ${index + 1}, python`),
    iis: theLine(iis.lines, link.iis, `${where}, link ${index + 1}, iis`),
  }));
  return { python, iis, links };
}

/** Where a side's text may lie; the first of these that exists is meant. */
function placesOf(side: Side, folder: string): string[] {
  const { sandbox, file } = side;
  const places: string[] = [];
  if (sandbox !== undefined) {
    if (!side.start) places.push(`${folder}/solution${sandbox}`);
    places.push(`${folder}/files${sandbox}`, `sandboxes/server${sandbox}`);
  }
  if (file !== undefined) places.push(`${folder}/iis/${file}`);
  return places;
}

function showSide(side: Side, where: string, folder: string, sources: Sources): ShownSide {
  if ((side.sandbox === undefined) === (side.file === undefined)) throw new Error(`${where}: give either sandbox or file`);
  const places = placesOf(side, folder);
  const place = places.find((one) => sources[one] !== undefined);
  if (place === undefined) throw new Error(`${where}: there is none of ${places.join(', ')}`);
  const lines = (sources[place] ?? '').trimEnd().split(/\r?\n/);
  return { title: side.title, lang: side.lang, lines: dedented(cut(lines, side, `${where} (${place})`)) };
}

function cut(lines: readonly string[], { from, to }: Side, where: string): readonly string[] {
  const first = from === undefined ? 0 : lines.findIndex((line) => line.includes(from));
  if (first < 0) throw new Error(`${where}: no line has the text of from: ${from}`);
  const rest = lines.slice(first);
  const last = to === undefined ? rest.length - 1 : rest.findIndex((line) => line.includes(to));
  if (last < 0) throw new Error(`${where}: no line from there on has the text of to: ${to}`);
  return rest.slice(0, last + 1);
}

/** A part cut out of something deeper does not need its margin. */
function dedented(lines: readonly string[]): string[] {
  const margins = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const margin = Math.min(...margins, Number.MAX_SAFE_INTEGER);
  return lines.map((line) => line.slice(margin));
}

function theLine(lines: readonly string[], text: string, where: string): number {
  const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
  const [line] = found;
  if (line === undefined) throw new Error(`${where}: no line that is shown has the text: ${text}`);
  if (found.length > 1) throw new Error(`${where}: lines ${found.join(' and ')} of what is shown have the text: ${text}`);
  return line;
}
