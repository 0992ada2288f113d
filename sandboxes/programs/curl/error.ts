/** A failure in curl's numbers and words. */
export class CurlError extends Error {
  readonly code: number;
  /** More for standard error, after the line with the message. */
  readonly more: string;
  constructor(code: number, message: string, more = '') {
    super(message);
    this.code = code;
    this.more = more;
  }
}
