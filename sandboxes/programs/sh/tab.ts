/**
 * Tab, as it goes between the page and the shell: the page edits the line and asks; the shell knows the files and answers with
 * what becomes of it, or prints what it might become, as every shell does.
 */
import { askPage } from '../page.ts';
import { BUILTINS } from './builtins.ts';
import { type Completion, complete, inColumns } from './complete.ts';
import type { Shell } from './shell.ts';

/** No line that is typed begins so. */
const MARK = '\x1b\t';
/** More than so many names nobody reads. */
const MOST_LISTED = 120;

export interface Asked {
  /** Characters in a row of the terminal. */
  readonly columns: number;
  /** The line as far as the cursor. */
  readonly line: string;
}

/** What the page sends to the shell when Tab is pressed. */
export const tabRequest = ({ columns, line }: Asked): string => `${MARK}${columns};${line}\n`;

export function readTab(line: string): Asked | null {
  if (!line.startsWith(MARK)) return null;
  const [, columns, text = ''] = /^(\d+);(.*)$/s.exec(line.slice(MARK.length)) ?? [];
  return columns === undefined ? null : { columns: Number(columns), line: text };
}

/** What the page is answered: the line that was asked about, and what replaces it. */
export interface Answer {
  readonly line: string;
  readonly becomes: string;
}

/** What the shell prints: the answer for the page, and when there is nothing to add the list, with the line above it and a prompt below. */
export async function answerTab({ columns, line }: Asked, shell: Shell, prompt: string): Promise<string> {
  const { host } = shell;
  const found: Completion | null = await complete(line, {
    builtins: Object.keys(BUILTINS),
    variables: [...shell.variables.keys()].filter((name) => /^\w+$/.test(name)),
    jobs: shell.jobs.all.map(({ id }) => `%${id}`),
    home: shell.value('HOME'),
    path: shell.value('PATH'),
    files: host.fs,
  });
  const becomes = found ? line.slice(0, found.from) + found.text : line;
  const answer = askPage('complete', JSON.stringify({ line, becomes } satisfies Answer));
  if (!found || found.list.length === 0) return answer;
  const listed = found.list.slice(0, MOST_LISTED);
  const more = found.list.length - listed.length;
  return `${answer}${line}\n${inColumns(listed, columns)}${more > 0 ? `and ${more} more\n` : ''}${prompt}`;
}
