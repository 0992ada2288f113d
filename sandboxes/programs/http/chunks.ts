/** Chunked transfer coding, outgoing: each piece after its size in hexadecimal, an empty piece at the end. */
import { bytesOf } from './bytes.ts';

/** What goes before a piece of `length` bytes. */
export const chunkStart = (length: number): Uint8Array => bytesOf(`${length.toString(16)}\r\n`);
/** What goes after every piece. */
export const CHUNK_END: Uint8Array = bytesOf('\r\n');
/** The end of the body. */
export const LAST_CHUNK: Uint8Array = bytesOf('0\r\n\r\n');
