/** What is said of the texts of files, by the editor and by the sandbox. */
import type { Opaque } from './file-text.ts';

/** The sandbox's files. */
export interface Disk {
  /** Null when there is no such file; its kind and size when it has no text that could be edited. */
  read(path: string): Promise<string | null | Opaque>;
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** Texts by path; null where there is no file. */
export type Texts = Readonly<Record<string, string | null>>;

/** What the sandbox's shell did to a file that the editor shows otherwise: the learner decides which text counts. */
export type Held = 'deleted' | 'changed';

export interface Undoable {
  /** What was done, as the line with Undo says it. */
  readonly what: string;
  /** What can be undone of single files goes with the next change; of the whole work, with the next that is made of the whole. */
  readonly of: 'files' | 'work';
  /** It was done on an earlier visit. */
  readonly earlier?: boolean;
  /** Makes it undone. */
  readonly undo: () => void;
}

export const isText = (found: string | null | Opaque): found is string | null => found === null || typeof found === 'string';

export function without<T>(all: Readonly<Record<string, T>>, path: string): Readonly<Record<string, T>> {
  const { [path]: _, ...others } = all;
  return others;
}

/** Configuration and code; all else is opened for every request, or by nobody. */
export const readAtStart = (path: string): boolean => /^\/etc\/nginx\/|\.(py|ini)$/.test(path) && !path.includes('/static/');
