/** Input line by line: for the shell itself and for `read`. What comes in is asked for when it is needed. */
export class Lines {
  readonly #more: () => Promise<Uint8Array | null>;
  readonly #decoder = new TextDecoder();
  /** A text or a file that nothing has been read of. */
  #given: Uint8Array | string | null = null;
  #rest = '';
  #coming: Promise<boolean> | null = null;
  /** Who asked last: who was given up before that gets nothing. */
  #asking = 0;

  constructor(more: () => Promise<Uint8Array | null> = () => Promise.resolve(null)) {
    this.#more = more;
  }

  static of(data: string | Uint8Array): Lines {
    const lines = new Lines();
    lines.#given = data;
    return lines;
  }

  /** The next line without its end, or null when there is none. `whole`: its end was there. */
  async next(): Promise<{ readonly line: string; readonly whole: boolean } | null> {
    const turn = ++this.#asking;
    this.#open();
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return { line, whole: true };
      }
      this.#coming ??= this.#fill();
      const came = await this.#coming;
      if (turn !== this.#asking) return null;
      if (came) continue;
      const line = this.#rest;
      this.#rest = '';
      return line === '' ? null : { line, whole: false };
    }
  }

  /** Whether more has come; false at the end. */
  async #fill(): Promise<boolean> {
    const chunk = await this.#more();
    this.#coming = null;
    if (chunk !== null) this.#rest += this.#decoder.decode(chunk, { stream: true });
    return chunk !== null;
  }

  #open(): void {
    if (this.#given !== null) this.#rest = typeof this.#given === 'string' ? this.#given : this.#decoder.decode(this.#given);
    this.#given = null;
  }

  /** What has come and was not read; it is gone then. */
  takeAll(): string | Uint8Array {
    const all = this.#given ?? this.#rest;
    this.#given = null;
    this.#rest = '';
    return all;
  }
}
