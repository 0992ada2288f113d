/** A value of a uWSGI configuration, read with the product's own parser. */
import { fillPlaceholders, parseIni } from '../../sandboxes/programs/uwsgi/ini.ts';
import { LISTS, optionName } from '../../sandboxes/programs/uwsgi/names.ts';

/**
 * The value of `option` as uWSGI takes it from the file at `path`: the last line counts, and its whole rest, comments too; of an
 * option that is a list, all values, one a line. A line without a value switches something on: `true`. Null when no line has the option.
 */
export function configValue(text: string, path: string, option: string): string | null {
  const wanted = optionName(option);
  const options = new Map<string, string>();
  const found: string[] = [];
  for (const { name, value } of parseIni(text, 'uwsgi') ?? []) {
    const filled = value === null ? null : fillPlaceholders(value, { file: path, env: {}, options });
    options.set(name, filled ?? '');
    if (optionName(name) === wanted) found.push(filled ?? 'true');
  }
  if (found.length === 0) return null;
  return LISTS.has(wanted) ? found.join('\n') : (found.at(-1) ?? null);
}
