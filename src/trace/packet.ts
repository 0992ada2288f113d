/**
 * The uwsgi packet, taken apart for people: which bytes are which variable. It works on byte text (one character a byte), as
 * the trace has it, and on a packet of which only the beginning was kept.
 */

/** A piece of the packet: from byte `at` up to, not with, byte `end`. */
interface Range {
  readonly at: number;
  readonly end: number;
}

interface PacketVariable extends Range {
  readonly name: string;
  readonly value: string;
}

export interface Packet {
  /** 0 says: a request for Python. */
  readonly modifier1: number;
  readonly modifier2: number;
  /** Bytes of all variables together, as the head says. */
  readonly size: number;
  readonly head: Range;
  readonly variables: readonly PacketVariable[];
  /** Where the variables end: what follows is the request's body. */
  readonly end: number;
  /** Are all variables there? */
  readonly whole: boolean;
}

const HEAD = 4;

/** Null for what is no uwsgi packet. */
export function decodePacket(bytes: string): Packet | null {
  if (bytes.length < HEAD) return null;
  const size = shortAt(bytes, 1);
  const end = HEAD + size;
  const variables: PacketVariable[] = [];
  let at = HEAD;
  while (at < end) {
    const name = stringAt(bytes, at, end);
    const value = name && stringAt(bytes, name.end, end);
    if (!name || !value) break;
    variables.push({ name: name.text, value: value.text, at, end: value.end });
    at = value.end;
  }
  const whole = at === end;
  // Cut short it may be, but then all of it that is there has to make sense.
  if (!whole && bytes.length >= end) return null;
  return {
    modifier1: bytes.charCodeAt(0),
    modifier2: bytes.charCodeAt(3),
    size,
    head: { at: 0, end: HEAD },
    variables,
    end,
    whole,
  };
}

/** Two bytes, the low one first. */
const shortAt = (bytes: string, at: number): number => bytes.charCodeAt(at) + 256 * bytes.charCodeAt(at + 1);

/** A string with its length before it; null where it goes beyond `limit` or what is there. */
function stringAt(bytes: string, at: number, limit: number): { readonly text: string; readonly end: number } | null {
  const from = at + 2;
  if (from > Math.min(limit, bytes.length)) return null;
  const end = from + shortAt(bytes, at);
  return end > Math.min(limit, bytes.length) ? null : { text: bytes.slice(from, end), end };
}
