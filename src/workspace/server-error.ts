/** A server did not come up. */
export class ServerError extends Error {
  readonly why: string;
  /** What the program printed. */
  readonly output: string;
  /** It lives, does not listen and was given up; and no start in this sandbox has ever got further. */
  readonly neverListened: boolean;
  constructor(what: string, why: string, output: string, neverListened = false) {
    super(what);
    this.name = 'ServerError';
    this.why = why;
    this.output = output;
    this.neverListened = neverListened;
  }
}
