/** An HTTP message from byte text, ready to be read. Pure. */

export interface Message {
  /** Lines up to the empty one, with `\n` at their ends. */
  readonly head: string;
  /** The body as text, or as byte text when it is none. */
  readonly body: string;
  readonly binary: boolean;
  /** For the highlighter. */
  readonly language: 'json' | 'html' | 'text';
}

/** Null for what does not begin like a request or an answer of HTTP. */
export function readMessage(bytes: string): Message | null {
  if (!/^(?:HTTP\/\d|[A-Z]{2,20} \S+ HTTP\/\d)/.test(bytes)) return null;
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.slice(0, end < 0 ? bytes.length : end).replaceAll('\r\n', '\n');
  const rest = end < 0 ? '' : bytes.slice(end + 4);
  const text = textOf(rest);
  const type = /^content-type: *([^;\n]*)/im.exec(head)?.[1] ?? '';
  const language = /json/i.test(type) ? 'json' : /html|xml|svg/i.test(type) ? 'html' : 'text';
  return { head, body: text ?? rest, binary: text === null, language };
}

/** The text that bytes are in UTF-8; null when they are none. The last character may be cut. */
export function textOf(bytes: string): string | null {
  if (/[\0-\x08\x0e-\x1f]/.test(bytes)) return null;
  try {
    const raw = Uint8Array.from(bytes, (one) => one.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(raw, { stream: true });
  } catch {
    return null;
  }
}
