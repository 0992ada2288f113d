/** Answers that say nothing but how long they are. */

export const OK = 'HTTP/1.1 200 ';

/** An answer of `size` bytes that the benchmark's clients understand. */
export function filler(size: number): Uint8Array {
  const head = (length: number): string => `${OK}OK\r\nContent-Length: ${String(length).padStart(6, '0')}\r\n\r\n`;
  return new TextEncoder().encode(head(size - head(0).length).padEnd(size, 'x'));
}
