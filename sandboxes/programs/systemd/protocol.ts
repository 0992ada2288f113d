/** What systemctl and the supervisor say to each other over SOCKET: one request as a line of JSON, one answer as another. */
import type { Exit } from '../../host/host.ts';
import type { Result } from './ended.ts';

export const SOCKET = '/run/systemd/private';

export type Verb =
  | 'start'
  | 'stop'
  | 'restart'
  | 'reload'
  | 'try-restart'
  | 'reload-or-restart'
  | 'reset-failed'
  | 'show'
  | 'list'
  | 'daemon-reload';

export interface Request {
  readonly verb: Verb;
  /** With their suffix: `shop.service`. None: all, where the verb allows it. */
  readonly units: readonly string[];
}

/** What came of a job, one a unit. */
export type JobResult =
  | { readonly job: 'done' }
  /** It was tried and failed: `result` says how. */
  | { readonly job: 'failed'; readonly result: Result }
  | { readonly job: 'canceled' | 'dependency' | 'inactive' }
  /** It was not tried. */
  | { readonly job: 'refused'; readonly why: 'not-found' | 'bad-setting' | 'cannot-reload'; readonly missing?: string };

export type Active = 'active' | 'reloading' | 'inactive' | 'failed' | 'activating' | 'deactivating';

/** A process that ran for a unit: `ExecStartPre=/usr/sbin/nginx -t`. */
export interface Ran {
  readonly pid: number | null;
  readonly what: string;
  readonly exit: Exit;
}

export interface UnitView {
  readonly name: string;
  readonly description: string;
  readonly load: 'loaded' | 'not-found' | 'bad-setting';
  /** Why it is a bad setting. */
  readonly problem: string | null;
  readonly path: string;
  /** The file is another one than when it was read. */
  readonly changed: boolean;
  readonly active: Active;
  readonly sub: string;
  readonly result: Result;
  /** Since when it is in this state, in milliseconds since 1970; null when it has never been in another one. */
  readonly since: number | null;
  /** When it became active, if it did. */
  readonly activeSince: number | null;
  readonly main: { readonly pid: number | null; readonly command: string; readonly exit: Exit | null } | null;
  /** Of the last start. */
  readonly ran: readonly Ran[];
  /** What the service said of itself (STATUS=). */
  readonly status: string;
  readonly restarts: number;
  /** Its processes, in order. */
  readonly pids: readonly number[];
  readonly settings: { readonly type: string; readonly restart: string; readonly user: string };
}

export interface Answer {
  readonly units: readonly UnitView[];
  /** One for each unit of a request that makes jobs. */
  readonly jobs: readonly JobResult[];
}

/** `shop` is short for `shop.service`. */
export const unitName = (text: string): string =>
  /\.(service|target|socket|timer|mount|slice|path)$/.test(text) ? text : `${text}.service`;
