/** Something of others that the site ships, with the words under which it may. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Part {
  readonly name: string;
  readonly version: string;
  /** By its SPDX name, as far as its authors say one. */
  readonly licence: string;
  /** The licence's whole text, with the authors' names. */
  readonly text: string;
  /** Where its source is. */
  readonly source: string;
}

/** What the page of licences is made from. */
export interface Shipped {
  /** From npm, in the pages and in the sandbox's programs. */
  readonly packages: readonly Part[];
  /** Python in WebAssembly and what it is made of. */
  readonly python: readonly Part[];
  /** What learners can install in the sandbox. */
  readonly wheels: readonly Part[];
  readonly fonts: readonly Part[];
  /** Names of the parts that each built file holds; a file without any is the course's own. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

/** One of the texts in `texts/`. */
export const text = (name: string): string => readFileSync(join(import.meta.dirname, 'texts', `${name}.txt`), 'utf8');

/** Licences whose text is the same everywhere but for its authors: for a package that names one and brings no file of it. */
const COMMON: Readonly<Record<string, string>> = { MIT: 'MIT', 'BSD-3-Clause': 'BSD-3-Clause', 'MPL-2.0': 'MPL-2.0' };

/** The text of a common licence for these authors. Errors: an Error that names `name` when the licence is not a common one. */
export function commonText(name: string, licence: string, authors: string): string {
  const file = COMMON[licence];
  if (file === undefined) throw new Error(`${name} brings no text of its licence, "${licence}": add one to scripts/licences/texts`);
  return licence === 'MPL-2.0' ? text(file) : `Copyright (c) ${authors}\n\n${text(file)}`;
}

/** By name, without regard to case. */
export const byName = (parts: readonly Part[]): Part[] => [...parts].sort((a, b) => a.name.localeCompare(b.name, 'en'));
