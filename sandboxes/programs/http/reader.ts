/**
 * Reads HTTP/1 messages from a connection: heads within limits, then bodies by their framing. Bytes that came with
 * one message and belong to the next stay in the buffer, so kept-alive and pipelined requests need nothing special.
 */
import type { Connection } from '../../host/host.ts';
import { byteText, concat } from './bytes.ts';
import { type Header, hasToken, header } from './head.ts';

/** How long a body is: a number of bytes, chunks, or all there is until the connection ends. */
export type Framing = number | 'chunked' | 'close';

export interface HeadLimits {
  /** Bytes of one line. */
  readonly line: number;
  /** Bytes of the whole head. */
  readonly total: number;
}

/** A head beyond its limits. `text` is what has come so far. */
export class HeadTooLarge extends Error {
  readonly part: 'first line' | 'header';
  readonly text: string;
  constructor(part: 'first line' | 'header', text: string) {
    super(`${part} too large`);
    this.part = part;
    this.text = text;
  }
}

/** The connection ended in the middle of a message. */
export class CutShort extends Error {
  /** What had come of a head, as byte text. */
  readonly text: string;
  constructor(text = '') {
    super('connection ended in the middle of a message');
    this.text = text;
  }
}

/** A chunked body that is none. */
export class BadChunk extends Error {
  constructor() {
    super('invalid chunked body');
  }
}

/** What a line of a chunked body may begin with: one is refused at its first bad byte. */
const SIZE_START = /^(?:[0-9a-f]{1,13}(?:\r|[; \t].*)?)?$/is;
const NO_LINE = /^\r?$/;
const ANY_LINE = /^/;

const LF = 10;
const CR = 13;
const EMPTY = new Uint8Array(0);

export class Reader {
  readonly connection: Connection;
  #buffer: Uint8Array = EMPTY;
  #ended = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Is there something that was read and not yet used? */
  get hasBuffered(): boolean {
    return this.#buffer.length > 0;
  }

  /** What was read and not yet used. */
  get buffered(): Uint8Array {
    return this.#buffer;
  }

  /** Use up `length` bytes of what was read. */
  skip(length: number): void {
    this.#take(length);
  }

  /** Read on; false at the end of the stream. */
  more(): Promise<boolean> {
    return this.#fill();
  }

  /**
   * The next head as byte text, up to and including its blank line, or null when the connection ended before one
   * began. Throws HeadTooLarge, CutShort and what the connection throws.
   */
  async head(limits: HeadLimits): Promise<string | null> {
    let begun = false;
    let line = 0;
    let scanned = 0;
    let lines = 0;
    for (;;) {
      if (!begun) {
        this.#skipEmptyLines();
        begun = this.#buffer.length > 0;
      }
      const buffer = this.#buffer;
      for (let at = buffer.indexOf(LF, scanned); at >= 0; at = buffer.indexOf(LF, line)) {
        if (at - line > limits.line) throw this.#tooLarge(lines);
        if (lines > 0 && (at === line || (at === line + 1 && buffer[line] === CR))) return byteText(this.#take(at + 1));
        line = at + 1;
        lines++;
      }
      scanned = buffer.length;
      if (scanned - line > limits.line || scanned > limits.total) throw this.#tooLarge(lines);
      if (!(await this.#fill())) {
        if (begun) throw new CutShort(byteText(this.#buffer));
        return null;
      }
    }
  }

  /** Up to `most` bytes as soon as there are any, or null at the end of the stream. */
  async some(most = Number.POSITIVE_INFINITY): Promise<Uint8Array | null> {
    while (this.#buffer.length === 0) if (!(await this.#fill())) return null;
    return this.#take(Math.min(most, this.#buffer.length));
  }

  /** One line without its end, for chunk sizes and trailers. `start`: what it may begin with. Throws BadChunk, CutShort. */
  async line(start: RegExp, limit = 4096): Promise<string> {
    for (;;) {
      const at = this.#buffer.indexOf(LF);
      if (at >= 0) return byteText(this.#take(at + 1)).replace(/\r?\n$/, '');
      if (this.#buffer.length > limit || !start.test(byteText(this.#buffer))) throw new BadChunk();
      if (!(await this.#fill())) throw new CutShort();
    }
  }

  #tooLarge(lines: number): HeadTooLarge {
    return new HeadTooLarge(lines === 0 ? 'first line' : 'header', byteText(this.#buffer));
  }

  #skipEmptyLines(): void {
    let at = 0;
    while (this.#buffer[at] === CR || this.#buffer[at] === LF) at++;
    if (at > 0) this.#take(at);
  }

  #take(length: number): Uint8Array {
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = length === this.#buffer.length ? EMPTY : this.#buffer.subarray(length);
    return taken;
  }

  async #fill(): Promise<boolean> {
    if (this.#ended) return false;
    const more = await this.connection.read();
    if (more === null) this.#ended = true;
    else this.#buffer = this.#buffer.length === 0 ? more : concat([this.#buffer, more]);
    return more !== null;
  }
}

/** A message's body, piece by piece. */
export class Body {
  readonly #reader: Reader;
  readonly #framing: Framing;
  /** Bytes left of the body or of the current chunk. */
  #left: number;
  #done: boolean;

  constructor(reader: Reader, framing: Framing) {
    this.#reader = reader;
    this.#framing = framing;
    this.#left = typeof framing === 'number' ? framing : 0;
    this.#done = framing === 0;
  }

  /** Has the end of the body been read? Only then can the connection carry another message. */
  get done(): boolean {
    return this.#done;
  }

  /** Is all that is left of a body of known length there already? */
  get isBuffered(): boolean {
    return typeof this.#framing === 'number' && this.#reader.buffered.length >= this.#left;
  }

  /** The next piece, or null at the end. Throws CutShort, BadChunk and what the connection throws. */
  async next(): Promise<Uint8Array | null> {
    if (this.#done) return null;
    if (this.#framing === 'close') {
      const piece = await this.#reader.some();
      this.#done = piece === null;
      return piece;
    }
    if (this.#framing === 'chunked' && this.#left === 0 && !(await this.#nextChunk())) return null;
    const piece = await this.#reader.some(this.#left);
    if (piece === null) throw new CutShort();
    this.#left -= piece.length;
    if (this.#left === 0) {
      if (this.#framing !== 'chunked') this.#done = true;
      else if ((await this.#reader.line(NO_LINE)) !== '') throw new BadChunk();
    }
    return piece;
  }

  /** All that is left, as one array. */
  async all(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let piece = await this.next(); piece !== null; piece = await this.next()) parts.push(piece);
    return concat(parts);
  }

  async #nextChunk(): Promise<boolean> {
    const size = /^([0-9a-f]{1,13})(?:[; \t].*)?$/i.exec(await this.#reader.line(SIZE_START));
    if (!size?.[1]) throw new BadChunk();
    this.#left = Number.parseInt(size[1], 16);
    if (this.#left > 0) return true;
    while ((await this.#reader.line(ANY_LINE)) !== '');
    this.#done = true;
    return false;
  }
}

/** How the body of an answer is framed (RFC 9112, 6.3). */
export function responseFraming(method: string, status: number, headers: readonly Header[]): Framing {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 0;
  if (hasToken(headers, 'transfer-encoding', 'chunked')) return 'chunked';
  const length = header(headers, 'content-length');
  return length !== null && /^\d+$/.test(length) ? Number(length) : 'close';
}
