/** The header of Pyodide's snapshots: what Python refers to in JavaScript. */

/**
 * Keys are objects that Python holds now, null for one that it has let go of; those of Pyodide itself come first and are not in the
 * list. Immortal ones are texts.
 */
export interface References {
  readonly hiwireKeys: readonly unknown[];
  readonly immortalKeys: readonly string[];
}

/** A snapshot begins with 12 words: the second says where the heap starts, the third how long the JSON text behind them is. */
const FIXED = 48;

/** What the Python of this header refers to. */
export function referencesIn(header: Uint8Array): References {
  const length = new DataView(header.buffer, header.byteOffset).getUint32(8, true);
  return JSON.parse(new TextDecoder().decode(header.subarray(FIXED, FIXED + length)));
}

/** The header that Pyodide would write, made from that of an earlier snapshot: without a copy of the whole heap behind it. */
export function headerLike(earlier: Uint8Array, references: References): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(references));
  const header = new Uint8Array(Math.ceil((FIXED + text.length) / 16) * 16);
  header.set(earlier.subarray(0, FIXED));
  header.set(text, FIXED);
  const view = new DataView(header.buffer);
  view.setUint32(4, header.length, true);
  view.setUint32(8, text.length, true);
  return header;
}
