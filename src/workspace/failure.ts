/** A start that failed, in words: what happened, why, and what to do next. */
import { diagnose, type FileTexts } from './diagnostics.ts';
import { ServerError } from './servers.ts';

/** What happened, why, and the next step; `output` is what the program itself printed. */
export interface Failure {
  readonly what: string;
  readonly why: string;
  readonly next: string;
  readonly output: string;
  /** What the button says that tries again. */
  readonly retry?: string;
}

/** The engine could not be loaded or started. */
export class LoadError extends Error {}

/** A file could not be written into the sandbox. */
export class SaveError extends Error {}

/** How browsers say that there is no memory left: for an array, for WebAssembly, for a worker. */
const NO_MEMORY =
  /out of memory|could not allocate|allocation failed|cannot allocate memory|Cannot enlarge memory|memory access out of bounds/i;
const LESS = 'Close other tabs, or write fewer processes into uwsgi.ini';

/** The sandbox ended, or says nothing any more, while it ran. What was in its files is kept by the page. */
export function brokenFailure(why: string): Failure {
  const kept = 'Your files are kept';
  if (!NO_MEMORY.test(why)) return { what: 'The sandbox broke', why: sentence(why), next: `${kept}.`, output: '', retry: 'Start it again' };
  return {
    what: 'The sandbox ran out of memory',
    why: `The browser had none left for it: ${sentence(why)}`,
    next: `${kept}. ${LESS}, so that it does not happen again.`,
    output: '',
    retry: 'Start it again',
  };
}

export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What to say of an error; `files` are those that a program may have complained about. */
export function failureOf(error: unknown, files: FileTexts): Failure {
  if (error instanceof ServerError) {
    const named = diagnose(error.output, files).some(({ notice }) => !notice);
    if (!named && NO_MEMORY.test(error.output))
      return {
        what: error.message,
        why: 'The browser has no memory left for it.',
        next: `${LESS}. Then try again.`,
        output: error.output.trimEnd(),
      };
    return {
      what: error.message,
      why: error.why,
      next: named
        ? 'Mend the file it names and save, or look around in the terminal. Then try again.'
        : 'It names no file. Look at what you changed last, or look around in the terminal. Then try again.',
      output: error.output.trimEnd(),
    };
  }
  if (error instanceof SaveError)
    return { what: 'A file could not be saved', why: error.message, next: 'Your text is still in the editor. Try again.', output: '' };
  if (NO_MEMORY.test(reasonOf(error)))
    return {
      what: 'The browser has no memory left for the sandbox',
      why: sentence(reasonOf(error)),
      next: `${LESS}. Then try again.`,
      output: '',
    };
  const next = navigator.onLine ? 'Check the connection, then try again.' : 'You are offline. Connect, then try again.';
  return {
    what: 'The sandbox could not be loaded',
    why: reasonOf(error),
    next: error instanceof LoadError ? next : 'Try again.',
    output: '',
  };
}

export function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'timed out';
  return error instanceof Error ? error.message : String(error);
}
