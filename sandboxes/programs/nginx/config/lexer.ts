/**
 * Splits a configuration into statements, one character at a time, with the states of nginx's own reader. The states
 * matter: they decide which line an error names and what a forgotten `;` or quote turns into.
 */
import { ConfigError, type Place } from './error.ts';

export interface Statement {
  readonly words: readonly string[];
  /** What ended it: `;`, the `{` of a block, the `}` that closes one, or the end of the file. */
  readonly end: ';' | '{' | '}' | 'end';
}

const SPACES = ' \t\r\n';
/** nginx reads into a buffer of this size; a word has to fit. */
const LONGEST = 4096;

export class Lexer {
  readonly file: string;
  line = 1;
  readonly #text: string;
  #at = 0;
  /** Text given with -g, which has no lines and other words for its end. */
  readonly #parameter: boolean;

  constructor(file: string, text: string, parameter = false) {
    this.file = file;
    this.#text = text;
    this.#parameter = parameter;
  }

  get place(): Place {
    return { file: this.file, line: this.line };
  }

  /** The next statement. Throws ConfigError. */
  next(): Statement {
    const words: string[] = [];
    /** Where the word being read began. */
    let start = this.#at;
    let startLine = this.line;
    let between = true;
    let needSpace = false;
    let escaped = false;
    let variable = false;
    let quote = '';

    while (this.#at < this.#text.length) {
      if (this.#at - start === LONGEST) throw this.#tooLong(start, startLine, quote);
      const ch = this.#text.charAt(this.#at++);
      if (ch === '\n') this.line++;
      if (escaped) {
        escaped = false;
        continue;
      }
      if (needSpace) {
        if (SPACES.includes(ch)) {
          between = true;
          needSpace = false;
          continue;
        }
        if (ch === ';' || ch === '{') return { words, end: ch };
        if (ch !== ')') throw this.#unexpected(ch);
        between = true;
        needSpace = false;
      }
      if (between) {
        start = this.#at - 1;
        startLine = this.line;
        if (SPACES.includes(ch)) continue;
        if (ch === ';' || ch === '{') {
          if (words.length === 0) throw this.#unexpected(ch);
          return { words, end: ch };
        }
        if (ch === '}') {
          if (words.length > 0) throw this.#unexpected(ch);
          return { words, end: ch };
        }
        if (ch === '#') {
          this.#skipComment();
          continue;
        }
        between = false;
        if (ch === '\\') escaped = true;
        else if (ch === '$') variable = true;
        else if (ch === '"' || ch === "'") {
          quote = ch;
          start++;
        }
        continue;
      }
      if (ch === '{' && variable) continue;
      variable = false;
      if (ch === '\\') {
        escaped = true;
        continue;
      }
      if (ch === '$') {
        variable = true;
        continue;
      }
      if (quote) {
        if (ch !== quote) continue;
        quote = '';
        needSpace = true;
      } else if (SPACES.includes(ch) || ch === ';' || ch === '{') between = true;
      else continue;

      words.push(unescape(this.#text.slice(start, this.#at - 1)));
      if (ch === ';' || ch === '{') return { words, end: ch };
    }

    if (words.length > 0 || !between) {
      throw new ConfigError(
        this.#parameter ? 'unexpected end of parameter, expecting ";"' : 'unexpected end of file, expecting ";" or "}"',
        this.place,
      );
    }
    return { words, end: 'end' };
  }

  #skipComment(): void {
    const newline = this.#text.indexOf('\n', this.#at);
    if (newline >= 0) this.line++;
    this.#at = newline < 0 ? this.#text.length : newline + 1;
  }

  #tooLong(start: number, line: number, quote: string): ConfigError {
    this.line = line;
    if (quote) return new ConfigError(`too long parameter, probably missing terminating "${quote}" character`, this.place);
    return new ConfigError(`too long parameter "${this.#text.slice(start, start + 10)}..." started`, this.place);
  }

  #unexpected(ch: string): ConfigError {
    return new ConfigError(`unexpected "${ch}"`, this.place);
  }
}

/** A backslash goes away before quotes and itself, stands for a control character before t, r and n, and stays otherwise. */
function unescape(word: string): string {
  if (!word.includes('\\')) return word;
  const control: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' };
  return word.replace(/\\(["'\\trn])/g, (_, ch: string) => control[ch] ?? ch);
}
