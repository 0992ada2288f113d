/** A value of a uWSGI configuration, read with the product's own parser. */
import { fillPlaceholders, parseIni } from '../../sandboxes/programs/uwsgi/ini.ts';

/** Names that uWSGI takes for the same option. */
const SAME: Readonly<Record<string, string>> = {
  workers: 'processes',
  'uwsgi-socket': 'socket',
  plugin: 'plugins',
  wsgi: 'module',
  'python-path': 'pythonpath',
  pp: 'pythonpath',
};

const canonical = (name: string): string => SAME[name] ?? name;

/**
 * The value of `option` as uWSGI takes it from the file at `path`: the last line counts, and its whole rest, comments too.
 * A line without a value switches something on: `true`. Null when no line has the option.
 */
export function configValue(text: string, path: string, option: string): string | null {
  const options = new Map<string, string>();
  let found: string | null = null;
  for (const { name, value } of parseIni(text, 'uwsgi') ?? []) {
    const filled = value === null ? null : fillPlaceholders(value, { file: path, env: {}, options });
    options.set(name, filled ?? '');
    if (canonical(name) === canonical(option)) found = filled ?? 'true';
  }
  return found;
}
