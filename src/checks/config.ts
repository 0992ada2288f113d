/** A value of a uWSGI configuration, read with the product's own parser. */
import { fillLetters, fillValues, parseIni } from '../../sandboxes/programs/uwsgi/ini.ts';
import { LISTS, optionName } from '../../sandboxes/programs/uwsgi/names.ts';

/**
 * The value of `option` as uWSGI takes it from the file at `path`: the last line counts, and its whole rest, comments too; of an
 * option that is a list, all values, one a line. A line without a value switches something on: `true`. Null when no line has the option.
 */
export function configValue(text: string, path: string, option: string): string | null {
  const wanted = optionName(option);
  const directives = parseIni(fillLetters(text, { file: path }), 'uwsgi') ?? [];
  const values = fillValues(directives, {});
  const found = directives.flatMap(({ name }, i) => (optionName(name) === wanted ? [values[i] || 'true'] : []));
  if (found.length === 0) return null;
  return LISTS.has(wanted) ? found.join('\n') : (found.at(-1) ?? null);
}
