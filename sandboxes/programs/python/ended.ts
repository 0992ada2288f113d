/** The end of Python itself, not of what it was asked to do. */

/** Python ended inside a call: os._exit(), or a fault it cannot go on from. */
export class PythonEnded extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What Pyodide throws when the interpreter is over: with a status for os._exit(), else for a fault. */
export function ended(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if ('status' in error && typeof error.status === 'number') return new PythonEnded(error.status, 'exit');
  if ('pyodide_fatal_error' in error) return new PythonEnded(1, error.message);
  return error;
}
