/**
 * What can be measured of the real servers from outside, one fact each. Times are milliseconds since 1970. Nobody sees there which
 * worker accepts a connection when, or who waits in the listen queue: there is no fact for that.
 */

/** A request is named by the port from which the client sent it: the client, nginx and uWSGI all know it. */
export type Measured =
  /** The client's own. */
  | { readonly what: 'sent'; readonly t: number; readonly port: number; readonly path: string }
  | {
      readonly what: 'answered';
      readonly t: number;
      readonly port: number;
      readonly status: number;
      readonly bytes: number;
      readonly server: string;
    }
  | { readonly what: 'lost'; readonly t: number; readonly port: number; readonly reason: string }
  /** A line in uWSGI's log, or in nginx' error log, when it was read: both are looked at every few milliseconds. */
  | { readonly what: 'line'; readonly t: number; readonly of: 'uwsgi' | 'nginx'; readonly pid: number; readonly text: string }
  /** What Linux says of a process in /proc: since when it lives, and when it no longer did. */
  | Started
  | { readonly what: 'ended'; readonly t: number; readonly pid: number; readonly code: number | null; readonly signal: string | null }
  /** A signal that the scenario sent. */
  | { readonly what: 'signal'; readonly t: number; readonly pid: number; readonly signal: string };

export interface Started {
  readonly what: 'started';
  readonly t: number;
  readonly pid: number;
  readonly ppid: number;
  readonly program: 'nginx' | 'uwsgi';
  /** Whether another process of the same server started it. */
  readonly role: 'master' | 'worker';
  readonly args: readonly string[];
  readonly uid: number;
}

/** Of which kind. */
export type Fact<W extends Measured['what']> = Extract<Measured, { what: W }>;
