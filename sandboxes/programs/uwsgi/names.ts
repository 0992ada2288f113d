/** What is to know of uWSGI's options by name and value alone: for the program, and for the lessons' checks, which read the same file. */

/** Other names for the same option. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['workers', 'processes'],
  ['uwsgi-socket', 'socket'],
  ['plugin', 'plugins'],
  ['wsgi', 'module'],
  ['python-path', 'pythonpath'],
  ['pp', 'pythonpath'],
  ['stats-server', 'stats'],
]);

/** Options of which every line counts; of the others, the last one does. */
export const LISTS: ReadonlySet<string> = new Set([
  'plugins',
  'socket',
  'http-socket',
  'pythonpath',
  'env',
  'touch-reload',
  'touch-chain-reload',
]);

/** The one name for an option. */
export const optionName = (name: string): string => SYNONYMS.get(name) ?? name;

const OFF: ReadonlySet<string> = new Set(['false', 'off', 'no', '0']);

/** Does the value switch an option on? A line without a value does. */
export const isOn = (value: string | null): boolean => value === null || !OFF.has(value.toLowerCase());
