/** A row of the map: one part, setting, file or command of the Python stack, and what stands in its place on the other side. */
import type { Place } from '../lesson/outline.ts';

export type Likeness = 'same' | 'close' | 'different';

/** The same marks as on the lines of code in a lesson: a shape and a sign each. */
export const SIGNS: Readonly<Record<Likeness, string>> = { same: '=', close: '≈', different: '≠' };

export interface Row {
  /** Its place on the page; it is part of addresses, so it does not change. */
  readonly id: string;
  /** What it is called here; `code` in backticks, as in all texts of a row. */
  readonly here: string;
  /** Under IIS with .NET Framework. */
  readonly iis: string;
  /** Under ASP.NET Core. */
  readonly core: string;
  readonly same: Likeness;
  /** The difference, or why there is none, in one sentence. */
  readonly says: string;
  /** Number of the lesson that teaches it, and the step where one step does. */
  readonly lesson: Place;
  /** Id of the word in the glossary. */
  readonly word?: string;
  /** Where it stands: one of the sources in lessons/sources.ts. */
  readonly source: string;
}

export interface Group {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
}
