/** What goes wrong while a command is being carried out: the shell says it, and goes on. */
export class Failure extends Error {
  /** A script ends with it, and so does a line that was typed. */
  readonly grave: boolean;
  /** The command's exit code. */
  readonly code: number;
  constructor(message: string, grave = false, code = 2) {
    super(message);
    this.grave = grave;
    this.code = code;
  }
}
