/** Parts of a file: the Range header and what answers it. */
import { bytesOf, concat } from '../../http/bytes.ts';
import { header } from '../../http/head.ts';
import type { Request } from '../request.ts';

export interface Range {
  readonly start: number;
  /** The byte after the last one. */
  readonly end: number;
}

/** The ranges asked for: null when the whole file is to go out, [] when no range lies in it. */
export function askedRanges(request: Request, size: number, etag: string | undefined, lastModified: string): readonly Range[] | null {
  const { headers, minor } = request.head;
  const { maxRanges } = request.settings;
  const asked = header(headers, 'range');
  if (asked === null || minor < 0 || maxRanges === 0 || !/^bytes=/i.test(asked) || asked.length < 7) return null;
  const condition = header(headers, 'if-range');
  if (condition !== null) {
    const same = condition.endsWith('"') ? condition === etag : Date.parse(condition) === Date.parse(lastModified);
    if (!same) return null;
  }
  return parse(asked.slice(6), size, maxRanges);
}

function parse(text: string, size: number, most: number): readonly Range[] | null {
  const ranges: Range[] = [];
  for (const part of text.split(',')) {
    const match = /^ *(\d*) *- *(\d*) *$/.exec(part);
    const [, first = '', last = ''] = match ?? [];
    if (!match || (first === '' && last === '')) return [];
    const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
    const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
    if (last !== '' && first !== '' && Number(last) + 1 <= start) continue;
    if (start < end) ranges.push({ start, end });
  }
  const sum = ranges.reduce((bytes, range) => bytes + range.end - range.start, 0);
  // More ranges than allowed, or more than the file: nginx sends the file.
  return ranges.length > most || sum > size ? null : ranges;
}

/** The body and headers of a 206 with several parts. */
export function multipart(bytes: Uint8Array, ranges: readonly Range[], type: string): { type: string; body: Uint8Array } {
  const boundary = Array.from({ length: 20 }, () => Math.floor(Math.random() * 10)).join('');
  const parts = ranges.flatMap(({ start, end }) => [
    bytesOf(`\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: bytes ${start}-${end - 1}/${bytes.length}\r\n\r\n`),
    bytes.subarray(start, end),
  ]);
  return { type: `multipart/byteranges; boundary=${boundary}`, body: concat([...parts, bytesOf(`\r\n--${boundary}--\r\n`)]) };
}
