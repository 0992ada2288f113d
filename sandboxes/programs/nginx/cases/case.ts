/**
 * Cases of our own that are put to both the real nginx (`scripts/record-nginx.ts`, which writes fixtures/own.json) and
 * this one (recorded.test.ts).
 */

/** A server behind nginx, the same one for both. */
export interface Backend {
  /** `127.0.0.1:9201` or `unix:/run/shop/x.sock`. */
  readonly listen: string;
  /** dump: an HTTP answer whose body is the request as it came; raw: these bytes; close: nothing; hang: no answer at all. */
  readonly does: 'dump' | 'raw' | 'close' | 'hang';
  /** For raw: byte text. For dump: more header lines. */
  readonly bytes?: string;
}

/** One connection: what the client sends, byte text, until the server closes. */
export interface Exchange {
  readonly name: string;
  readonly port?: number;
  readonly send: string;
  /** The client sends its end of stream after that. */
  readonly end?: boolean;
}

export interface Group {
  readonly name: string;
  /** Inside `http { }`; error.log and access.log are recorded too. */
  readonly http: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly backends?: readonly Backend[];
  readonly exchanges: readonly Exchange[];
}

/** A configuration to test with -t: the whole file. */
export interface ConfigCase {
  readonly name: string;
  readonly conf: string;
}

/** What was recorded of one exchange, with dates and numbers that differ from run to run taken out. */
export interface Recorded {
  readonly answer: string;
  readonly errors: readonly string[];
  readonly access: readonly string[];
}

/** The configuration around a group. */
export const wholeConf = ({ http }: Group): string =>
  `user www-data;\nworker_processes 1;\npid /run/nginx-case.pid;\nerror_log /var/log/nginx/error.log info;\nevents {}\nhttp {\n${http}\n}\n`;

/** A GET that closes the connection. */
export const get = (path: string, more = '', host = 'localhost'): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`;

/** Take out what differs from run to run. */
export function plainAnswer(text: string): string {
  return (
    text
      .replace(/(Date|Last-Modified|Expires): [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} 20[0-2]\d [0-9:]{8} GMT/g, '$1: DATE')
      .replace(/ETag: (W\/)?"[0-9a-f]+-([0-9a-f]+)"/g, 'ETag: $1"TIME-$2"')
      // Its last two bytes say how hard and on what system it was compressed.
      .replace(/\x1f\x8b\x08\0{5}[^]{2}/g, 'GZIP ')
      .replace(/boundary=\d{20}/g, 'boundary=BOUNDARY')
      .replace(/--\d{20}/g, '--BOUNDARY')
      .replace(/\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d/g, 'DAY')
  );
}

/** A line of the error log without time, process and connection; a long one is cut where these make no difference. */
export const plainError = (line: string): string => line.replace(/^\S+ \S+ (\[\w+\]) \d+#\d+: (\*\d+ )?/, '$1 ').slice(0, 1900);

/** Notices of master and workers, which have tests of their own. */
export const isNotice = (line: string): boolean => /^\S+ \S+ \[notice\]/.test(line);
