/** An answer that goes out in pieces: its head, then chunks or plain bytes, compressed where that was agreed. */
import { bytesOf, concat } from '../http/bytes.ts';
import { CHUNK_END, chunkStart, LAST_CHUNK } from '../http/chunks.ts';
import type { Request } from './request.ts';
import { type AnswerHead, headText, write } from './response.ts';

export class Output {
  readonly #request: Request;
  readonly #chunked: boolean;
  readonly #gzip: Compressor | null;
  #head: Uint8Array | null;
  #parts: Uint8Array[] = [];
  #size = 0;

  /** `bare`: nothing but the body, as HTTP/0.9 has it. */
  constructor(request: Request, answer: AnswerHead, bare = false) {
    this.#request = request;
    const { text, chunked, gzip } = headText(request, answer);
    this.#head = bare ? new Uint8Array(0) : bytesOf(text);
    if (bare) {
      request.keepAlive = false;
      // An answer without a head has no status either: logs show HTTP/0.9.
      request.status = 9;
    }
    request.headSent = this.#head.length;
    this.#chunked = chunked && !bare;
    this.#gzip = gzip && !request.isHead ? new Compressor() : null;
  }

  /** Bytes that wait to go out. */
  get waiting(): number {
    return this.#size;
  }

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#parts.push(piece);
    this.#size += piece.length;
  }

  /** Send what waits: one chunk. */
  async flush(): Promise<void> {
    const parts = this.#parts;
    const size = this.#size;
    this.#parts = [];
    this.#size = 0;
    if (!this.#gzip) return this.#send(parts, size, false);
    const packed = await this.#gzip.add(parts);
    return this.#send(packed, total(packed), false);
  }

  /** Send what waits and the end of the body. */
  async end(): Promise<void> {
    if (this.#gzip) {
      const packed = [...(await this.#gzip.add(this.#parts)), ...(await this.#gzip.end())];
      this.#request.gzipRatio = this.#gzip.ratio;
      await this.#send(packed, total(packed), true);
    } else await this.#send(this.#parts, this.#size, true);
    this.#parts = [];
    this.#size = 0;
    this.#request.complete = !this.#request.client.gone;
  }

  async #send(parts: readonly Uint8Array[], size: number, last: boolean): Promise<void> {
    const out: Uint8Array[] = [];
    if (this.#head) out.push(this.#head);
    this.#head = null;
    if (!this.#chunked) out.push(...parts);
    else {
      if (size > 0) out.push(chunkStart(size), ...parts, CHUNK_END);
      if (last) out.push(LAST_CHUNK);
    }
    await write(this.#request, concat(out));
  }
}

const total = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** gzip by the platform's own stream. */
class Compressor {
  readonly #writer: WritableStreamDefaultWriter<BufferSource>;
  readonly #done: Promise<void>;
  #ready: Uint8Array[] = [];
  #taken = 0;
  #made = 0;

  constructor() {
    const stream = new CompressionStream('gzip');
    this.#writer = stream.writable.getWriter();
    this.#done = this.#collect(stream.readable.getReader());
  }

  /** How much smaller it has become. */
  get ratio(): number {
    return this.#made === 0 ? 0 : this.#taken / this.#made;
  }

  async add(parts: readonly Uint8Array[]): Promise<Uint8Array[]> {
    for (const part of parts) {
      this.#taken += part.length;
      await this.#writer.write(new Uint8Array(part));
    }
    return this.#take();
  }

  async end(): Promise<Uint8Array[]> {
    await this.#writer.close();
    await this.#done;
    return this.#take();
  }

  async #collect(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      this.#made += next.value.length;
      this.#ready.push(next.value);
    }
  }

  #take(): Uint8Array[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}
