/**
 * The terminal that a WebContainer gives each process: everything the process and its children print in one stream, the echo of
 * what is typed in between, lines of limited length, and chunks that end in the middle of a character.
 */

/** What a terminal of Linux keeps of a line that has not ended; the rest is lost. */
const LINE_MAX = 4095;
/** Prime, so that no text lines up with it. */
const CHUNK = 997;
const [INTERRUPT, END_OF_INPUT, ERASE] = ['\x03', '\x04', '\x7f'];

export interface TerminalEnds {
  /** A chunk for the one who looks at the terminal. */
  show(chunk: Uint8Array): void;
  /** A line for the process. */
  enter(line: string): void;
  interrupt(): void;
  endInput(): void;
}

export class Terminal {
  #ends: TerminalEnds;
  #line = '';
  #echo = '';
  /** Is the output in the middle of a frame? A real terminal writes one in one piece; a pipe does not. */
  #inFrame = false;

  constructor(ends: TerminalEnds) {
    this.#ends = ends;
  }

  /** The process, or a child of it, has printed. */
  print(bytes: Uint8Array): void {
    this.#inFrame = bytes.lastIndexOf(0x1e) > bytes.lastIndexOf(0x1f) || (this.#inFrame && !bytes.includes(0x1f));
    const text = Buffer.from(bytes).toString('latin1').replaceAll('\n', '\r\n');
    for (const chunk of cut(Buffer.from(text, 'latin1'))) this.#ends.show(chunk);
    this.#showEcho();
  }

  type(keys: string): void {
    for (const key of keys) this.#press(key === '\r' ? '\n' : key);
    this.#showEcho();
  }

  #press(key: string): void {
    if (key === INTERRUPT) {
      this.#line = '';
      this.#echo += '^C\r\n';
      this.#ends.interrupt();
    } else if (key === END_OF_INPUT) {
      if (this.#line === '') this.#ends.endInput();
    } else if (key === ERASE) {
      if (this.#line !== '') this.#echo += '\b \b';
      this.#line = this.#line.slice(0, -1);
    } else if (key === '\n') {
      this.#echo += '\r\n';
      this.#ends.enter(`${this.#line}\n`);
      this.#line = '';
    } else if (Buffer.byteLength(this.#line) < LINE_MAX) {
      this.#line += key;
      this.#echo += key;
    }
  }

  #showEcho(): void {
    if (this.#inFrame || this.#echo === '') return;
    const echo = Buffer.from(this.#echo);
    this.#echo = '';
    for (const chunk of cut(echo)) this.#ends.show(chunk);
  }
}

/** Cuts where it hurts: within the first character of several bytes, and after every CHUNK bytes. */
function cut(bytes: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const wide = bytes.findIndex((byte) => byte >= 0xc0);
  for (let at = 0; at < bytes.length; ) {
    const end = wide >= at && wide + 1 < at + CHUNK ? wide + 1 : at + CHUNK;
    chunks.push(bytes.subarray(at, end));
    at = end;
  }
  return chunks;
}
