/** Start-up ended here, with this exit code; what was to say is said. */
export class Ended extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}
