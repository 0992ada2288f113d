import { PROGRAM_NAMES } from '../names.ts';

/** Programs the shell tells about in `help`: all but the page's own. */
export const programs: readonly string[] = [...PROGRAM_NAMES].filter((name) => name !== 'browser').sort();
