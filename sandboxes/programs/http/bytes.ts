/**
 * Bytes and "byte text": strings with one character a byte (Latin-1). HTTP heads, nginx's configuration and its paths
 * are bytes, not Unicode; as byte text they can be searched and compared as fast as any string and lose nothing.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes as byte text (TextDecoder's `latin1` is windows-1252, which is not the same). */
export function byteText(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 8192) text += Reflect.apply(String.fromCharCode, null, bytes.subarray(from, from + 8192));
  return text;
}

/** Byte text as bytes. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  layText(text, bytes, 0);
  return bytes;
}

/** Byte text into `bytes`, from `at` on: for texts that are short, faster than the platform's encoder. */
export function layText(text: string, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}

/** Is every character below 128, so that byte text and Unicode text are the same? */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** The Unicode text whose UTF-8 form the byte text is: what a path or a log line looks like to a person. */
export function toUnicode(text: string): string {
  return isAscii(text) ? text : decoder.decode(bytesOf(text));
}

/** The UTF-8 form of a Unicode text, as byte text. */
export function fromUnicode(text: string): string {
  return isAscii(text) ? text : byteText(encoder.encode(text));
}

/** Several arrays as one. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
