/** The text that is being read, and how far. */
import { SyntaxProblem, type Word } from './tree.ts';

/** A `<<END` whose text begins after this line. */
export interface Announced {
  readonly end: string;
  /** The end was quoted: nothing in the text is filled in. */
  readonly literal: boolean;
  /** `<<-`: tabs at the beginning of lines are left out. */
  readonly untabbed: boolean;
  give(text: string, line: number): Word;
}

export class Source {
  readonly text: string;
  at = 0;
  /** Those whose text is still to come. */
  announced: Announced[] = [];
  /** May more lines follow this text? */
  readonly open: boolean;
  readonly #firstLine: number;
  #counted = 0;
  #lines = 0;

  constructor(text: string, open = false, firstLine = 1) {
    this.text = text;
    this.open = open;
    this.#firstLine = firstLine;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The line that is being read, from 1. */
  get line(): number {
    for (; this.#counted < Math.min(this.at, this.text.length); this.#counted++) if (this.text[this.#counted] === '\n') this.#lines++;
    return this.#firstLine + this.#lines;
  }

  peek(ahead = 0): string {
    return this.text.charAt(this.at + ahead);
  }

  take(): string {
    return this.text.charAt(this.at++);
  }

  has(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** What a pattern (sticky) finds right here. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  /** As it was typed, in one line. */
  since(start: number, end = this.at): string {
    return this.text
      .slice(start, end)
      .trim()
      .replace(/\s*\n\s*/g, ' ');
  }

  problem(message: string): SyntaxProblem {
    return new SyntaxProblem(`Syntax error: ${message}`, this.line);
  }

  /** The text ends too soon. */
  unfinished(message: string): SyntaxProblem {
    return new SyntaxProblem(`Syntax error: ${message}`, this.line, true);
  }

  lacks(what: string): SyntaxProblem {
    return new SyntaxProblem(`this sandbox's shell does not have ${what}`, this.line);
  }

  /** A line ends here: the texts that it announced follow. */
  readAnnounced(): void {
    const announced = this.announced;
    this.announced = [];
    for (const one of announced) {
      const { line } = this;
      one.give(this.#lineByLine(one), line);
    }
  }

  #lineByLine({ end, untabbed }: Announced): string {
    let text = '';
    while (!this.done) {
      const stop = this.text.indexOf('\n', this.at);
      const whole = this.text.slice(this.at, stop < 0 ? this.text.length : stop);
      this.at = stop < 0 ? this.text.length : stop + 1;
      const line = untabbed ? whole.replace(/^\t+/, '') : whole;
      if (line === end) return text;
      text += `${line}\n`;
    }
    if (this.open) throw this.unfinished(`end of file unexpected (expecting "${end}")`);
    return text;
  }
}
