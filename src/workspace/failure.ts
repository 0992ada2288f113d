/** A start that failed, in words: what happened, why, and what to do next. */
import { diagnose, type FileTexts } from './diagnostics.ts';
import { ServerError } from './servers.ts';

/** What happened, why, and the next step; `output` is what the program itself printed. */
export interface Failure {
  readonly what: string;
  readonly why: string;
  readonly next: string;
  readonly output: string;
}

/** The engine could not be loaded or started. */
export class LoadError extends Error {}

/** A file could not be written into the sandbox. */
export class SaveError extends Error {}

/** What to say of an error; `files` are those that a program may have complained about. */
export function failureOf(error: unknown, files: FileTexts): Failure {
  if (error instanceof ServerError) {
    const named = diagnose(error.output, files).length > 0;
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
