/** What the configuration adds to answers: charset, expires, add_header, and whether an answer is compressed. */
import { header } from '../http/head.ts';
import type { Expires } from './config/model.ts';
import { dateHttp } from './dates.ts';
import type { Request } from './request.ts';
import type { AnswerHead } from './response.ts';

/** Statuses that carry the headers of add_header and expires. */
const SAFE = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);
const WITH_CHARSET = new Set([
  ...['text/html', 'text/xml', 'text/plain', 'text/vnd.wap.wml'],
  ...['application/javascript', 'application/rss+xml'],
]);

export function withCharset(charset: string | null, type: string): string {
  return charset !== null && WITH_CHARSET.has(type.toLowerCase()) ? `${type}; charset=${charset}` : type;
}

export interface Added {
  readonly lines: readonly [string, string][];
  /** Names (lower case) of headers that these take the place of. */
  readonly replaces: ReadonlySet<string>;
  readonly lastModified: string | null;
}

const NOTHING: Added = { lines: [], replaces: new Set(), lastModified: null };

/** Headers of `expires` and `add_header`. */
export function addedHeaders(request: Request, status: number, answer: AnswerHead): Added {
  const { expires, headers } = request.settings;
  if (expires === null && headers.length === 0) return NOTHING;
  const safe = SAFE.has(status);
  const lines: [string, string][] = [];
  const replaces = new Set<string>();
  let lastModified: string | null = null;
  if (expires !== null && safe) {
    const modified = answer.lastModified ? Date.parse(answer.lastModified) : Number.NaN;
    const [date, control] = expiry(expires, request.client.host.date(), modified);
    lines.push(['Expires', date], ['Cache-Control', control]);
    replaces.add('expires').add('cache-control');
  }
  for (const { name, value, always } of headers) {
    if (!safe && !always) continue;
    const text = value(request);
    const key = name.toLowerCase();
    if (key === 'last-modified') lastModified = text;
    else {
      if (key === 'etag') replaces.add(key);
      if (text !== '') lines.push([name, text]);
    }
  }
  return { lines, replaces, lastModified };
}

/** Expires and Cache-Control; `now` and `modified` in milliseconds. */
function expiry(expires: Exclude<Expires, null>, now: number, modified: number): [string, string] {
  if (!('seconds' in expires)) {
    if (expires.kind === 'max') return ['Thu, 31 Dec 2037 23:55:55 GMT', 'max-age=315360000'];
    return ['Thu, 01 Jan 1970 00:00:01 GMT', 'no-cache'];
  }
  const today = Math.floor(now / 1000);
  const { kind, seconds } = expires;
  if (seconds === 0 && kind !== 'daily') return [dateHttp(now), 'max-age=0'];
  let at = today + seconds;
  if (kind === 'daily') {
    at = Math.floor(today / 86_400) * 86_400 + seconds;
    if (at <= today) at += 86_400;
  } else if (kind === 'modified' && !Number.isNaN(modified)) at = Math.floor(modified / 1000) + seconds;
  const age = at - today;
  return [new Date(at * 1000).toUTCString(), seconds < 0 || age < 0 ? 'no-cache' : `max-age=${age}`];
}

/** Is this answer one to compress, for clients that take it? */
export function isFitForGzip(request: Request, status: number, answer: AnswerHead): boolean {
  const { gzip } = request.settings;
  if (status !== 200 && status !== 403 && status !== 404) return false;
  if (answer.has?.has('content-encoding') || answer.more?.some(([name]) => name === 'Content-Encoding')) return false;
  if (typeof answer.length === 'number' && answer.length < gzip.minLength) return false;
  const type = (answer.type ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return type !== '' && (gzip.types.has(type) || gzip.types.has('*'));
}

/** As nginx asks it: the header's words, the HTTP version, a proxy in between, the browser. */
export function clientTakesGzip(request: Request): boolean {
  const { gzip } = request.settings;
  const { headers, minor } = request.head;
  const accepts = header(headers, 'accept-encoding');
  if (accepts === null || !acceptsGzip(accepts) || minor < gzip.minor) return false;
  if (header(headers, 'via') !== null && !gzip.proxied.includes('any')) return false;
  const agent = header(headers, 'user-agent');
  return agent === null || !gzip.disable.some((pattern) => pattern.test(agent));
}

function acceptsGzip(value: string): boolean {
  const match = /(?:^|[,\s])gzip\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i.exec(value);
  return match !== null && (match[1] === undefined || Number(match[1]) > 0);
}
