/** Why a WebContainer is not there, as a type: the page has its own words for each. */

/**
 * - `no-init`: stackblitz.com did not say a word (blocked, offline, down).
 * - `boot-timeout`: it spoke, but the container was not up in time.
 * - `boot-error`: it said no, or the container could not take the sandbox's files; the message has its words.
 * - `not-listening`: the container runs, but the sandbox's engine in it did not get ready.
 */
export type WebContainerReason = 'no-init' | 'boot-timeout' | 'boot-error' | 'not-listening';

export class WebContainerError extends Error {
  readonly reason: WebContainerReason;

  constructor(reason: WebContainerReason, message: string) {
    super(message);
    this.name = 'WebContainerError';
    this.reason = reason;
  }
}
