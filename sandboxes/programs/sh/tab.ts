/**
 * Tab: the page edits the line and asks; the shell knows the files and answers with what becomes of it, or prints what it might
 * become, as every shell does.
 */
import { askPage, type Completed, type TabPressed } from '../page.ts';
import { BUILTINS } from './builtins.ts';
import { type Completion, complete, inColumns } from './complete.ts';
import type { Shell } from './shell.ts';

/** More than so many names nobody reads. */
const MOST_LISTED = 120;

/** What the shell prints: the answer for the page, and when there is nothing to add the list, with the line above it and a prompt below. */
export async function answerTab({ columns, line }: TabPressed, shell: Shell, prompt: string): Promise<string> {
  const { host } = shell;
  const found: Completion | null = await complete(line, {
    builtins: Object.keys(BUILTINS),
    variables: [...shell.variables.keys()].filter((name) => /^\w+$/.test(name)),
    jobs: shell.jobs.all.map(({ id }) => `%${id}`),
    home: shell.value('HOME') ?? '',
    path: shell.value('PATH') ?? '',
    files: host.fs,
  });
  const becomes = found ? line.slice(0, found.from) + found.text : line;
  const answer = askPage('complete', JSON.stringify({ line, becomes } satisfies Completed));
  if (!found || found.list.length === 0) return answer;
  const listed = found.list.slice(0, MOST_LISTED);
  const more = found.list.length - listed.length;
  return `${answer}${line}\n${inColumns(listed, columns)}${more > 0 ? `and ${more} more\n` : ''}${prompt}`;
}
