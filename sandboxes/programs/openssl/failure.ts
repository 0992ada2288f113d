/** Ends a command with exit code 1 and this text on standard error. */
export class Failure extends Error {}
