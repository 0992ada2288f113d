/** What a presentation shows, as one value: the stage has it, the speaker's window and a class that follows are told it. Pure. */
import { readCount, readPlace } from '../classroom/place.ts';
import type { Moment } from '../components/figure/steering.ts';
import { isObject } from '../is-object.ts';

/** `both`: text and picture side by side. */
export type View = 'both' | 'picture' | 'text';
export const VIEWS: readonly View[] = ['both', 'picture', 'text'];

/** A class that follows, in numbers; nobody in it has a name. */
export interface ClassCount {
  /** How many pages are open, and how many of them follow. */
  readonly here: number;
  readonly following: number;
  /** Of the lesson on the stage: how many have passed each check. */
  readonly passed: Readonly<Record<string, number>>;
  /** What keeps the class from hearing of the stage; empty when nothing does. */
  readonly trouble: string;
}

export interface Show {
  /** Counts up with every change. */
  readonly rev: number;
  readonly lesson: string;
  /** 0 is the title, then the steps, then the card. */
  readonly slide: number;
  /** Of how many pages of the slide the audience sees which, from 0. */
  readonly page: number;
  readonly pages: number;
  readonly blank: boolean;
  readonly view: View;
  readonly picture: 'recording' | 'live';
  /** The scenario that was chosen last on this slide, from 0. */
  readonly scenario: number | null;
  /** Of the recording; null while a live picture is shown. */
  readonly moment: Moment | null;
  readonly room: ClassCount | null;
}

/** What the presenter can want, at the stage or in the speaker's window. */
export type Wish =
  | { readonly do: 'next' | 'back' | 'first' | 'last' | 'blank' | 'view' | 'live' | 'play' }
  | { readonly do: 'slide'; readonly to: number }
  | { readonly do: 'scenario'; readonly n: number };

const PLAIN: readonly string[] = ['next', 'back', 'first', 'last', 'blank', 'view', 'live', 'play'] satisfies Wish['do'][];

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

/** A wish that came from another window; null when it is none. */
export function readWish(value: unknown): Wish | null {
  if (!isObject(value) || typeof value['do'] !== 'string') return null;
  const { do: what, to, n } = value;
  if (PLAIN.includes(what)) return { do: what } as Wish;
  if (what === 'slide' && isWhole(to)) return { do: what, to };
  if (what === 'scenario' && isWhole(n)) return { do: what, n };
  return null;
}

/** What another window says it shows; null when that makes no sense. */
export function readShow(value: unknown): Show | null {
  if (!isObject(value)) return null;
  const { rev, slide, page, pages, blank, view, picture, scenario, room } = value;
  const known = VIEWS.find((one) => one === view);
  if (!isWhole(rev) || !isWhole(slide) || !isWhole(page) || !isWhole(pages) || typeof blank !== 'boolean' || !known) return null;
  if ((picture !== 'recording' && picture !== 'live') || (scenario !== null && !isWhole(scenario))) return null;
  try {
    const { lesson, moment } = readPlace({ ...value, step: slide });
    return { rev, lesson, slide, page, pages, blank, view: known, picture, scenario, moment, room: room === null ? null : readRoom(room) };
  } catch {
    return null;
  }
}

/** Errors: a Refused. */
function readRoom(value: unknown): ClassCount {
  const fields = isObject(value) ? value : {};
  const { here, following, passed } = readCount({ ...fields, address: '' });
  const { trouble } = fields;
  return { here, following, passed, trouble: typeof trouble === 'string' ? trouble : '' };
}

/** Where `next` or `back` leads: through the pages of a slide, then to the slide beside it. Null: there is no further. */
export function moved(show: Pick<Show, 'slide' | 'page' | 'pages'>, by: 1 | -1, slides: number): { slide: number; page: number } | null {
  const { slide, page, pages } = show;
  if (page + by >= 0 && page + by < pages) return { slide, page: page + by };
  if (slide + by < 0 || slide + by >= slides) return null;
  // back to a long slide leads to its end, as one left it
  return { slide: slide + by, page: by === 1 ? 0 : Number.POSITIVE_INFINITY };
}
