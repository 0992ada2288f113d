/** What is to know of uWSGI's options by name and value alone: for the program, and for the lessons' checks, which read the same file. */

/** Other names for the same option. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['workers', 'processes'],
  ['uwsgi-socket', 'socket'],
  ['chmod', 'chmod-socket'],
  ['plugin', 'plugins'],
  ['need-plugin', 'need-plugins'],
  ['wsgi', 'module'],
  ['file', 'wsgi-file'],
  ['python-path', 'pythonpath'],
  ['pp', 'pythonpath'],
  ['home', 'virtualenv'],
  ['venv', 'virtualenv'],
  ['pyhome', 'virtualenv'],
  ['stats-server', 'stats'],
  ['logdate', 'log-date'],
  ['log-prefix', 'log-date'],
  ['set-ph', 'set-placeholder'],
  ['py-auto-reload', 'py-autoreload'],
  ['python-auto-reload', 'py-autoreload'],
  ['python-autoreload', 'py-autoreload'],
]);

/** Options of which every line counts; of the others, the last one does. */
export const LISTS: ReadonlySet<string> = new Set([
  'plugins',
  'socket',
  'http-socket',
  'http',
  'pythonpath',
  'env',
  'touch-reload',
  'touch-chain-reload',
]);

/** The one name for an option. */
export const optionName = (name: string): string => SYNONYMS.get(name) ?? name;

/** Its other names. */
export const otherNames = (name: string): string[] => [...SYNONYMS].filter(([, one]) => one === name).map(([other]) => other);

const OFF: ReadonlySet<string> = new Set(['false', 'off', 'no', '0']);

/** Does the value switch an option on? A line without a value does. */
export const isOn = (value: string | null): boolean => value === null || !OFF.has(value.toLowerCase());
