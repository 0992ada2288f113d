/** Parts of a file: the Range header and what answers it. */
import { bytesOf } from '../../http/bytes.ts';
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

/** A part of a body: bytes, or where they stand in the file. */
export type Part = Uint8Array | Range;

/** Type, length and parts of a 206 with several ranges of a file of `size` bytes. */
export function multipart(size: number, ranges: readonly Range[], type: string): { type: string; length: number; parts: readonly Part[] } {
  const boundary = Array.from({ length: 20 }, () => Math.floor(Math.random() * 10)).join('');
  const parts: Part[] = ranges.flatMap((range) => [
    bytesOf(`\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: bytes ${range.start}-${range.end - 1}/${size}\r\n\r\n`),
    range,
  ]);
  parts.push(bytesOf(`\r\n--${boundary}--\r\n`));
  const length = parts.reduce((sum, part) => sum + (part instanceof Uint8Array ? part.length : part.end - part.start), 0);
  return { type: `multipart/byteranges; boundary=${boundary}`, length, parts };
}
