/** Reads commands. It may be asked line by line, as a shell carries out a file: what is wrong further down shows when it is reached. */
import { Lexer } from './lexer.ts';
import { readRedirect, readSimple } from './simple.ts';
import { Source } from './source.ts';
import { bareText, type Command, type Item, type List, type Pipeline, type Redirect, type Step, type Word } from './tree.ts';
import type { ReadCommands } from './word.ts';

/** Words that begin or end a command of several parts, where a command's name would stand. */
const CLOSING: ReadonlySet<string> = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', '}']);
export const KEYWORDS: readonly string[] = [
  'if',
  ...[...CLOSING].filter((word) => word !== '}'),
  'for',
  'while',
  'until',
  'in',
  '!',
  '{',
  '}',
];
/** Real ones that are not built. */
const FOREIGN: Readonly<Record<string, string>> = {
  case: '"case"; use if and [',
  esac: '"case"; use if and [',
  function: 'functions; write a script of its own',
  select: '"select"',
  '[[': '"[["; use [',
  time: '"time"',
};

const readCommands: ReadCommands = (source, closed) => {
  const parser = new Parser(source);
  return closed ? parser.closed() : parser.all();
};

export class Parser {
  readonly #lexer: Lexer;

  constructor(source: Source) {
    this.#lexer = new Lexer(source, readCommands);
  }

  /** The commands of the next line that has any, with all the lines that belong to them; null at the end. Throws SyntaxProblem. */
  line(): List | null {
    this.#lexer.newlines();
    if (this.#lexer.peek().kind === 'end') return null;
    const items: Item[] = [];
    for (;;) {
      items.push(this.#item());
      const { kind } = this.#lexer.peek();
      if (kind === 'newline') this.#lexer.next();
      if (kind === 'newline' || kind === 'end') {
        this.#announcedTooLate();
        return items;
      }
      if (kind !== 'word' && kind !== 'redirect' && !this.#lexer.sees('(')) throw this.#lexer.unexpected();
    }
  }

  /** All of it. Throws SyntaxProblem. */
  all(): List {
    const items: Item[] = [];
    for (let line = this.line(); line !== null; line = this.line()) items.push(...line);
    return items;
  }

  /** Up to a `)`, and that too. */
  closed(): List {
    const list = this.#list([], ')', true);
    this.#lexer.take(')');
    return list;
  }

  /** The line that announced a `<<` text was the last one. */
  #announcedTooLate(): void {
    const { source } = this.#lexer;
    if (source.announced.length > 0 && source.done) source.readAnnounced();
  }

  /** Commands up to one of these words, or up to an operator. Not empty, unless it may be. */
  #list(until: readonly string[], operator: string | null = null, mayBeEmpty = false): List {
    const items: Item[] = [];
    for (;;) {
      this.#lexer.newlines();
      const token = this.#lexer.peek();
      if (token.kind === 'end') throw this.#lexer.ended(operator ?? until[0] ?? null);
      const ends = operator === null ? until.includes(this.#lexer.keyword ?? '') : this.#lexer.sees(operator);
      if (ends) {
        if (items.length === 0 && !mayBeEmpty) throw this.#lexer.unexpected();
        return items;
      }
      items.push(this.#item());
    }
  }

  /** With the `;` or `&` that ends it. */
  #item(): Item {
    const { source } = this.#lexer;
    const { start } = this.#lexer.peek();
    const steps: Step[] = [];
    let when: Step['when'] = 'always';
    const { line } = source;
    let end = start;
    for (;;) {
      steps.push({ pipeline: this.#pipeline(), when });
      const token = this.#lexer.peek();
      end = token.start;
      const operator = token.kind === 'operator' ? token.operator : '';
      if (operator !== '&&' && operator !== '||') break;
      when = operator === '&&' ? 'success' : 'failure';
      this.#lexer.next();
      this.#lexer.must();
    }
    const text = source.since(start, end);
    const background = this.#lexer.sees('&');
    if (background || this.#lexer.sees(';')) this.#lexer.next();
    return { steps, background, text, line };
  }

  #pipeline(): Pipeline {
    let negated = false;
    while (this.#lexer.keyword === '!') {
      this.#lexer.next();
      negated = !negated;
    }
    const commands = [this.#command()];
    while (this.#lexer.sees('|')) {
      this.#lexer.next();
      this.#lexer.must();
      commands.push(this.#command());
    }
    return { negated, commands };
  }

  #command(): Command {
    const token = this.#lexer.peek();
    const word = this.#lexer.keyword;
    const { source } = this.#lexer;
    if (word !== null && Object.hasOwn(FOREIGN, word)) throw source.lacks(FOREIGN[word] ?? word);
    if (word !== null && CLOSING.has(word)) throw this.#lexer.unexpected();
    const { start } = token;
    const whole = { if: () => this.#choice(), while: () => this.#loop('while'), until: () => this.#loop('until'), for: () => this.#each() };
    const parts =
      word === 'if' || word === 'while' || word === 'until' || word === 'for'
        ? whole[word]()
        : word === '{'
          ? this.#group('{')
          : this.#lexer.sees('(')
            ? this.#group('(')
            : null;
    if (parts === null) return readSimple(this.#lexer, readCommands);
    const redirects: Redirect[] = [];
    while (this.#lexer.peek().kind === 'redirect') redirects.push(readRedirect(this.#lexer, readCommands));
    return { ...parts, redirects, text: source.since(start, this.#lexer.peek().start) };
  }

  #choice() {
    const branches: { condition: List; body: List }[] = [];
    let next: string | null = 'if';
    while (next === 'if' || next === 'elif') {
      this.#lexer.next();
      const condition = this.#list(['then']);
      this.#lexer.expect('then');
      const body = this.#list(['fi', 'elif', 'else']);
      branches.push({ condition, body });
      next = this.#lexer.keyword;
    }
    let otherwise: List | null = null;
    if (next === 'else') {
      this.#lexer.next();
      otherwise = this.#list(['fi']);
    }
    this.#lexer.expect('fi');
    return { kind: 'if' as const, branches, otherwise };
  }

  #loop(kind: 'while' | 'until') {
    this.#lexer.next();
    const condition = this.#list(['do']);
    return { kind, condition, body: this.#body() };
  }

  #each() {
    const { source } = this.#lexer;
    this.#lexer.next();
    if (this.#lexer.sees('(')) throw source.lacks('"for (("; use for NAME in WORD...');
    const token = this.#lexer.next();
    const name = token.kind === 'word' ? bareText(token.word) : null;
    if (token.kind === 'end') throw this.#lexer.ended(null);
    if (name === null || !/^[A-Za-z_]\w*$/.test(name)) throw source.problem('Bad for loop variable');
    this.#lexer.newlines();
    let words: Word[] | null = null;
    if (this.#lexer.keyword === 'in') {
      this.#lexer.next();
      words = [];
      for (let next = this.#lexer.peek(); next.kind === 'word'; next = this.#lexer.peek()) {
        this.#lexer.next();
        words.push(next.word);
      }
      if (this.#lexer.peek().kind !== 'newline') this.#lexer.take(';');
    } else if (this.#lexer.sees(';')) this.#lexer.next();
    return { kind: 'for' as const, name, words, body: this.#body() };
  }

  #body(): List {
    this.#lexer.newlines();
    this.#lexer.expect('do');
    const body = this.#list(['done']);
    this.#lexer.expect('done');
    return body;
  }

  #group(opening: '(' | '{') {
    const { end } = this.#lexer.next();
    if (opening === '(' && this.#lexer.sees('(') && this.#lexer.peek().start === end)
      throw this.#lexer.source.lacks('"(( ))"; use $(( )) and [');
    const body = opening === '(' ? this.#list([], ')') : this.#list(['}']);
    if (opening === '(') this.#lexer.take(')');
    else this.#lexer.expect('}');
    return { kind: 'group' as const, apart: opening === '(', body };
  }
}

/** A whole text. Throws SyntaxProblem. */
export const parse = (text: string, open = false, line = 1): List => new Parser(new Source(text, open, line)).all();
