/** Cuts a text into words, operators and line ends. */
import type { Source } from './source.ts';
import { bareText, type SyntaxProblem, type Word } from './tree.ts';
import { type ReadCommands, readWord } from './word.ts';

export type Token = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'operator'; readonly operator: string }
  /** `2>`: `stream` is the 2. */
  | { readonly kind: 'redirect'; readonly operator: string; readonly stream: number | null }
  | { readonly kind: 'newline' }
  | { readonly kind: 'end' }
);

const REDIRECT = /(\d?)(<<-|<<|>>|>&|<&|<>|>\||<|>)/y;
const OPERATOR = /&&|\|\||;;|[;&|()]/y;
/** Of bash, and not of this shell. */
const FOREIGN: readonly (readonly [start: string, what: string])[] = [
  ['&>', '"&>"; write > FILE 2>&1'],
  ['<<<', '"<<<"; use echo TEXT |'],
  ['<(', 'process substitution ("<(...)")'],
  ['>(', 'process substitution (">(...)")'],
  ['|&', '"|&"; write 2>&1 |'],
];

export class Lexer {
  readonly source: Source;
  readonly #commands: ReadCommands;
  #ahead: Token | null = null;

  constructor(source: Source, commands: ReadCommands) {
    this.source = source;
    this.#commands = commands;
  }

  peek(): Token {
    this.#ahead ??= this.#read();
    return this.#ahead;
  }

  next(): Token {
    const token = this.peek();
    this.#ahead = null;
    return token;
  }

  #read(): Token {
    const { source } = this;
    this.#skip();
    const start = source.at;
    if (source.done) return { kind: 'end', start, end: start };
    if (source.peek() === '\n') {
      source.take();
      source.readAnnounced();
      return { kind: 'newline', start, end: start };
    }
    for (const [text, what] of FOREIGN) if (source.has(text)) throw source.lacks(what);
    const redirect = source.match(REDIRECT);
    if (redirect) {
      const [all, stream = '', operator = ''] = redirect;
      source.at += all.length;
      return { kind: 'redirect', operator, stream: stream === '' ? null : Number(stream), start, end: source.at };
    }
    const operator = source.match(OPERATOR)?.[0];
    if (operator !== undefined) {
      source.at += operator.length;
      return { kind: 'operator', operator, start, end: source.at };
    }
    return { kind: 'word', word: readWord(source, this.#commands), start, end: source.at };
  }

  /** Spaces, lines that go on, and a comment. */
  #skip(): void {
    const { source } = this;
    for (;;) {
      if (source.has('\\\n')) {
        source.at += 2;
        if (source.done && source.open) throw source.unfinished('end of file unexpected');
      } else if (/[^\S\n]/.test(source.peek())) source.take();
      else if (source.peek() === '#') while (!source.done && source.peek() !== '\n') source.take();
      else return;
    }
  }

  /** The next word, when it may be one of the shell's own. */
  get keyword(): string | null {
    const token = this.peek();
    return token.kind === 'word' ? bareText(token.word) : null;
  }

  newlines(): void {
    while (this.peek().kind === 'newline') this.next();
  }

  /** After an operator that something must follow. */
  must(): void {
    this.newlines();
    if (this.peek().kind === 'end') throw this.ended(null);
  }

  /** Is that the next one? */
  sees(operator: string): boolean {
    const token = this.peek();
    return token.kind === 'operator' && token.operator === operator;
  }

  take(operator: string): void {
    if (this.peek().kind === 'end') throw this.ended(operator);
    if (!this.sees(operator)) throw this.unexpected(operator);
    this.next();
  }

  expect(word: string): void {
    if (this.peek().kind === 'end') throw this.ended(word);
    if (this.keyword !== word) throw this.unexpected(word);
    this.next();
  }

  /** More was expected. */
  ended(expected: string | null): SyntaxProblem {
    return this.source.unfinished(`end of file unexpected${expected === null ? '' : ` (expecting "${expected}")`}`);
  }

  unexpected(expected?: string): SyntaxProblem {
    const { source } = this;
    const token = this.peek();
    const what = token.kind === 'newline' ? 'newline' : `"${source.text.slice(token.start, token.end)}"`;
    return source.problem(`${what} unexpected${expected === undefined ? '' : ` (expecting "${expected}")`}`);
  }
}
