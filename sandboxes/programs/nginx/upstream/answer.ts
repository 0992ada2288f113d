/** The head of an upstream's answer, read by nginx's rules: refused at its first bad byte, even if more would follow. */
import { byteText } from '../../http/bytes.ts';
import { type Header, header } from '../../http/head.ts';
import type { Reader } from '../../http/reader.ts';
import { headerLine } from '../head.ts';
import { UpstreamFailure, type Watch } from './watch.ts';

const ACTION = 'reading response header from upstream';
const RULES = { ignoreInvalidHeaders: false, underscores: true };

export interface UpstreamHead {
  readonly status: number;
  /** What follows the number in the status line. */
  readonly reason: string;
  readonly minor: number;
  readonly headers: readonly Header[];
  /** No head at all: what comes is passed on as it is (proxy_pass does that). */
  readonly bare: boolean;
}

/** Read a head of at most `size` bytes. `early`: a read of `reader` that is under way. Throws UpstreamFailure. */
export async function readHead(
  watch: Watch,
  reader: Reader,
  size: number,
  family: 'uwsgi' | 'proxy',
  early: Promise<boolean> | null = null,
): Promise<UpstreamHead> {
  for (let first = early; ; first = null) {
    const bytes = reader.buffered;
    if (bytes.length > 0) {
      const text = byteText(bytes.length > size ? bytes.subarray(0, size) : bytes);
      const parsed = parse(text, family);
      if (parsed) {
        reader.skip(parsed.end);
        return parsed.head;
      }
      if (bytes.length >= size) throw new UpstreamFailure(502, 'error', 'invalid_header', `upstream sent too big header while ${ACTION}`);
    }
    if (!(await watch.read(() => first ?? reader.more(), ACTION))) {
      throw new UpstreamFailure(502, 'error', 'error', `upstream prematurely closed connection while ${ACTION}`);
    }
  }
}

const STATUS_LINE = /^HTTP\/(\d+)\.(\d+) +(\d{3})(?: ([^\r\n]*)|(?=[\r\n]))\r?\n/;
/** As much of a status line as may still become one. */
const STATUS_START = /^(H(T(T(P(\/(\d+(\.(\d*( *(\d{0,3}( [^\r\n]*)?\r?)?)?)?)?)?)?)?)?)?)?$/;

function parse(text: string, family: 'uwsgi' | 'proxy'): { head: UpstreamHead; end: number } | null {
  const line = STATUS_LINE.exec(text);
  if (!line && STATUS_START.test(text)) return null;
  if (!line && family === 'proxy') return { head: { status: 200, reason: '', minor: 0, headers: [], bare: true }, end: 0 };
  const headers: Header[] = [];
  for (let at = line?.[0].length ?? 0; ; ) {
    const read = headerLine(text, at, RULES);
    if (read === null) return null;
    if ('problem' in read) {
      const message = read.problem.replace('client sent invalid header line', 'upstream sent invalid header');
      throw new UpstreamFailure(502, 'error', 'invalid_header', `${message} while ${ACTION}`);
    }
    at = read.next;
    if (read.header) headers.push(read.header);
    else {
      const [, , minor = '1', status = '200', reason = ''] = line ?? [];
      const given = line ? null : /^(\d{3})(?: (.*))?$/.exec(header(headers, 'status') ?? '');
      return {
        head: {
          status: Number(given?.[1] ?? status),
          reason: given ? (given[2] ?? '') : line ? reason : 'OK',
          minor: Number(minor),
          headers,
          bare: false,
        },
        end: at,
      };
    }
  }
}
