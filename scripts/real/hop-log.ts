/** A second access log of the real Nginx, beside the lesson's own: when each request reached which hop. */
import { readFileSync } from 'node:fs';
import { temporaryPaths } from '../lib/real-server.ts';

export const HOP_LOG = '/var/log/nginx/hops.log';

/** One line, written when the answer has gone. Times are in seconds; null where there was no upstream, or it never came so far. */
export interface Hop {
  /** When the line was written, since 1970. */
  readonly at: number;
  /** From the first byte of the request to the last of the answer, waiting included. */
  readonly seconds: number;
  /** The visitor's port: which connection of the client it was. */
  readonly port: number;
  /** Nginx' number of the connection, and of the request on it, from 1. */
  readonly connection: number;
  readonly n: number;
  /** Of the Nginx worker. */
  readonly pid: number;
  /** `GET /slow?ms=20 HTTP/1.1` */
  readonly request: string;
  readonly status: number;
  readonly bytes: number;
  /** What the request would be as a file. */
  readonly file: string;
  /** Each server that was tried, in order. Empty: Nginx answered by itself. */
  readonly upstreams: readonly Upstream[];
}

export interface Upstream {
  /** `unix:/run/shop/shop.sock` or `127.9.8.7:3031`, as Nginx names it. */
  readonly address: string;
  readonly status: number | null;
  readonly connect: number | null;
  readonly header: number | null;
  readonly response: number | null;
}

const FIELDS = {
  at: '$msec',
  seconds: '$request_time',
  port: '$remote_port',
  connection: '$connection',
  n: '$connection_requests',
  pid: '$pid',
  request: '$request',
  status: '$status',
  bytes: '$bytes_sent',
  file: '$request_filename',
  address: '$upstream_addr',
  upstreamStatus: '$upstream_status',
  connect: '$upstream_connect_time',
  header: '$upstream_header_time',
  response: '$upstream_response_time',
} as const;

type Line = Readonly<Record<keyof typeof FIELDS, string>>;

/** What EXTRA of mapping.ts holds: this log, and folders for what Nginx puts down for a while. */
export function extraConf(root: string): string {
  const line = Object.entries(FIELDS).map(([name, variable]) => `"${name}":"${variable}"`);
  return [
    `log_format hops escape=json '{${line.join(',')}}';`,
    `access_log ${root}${HOP_LOG} hops;`,
    temporaryPaths(`${root}/var/lib/nginx`),
    '',
  ].join('\n');
}

export function readHops(file: string): Hop[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => hopOf(JSON.parse(line) as Line));
}

function hopOf({ request, at, seconds, port, connection, n, pid, status, bytes, file, ...upstream }: Line): Hop {
  const numbers = { at: Number(at), seconds: Number(seconds), port: Number(port), connection: Number(connection) };
  return {
    request,
    ...numbers,
    n: Number(n),
    pid: Number(pid),
    status: Number(status),
    bytes: Number(bytes),
    file,
    upstreams: tried(upstream),
  };
}

/** Of several servers that were tried Nginx writes `first, second`; of a group that was left, ` : ` stands between. */
function tried(line: Pick<Line, 'address' | 'upstreamStatus' | 'connect' | 'header' | 'response'>): Upstream[] {
  if (line.address === '' || line.address === '-') return [];
  const each = (text: string): string[] => text.split(/ : |, /);
  const number = (text: string | undefined): number | null => (text === undefined || text === '-' || text === '' ? null : Number(text));
  const [status, connect, header, response] = [line.upstreamStatus, line.connect, line.header, line.response].map(each);
  return each(line.address).map((address, i) => ({
    address,
    status: number(status?.[i]),
    connect: number(connect?.[i]),
    header: number(header?.[i]),
    response: number(response?.[i]),
  }));
}
