/**
 * The trace: what processes and the kernel say happened. Stored as NDJSON (a header line, then one event a line).
 * One request is followed by joining connection ids: `conn` is the same on both ends of a connection, and
 * `upstream.connect` names the client connection it was made for. Nothing is added to the bytes on the wire.
 */
export const TRACE_VERSION = 1;

/** Of what one end of a connection says before the other end speaks again, a trace keeps at most so many bytes. */
export const MOST_OF_A_TURN = 4 * 1024;
/** And of all that a process says, at most so many in a second. */
export const MOST_IN_A_SECOND = 64 * 1024;

/** Every event type and its own fields. `kernel` marks those that the kernel says; the others come from the process `pid`. */
export interface EventFields {
  /** kernel */
  'process.start': { ppid: number; program: string; args: readonly string[]; uid: number };
  /** kernel: exactly one of code and signal is not null; of a real process neither may be known */
  'process.exit': { code: number | null; signal: string | null };
  /** kernel: `pid` received a signal; `from` is the sender (0: the page) */
  'process.signal': { signal: string; from: number };
  /** what this process is in a server: nginx and uwsgi say it when they know */
  'process.role': { role: 'master' | 'worker'; server: 'nginx' | 'uwsgi'; worker?: number };
  /** how much memory this process has, when that has changed: a worker says it when it starts and after a request */
  'process.memory': { bytes: number };
  /** kernel; address as text, e.g. `0.0.0.0:80` or `unix:/run/shop/shop.sock` */
  'socket.listen': { listener: number; address: string; backlog: number };
  /** kernel: the last holder let go */
  'socket.close': { listener: number };
  /** kernel: `pid` (the client) connects; it now waits in the queue of that listener, with `waiting` in line including it */
  'conn.queued': { conn: string; listener: number; waiting: number };
  /** kernel: connect failed; code as ECONNREFUSED, EAGAIN ... */
  'conn.failed': { conn: string; address: string; code: string };
  /** kernel: the process `pid` took it from the queue; `waiting` are left */
  'conn.accepted': { conn: string; listener: number; waiting: number; client: number };
  /** bytes written by `pid`; `data` is the first of them as byte text (one character a byte), as long as the budget of kept-bytes.ts lasts */
  'conn.data': { conn: string; bytes: number; data?: string };
  /** `pid` closed its end; reset: the other end loses unread bytes */
  'conn.close': { conn: string; reset: boolean };

  /** one end of `conn` sends a message of the TLS handshake; sealed: nobody between can read it */
  'tls.handshake': { conn: string; side: 'client' | 'server'; message: string; bytes: number; sealed: boolean };
  /** this end has shaken hands: what `conn` carries from now on is sealed; `group` of the key exchange, `protocol` by ALPN */
  'tls.ready': {
    conn: string;
    side: 'client' | 'server';
    cipher: string;
    group: string;
    protocol: string | null;
    serverName: string | null;
  };
  /** `pid` sent `plain` bytes as a record of `bytes`; `head` is how its first sealed bytes look on the wire, in hex; `data` the first plain ones, as in `conn.data` */
  'tls.record': { conn: string; plain: number; bytes: number; head: string; data?: string };
  /** TLS came to an end by a mistake, which this end (`self`) or the other one (`peer`) found; alert by its name */
  'tls.failed': { conn: string; side: 'client' | 'server'; alert: string; by: 'self' | 'peer' };

  /** a client (browser, curl) sends a request; `n` counts requests on this connection from 1 */
  'client.request': { conn: string; n: number; method: string; url: string };
  'client.response': { conn: string; n: number; status: number; bytes: number; server: string };
  /** the client gave up or the connection broke before an answer came; `method` and `url` when nothing was ever sent (conn is '') */
  'client.failed': { conn: string; n: number; reason: string; method?: string; url?: string };

  /** nginx has read a request's head */
  'nginx.request': { conn: string; n: number; method: string; uri: string; host: string };
  /** nginx has chosen what answers it */
  'nginx.route': { conn: string; n: number; location: string; handler: 'static' | 'uwsgi' | 'proxy' | 'return' };
  'nginx.file': { conn: string; n: number; path: string; found: boolean };
  /** nginx opens connection `upstream` on behalf of request `n` of the client's `conn` */
  'nginx.upstream': { conn: string; n: number; upstream: string; address: string };
  'nginx.upstream.failed': { conn: string; n: number; upstream: string; reason: string; status: number };
  'nginx.response': { conn: string; n: number; status: number; bytes: number; seconds: number };

  /** a worker has read the uwsgi packet (or http head) of a request */
  'uwsgi.request': { conn: string; worker: number; bytes: number; vars: number; method: string; uri: string };
  /** only of the real uWSGI: the same of a request that it never ended; how large it was is not known then */
  'uwsgi.seen': { conn: string; worker: number; method: string; uri: string };
  /** the WSGI callable is about to be called / has returned and its iterable is exhausted */
  'wsgi.call': { conn: string; worker: number; method: string; uri: string };
  /** what the callable gets: strings as they are, anything else as Python's repr writes it; said while the budget of kept-bytes.ts lasts */
  'wsgi.environ': { conn: string; environ: Readonly<Record<string, string>> };
  'wsgi.return': { conn: string; worker: number; status: number; bytes: number; ms: number; error: boolean };
  /** the app is loaded; `where` it was imported */
  'uwsgi.app': { where: 'master' | 'worker'; ms: number; ok: boolean };
  /** a worker waits for requests from now on */
  'uwsgi.ready': { worker: number };
  /** the master saw a worker die and started another in its place */
  'uwsgi.respawn': { worker: number; oldPid: number; newPid: number; why: RespawnReason };

  /** a line a program wrote to its log or standard error */
  log: { text: string };
  /** progress of something long (loading Python); value 0..1 */
  progress: { what: string; value: number };
}

/** Why a worker was replaced: the master killed it for its time or its memory, it had served its time, or it died otherwise. */
export type RespawnReason = 'harakiri' | 'memory' | 'recycled' | 'died';

export type EventType = keyof EventFields;
export type EventData<T extends EventType> = EventFields[T];

/** An event as stored: `t` ms since the sandbox started, `pid` who it is about, `seq` counts per pid and breaks ties. */
export type TraceEvent = {
  [T in EventType]: { readonly type: T; readonly t: number; readonly pid: number; readonly seq: number } & Readonly<EventFields[T]>;
}[EventType];

/** First line of a stored trace. */
export interface TraceHeader {
  readonly v: typeof TRACE_VERSION;
  readonly kind: 'recording';
  /** what made it: lesson slug and scenario name */
  readonly lesson: string;
  readonly scenario: string;
  /** hash of the inputs it was made from, see scripts/record */
  readonly inputs: string;
  /** when, ISO 8601 */
  readonly made: string;
  /** Of a recording of the real servers, and of no other: which they were, and what they ran on. */
  readonly real?: RealServers;
}

export interface RealServers {
  /** Versions, as they say them. */
  readonly nginx: string;
  readonly uwsgi: string;
  readonly python: string;
  readonly machine: string;
}
