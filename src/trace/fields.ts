/**
 * What an event of each type must have to be read from a stored log. Such a file may come from anywhere, and what it says is
 * drawn: a number has to be a number, and what is chosen from a few words one of these.
 */
import type { EventFields, EventType, RealServers, TraceHeader } from '../../sandboxes/host/events.ts';

/** Exactly the values of type V (`in out`: neither fewer nor more). */
interface Rule<in out V> {
  /** Completes "must be". */
  readonly what: string;
  readonly is: (value: unknown) => value is V;
}

const text: Rule<string> = { what: 'text', is: (value) => typeof value === 'string' };
const number: Rule<number> = { what: 'a number', is: (value): value is number => Number.isFinite(value) };
const whole: Rule<number> = { what: 'a whole number', is: (value): value is number => Number.isSafeInteger(value) };
const flag: Rule<boolean> = { what: 'true or false', is: (value) => typeof value === 'boolean' };
const texts: Rule<readonly string[]> = {
  what: 'a list of texts',
  is: (value): value is readonly string[] => Array.isArray(value) && value.every(text.is),
};
const named: Rule<Readonly<Record<string, string>>> = {
  what: 'an object of texts',
  is: (value): value is Record<string, string> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(text.is),
};

const oneOf = <V extends string>(...words: readonly V[]): Rule<V> => ({
  what: words.join(' or '),
  is: (value): value is V => words.some((word) => word === value),
});
const orNull = <V>({ what, is }: Rule<V>): Rule<V | null> => ({
  what: `${what} or null`,
  is: (value): value is V | null => value === null || is(value),
});
const optional = <V>({ what, is }: Rule<V>): Rule<V | undefined> => ({
  what: `${what}, if there is one`,
  is: (value): value is V | undefined => value === undefined || is(value),
});

type Rules<T> = { readonly [Field in keyof T]-?: Rule<T[Field]> };

const conn = text;
const side = oneOf('client', 'server');
const ofRequest = { conn, n: whole };
const asked = { method: text, uri: text };

const FIELDS: { readonly [T in EventType]: Rules<EventFields[T]> } = {
  'process.start': { ppid: whole, program: text, args: texts, uid: whole },
  'process.exit': { code: orNull(whole), signal: orNull(text) },
  'process.signal': { signal: text, from: whole },
  'process.role': { role: oneOf('master', 'worker'), server: oneOf('nginx', 'uwsgi'), worker: optional(whole) },
  'process.memory': { bytes: whole },
  'socket.listen': { listener: whole, address: text, backlog: whole },
  'socket.close': { listener: whole },
  'conn.queued': { conn, listener: whole, waiting: whole },
  'conn.failed': { conn, address: text, code: text },
  'conn.accepted': { conn, listener: whole, waiting: whole, client: whole },
  'conn.data': { conn, bytes: whole, data: optional(text) },
  'conn.close': { conn, reset: flag },
  'tls.handshake': { conn, side, message: text, bytes: whole, sealed: flag },
  'tls.ready': { conn, side, cipher: text, group: text, protocol: orNull(text), serverName: orNull(text) },
  'tls.record': { conn, plain: whole, bytes: whole, head: text, data: optional(text) },
  'tls.failed': { conn, side, alert: text, by: oneOf('self', 'peer') },
  'client.request': { ...ofRequest, method: text, url: text },
  'client.response': { ...ofRequest, status: whole, bytes: whole, server: text },
  'client.failed': { ...ofRequest, reason: text, method: optional(text), url: optional(text) },
  'nginx.request': { ...ofRequest, ...asked, host: text },
  'nginx.route': { ...ofRequest, location: text, handler: oneOf('static', 'uwsgi', 'proxy', 'return') },
  'nginx.file': { ...ofRequest, path: text, found: flag },
  'nginx.upstream': { ...ofRequest, upstream: text, address: text },
  'nginx.upstream.failed': { ...ofRequest, upstream: text, reason: text, status: whole },
  'nginx.response': { ...ofRequest, status: whole, bytes: whole, seconds: number },
  'uwsgi.request': { conn, worker: whole, bytes: whole, vars: whole, ...asked },
  'uwsgi.seen': { conn, worker: whole, ...asked },
  'wsgi.call': { conn, worker: whole, ...asked },
  'wsgi.environ': { conn, environ: named },
  'wsgi.return': { conn, worker: whole, status: whole, bytes: whole, ms: number, error: flag },
  'uwsgi.app': { where: oneOf('master', 'worker'), ms: number, ok: flag },
  'uwsgi.ready': { worker: whole },
  'uwsgi.respawn': { worker: whole, oldPid: whole, newPid: whole, why: oneOf('harakiri', 'memory', 'recycled', 'died') },
  log: { text },
  progress: { what: text, value: number },
};

const EVERY = { t: number, pid: whole, seq: whole };
const servers: Rule<RealServers> = {
  what: 'the names of nginx, uwsgi, python and machine',
  is: (value): value is RealServers =>
    named.is(value) && ['nginx', 'uwsgi', 'python', 'machine'].every((name) => Object.hasOwn(value as object, name)),
};
const HEADER: Rules<Omit<TraceHeader, 'v' | 'kind'>> = { lesson: text, scenario: text, inputs: text, made: text, real: optional(servers) };

type Entry = readonly [field: string, rule: { readonly what: string; readonly is: (value: unknown) => boolean }];

const OF_TYPE: ReadonlyMap<unknown, readonly Entry[]> = new Map(
  Object.entries(FIELDS).map(([type, fields]) => [type, Object.entries({ ...EVERY, ...fields })]),
);
const OF_HEADER: readonly Entry[] = Object.entries(HEADER);

type Line = Readonly<Record<string, unknown>>;

/** Why an object is no event: which field is wrong, and what it must be. Null for an event. */
export function whyNoEvent(line: Line): string | null {
  const { type } = line;
  if (typeof type !== 'string') return 'an event needs a type';
  const entries = OF_TYPE.get(type);
  return entries ? whyWrong(line, entries, type) : `there is no event type ${JSON.stringify(type.slice(0, 40))}`;
}

/** The same of a header, as far as it is not the version's matter. */
export const whyNoHeader = (line: Line): string | null => whyWrong(line, OF_HEADER, 'the header');

function whyWrong(line: Line, entries: readonly Entry[], owner: string): string | null {
  for (const [field, { what, is }] of entries) if (!is(line[field])) return `${field} of ${owner} must be ${what}`;
  return null;
}
