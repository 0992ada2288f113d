/** What of a file can be edited as text, without a byte of the rest of it being changed. */

/** Larger files make an editor that stutters, in bytes. */
const LARGEST_TEXT = 1_000_000;

/** A file that is shown as what it is and not edited. */
export interface Opaque {
  readonly why: 'binary' | 'huge';
  readonly bytes: number;
}

/** The text of a file, byte for byte (a byte order mark stays in it), or why it has none. */
export function textOf(data: Uint8Array): string | Opaque {
  if (data.byteLength > LARGEST_TEXT) return { why: 'huge', bytes: data.byteLength };
  if (data.includes(0)) return { why: 'binary', bytes: data.byteLength };
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return { why: 'binary', bytes: data.byteLength };
  }
}

/** What ends the lines of a text: that of all of them, or else the plain one, and then what is left of the other stays in the lines. */
export function lineEnd(text: string): '\n' | '\r\n' {
  const ends = text.match(/\r?\n/g) ?? [];
  return ends.length > 0 && ends.every((end) => end === '\r\n') ? '\r\n' : '\n';
}

/** What one step of indentation is in a text: a tab where lines begin with more tabs than spaces. */
export function indentOf(text: string): string {
  const tabs = text.match(/^\t/gm)?.length ?? 0;
  const spaces = text.match(/^ {2}/gm)?.length ?? 0;
  return tabs > spaces ? '\t' : '    ';
}
