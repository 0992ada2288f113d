/** Reads one word: quotes, variables, and the commands in `$( )`, which `commands` reads. */
import { Source } from './source.ts';
import type { List, Parameter, Piece, Word } from './tree.ts';

/** Reads commands up to the `)` that ends them, and that too. */
export type ReadCommands = (source: Source, closed: boolean) => List;

/** Where pieces stand: as a word, in double quotes, in a `<<` text, or in `${NAME:-…}`, in or out of quotes. */
type Place = 'word' | 'quotes' | 'text' | 'braces' | 'quoted braces' | 'sum';

const QUOTED: ReadonlySet<Place> = new Set(['quotes', 'text', 'quoted braces', 'sum']);
/** What a backslash takes its meaning from, in quotes; elsewhere everything. */
const ESCAPED: Readonly<Partial<Record<Place, RegExp>>> = { quotes: /["\\$`]/, text: /[\\$`]/, 'quoted braces': /["\\$`}]/, sum: /[\\$`]/ };
const SPECIAL = /[?$!#@*0-9-]/;

/** A word, as far as it goes; empty when there is none. */
export const readWord = (source: Source, commands: ReadCommands): Word => new Reader(source, commands).pieces('word');

/** The text of a `<<END`: variables and commands in it are filled in, quotes are only quotes. */
export function readText(text: string, line: number, commands: ReadCommands): Word {
  return new Reader(new Source(text, false, line), commands).pieces('text');
}

class Reader {
  readonly #source: Source;
  readonly #commands: ReadCommands;

  constructor(source: Source, commands: ReadCommands) {
    this.#source = source;
    this.#commands = commands;
  }

  pieces(place: Place): Word {
    const source = this.#source;
    const quoted = QUOTED.has(place);
    const found: Piece[] = [];
    let plain = '';
    const add = (...pieces: readonly Piece[]): void => {
      if (plain !== '') found.push({ text: plain, quoted });
      plain = '';
      found.push(...pieces);
    };
    while (!source.done && !this.#ends(place)) {
      const ch = source.peek();
      if (ch === '\\') {
        const escaped = this.#escaped(place);
        if (quoted) plain += escaped;
        else if (escaped !== '') add({ text: escaped, quoted: true });
      } else if (ch === '$') {
        const piece = this.#dollar(quoted);
        if (piece) add(piece);
        else plain += source.take();
      } else if (ch === '`') add(this.#backquotes(quoted));
      else if (ch === "'" && !quoted) add({ text: this.#upTo("'"), quoted: true });
      else if (ch === '"' && place !== 'text' && place !== 'sum') add(...this.#quotes());
      else {
        if (place === 'sum' && ch === '(') this.#depth++;
        if (place === 'sum' && ch === ')') this.#depth--;
        plain += source.take();
      }
    }
    add();
    return found;
  }

  /** Parentheses that are open in a sum. */
  #depth = 0;

  #ends(place: Place): boolean {
    const ch = this.#source.peek();
    if (place === 'word') return /[\s;&|<>()]/.test(ch);
    if (place === 'quotes') return ch === '"';
    if (place === 'sum') return ch === ')' && this.#depth === 0;
    return place !== 'text' && ch === '}';
  }

  /** After a backslash: the character it stands before, nothing for a line that goes on, or in quotes the backslash too. */
  #escaped(place: Place): string {
    const source = this.#source;
    source.take();
    if (source.done) {
      if (source.open) throw source.unfinished('end of file unexpected');
      return '\\';
    }
    const ch = source.take();
    if (ch === '\n') {
      if (source.done && source.open) throw source.unfinished('end of file unexpected');
      return '';
    }
    return ESCAPED[place]?.test(ch) === false ? `\\${ch}` : ch;
  }

  #upTo(quote: string): string {
    const source = this.#source;
    const close = source.text.indexOf(quote, source.at + 1);
    if (close < 0) throw source.unfinished('Unterminated quoted string');
    const text = source.text.slice(source.at + 1, close);
    source.at = close + 1;
    return text;
  }

  #quotes(): Word {
    const source = this.#source;
    source.take();
    const inside = this.pieces('quotes');
    if (source.done) throw source.unfinished('Unterminated quoted string');
    source.take();
    return inside.length > 0 ? inside : [{ text: '', quoted: true }];
  }

  /** Null when the dollar is only a dollar. */
  #dollar(quoted: boolean): Piece | null {
    const source = this.#source;
    if (source.has('$((')) return this.#sum(quoted);
    if (source.has('$(')) {
      source.at += 2;
      return { commands: this.#commands(source, true), quoted };
    }
    if (source.has('${')) return this.#braces(quoted);
    const name = /[A-Za-z_]\w*/y;
    name.lastIndex = source.at + 1;
    const parameter = name.exec(source.text)?.[0] ?? (SPECIAL.test(source.peek(1)) ? source.peek(1) : null);
    if (parameter === null) return null;
    source.at += 1 + parameter.length;
    return { parameter, quoted, length: false, instead: null };
  }

  #sum(quoted: boolean): Piece {
    const source = this.#source;
    source.at += 3;
    const outer = this.#depth;
    this.#depth = 0;
    const sum = this.pieces('sum');
    this.#depth = outer;
    if (source.done) throw source.unfinished('Missing "))"');
    if (!source.has('))')) throw source.problem('Missing "))"');
    source.at += 2;
    return { sum, quoted };
  }

  #braces(quoted: boolean): Parameter {
    const source = this.#source;
    const [all, length = '', parameter = '', empty = '', how = ''] =
      source.match(/\$\{(#(?!\}))?([A-Za-z_]\w*|\d+|[?$!#@*-])(?:(:?)([-=+?]))?/y) ?? [];
    if (all === undefined) {
      if (source.has('${!')) throw source.lacks('"${!NAME}"');
      throw source.problem('Bad substitution');
    }
    source.at += all.length;
    const known = (['-', '=', '+', '?'] as const).find((one) => one === how);
    const instead = known ? { how: known, empty: empty === ':', word: this.pieces(quoted ? 'quoted braces' : 'braces') } : null;
    if (source.done) throw source.unfinished('Missing "}"');
    if (source.peek() !== '}') {
      if (/[%#/[:^,]/.test(source.peek())) throw source.lacks(`"\${${parameter}${source.peek()}...}"`);
      throw source.problem('Bad substitution');
    }
    source.take();
    return { parameter, quoted, length: length !== '', instead };
  }

  /** In them a backslash before `$`, a backquote or a backslash is taken away first. */
  #backquotes(quoted: boolean): Piece {
    const source = this.#source;
    const { line } = source;
    let text = '';
    for (source.take(); source.peek() !== '`'; ) {
      if (source.done) throw source.unfinished('EOF in backquote substitution');
      if (source.peek() === '\\' && /[$`\\]/.test(source.peek(1))) source.take();
      text += source.take();
    }
    source.take();
    return { commands: this.#commands(new Source(text, false, line), false), quoted };
  }
}
