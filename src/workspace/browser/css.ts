/**
 * Style sheets of the sandbox's pages: finds what they would load, and writes them anew with what was fetched in its place.
 * An address is found however it is written (with escapes, without quotes, in image-set()); what is not put in place leads nowhere. Pure.
 */

/** A sheet that this one asks for, and when it counts: a media query, empty for always. */
export interface Import {
  readonly url: string;
  readonly media: string;
}

export interface Css {
  readonly imports: readonly Import[];
  /** Addresses of images and fonts as they stand there. */
  readonly assets: readonly string[];
  /** The sheet without its imports, each address replaced by what `place` has for it. */
  write(place: (url: string) => string | null): string;
}

/** What leads nowhere. */
const NOWHERE = 'data:,';
const ESCAPE = String.raw`\\(?:[0-9a-fA-F]{1,6}\s?|[^\n\r\f0-9a-fA-F])`;
const NAME = String.raw`(?:[\w-]|[^\x00-\x7f]|${ESCAPE})+`;
const TOKEN = new RegExp(
  [
    String.raw`(?<comment>/\*[\s\S]*?(?:\*/|$))`,
    String.raw`(?<string>"(?:[^"\\\n]|\\[\s\S])*(?:"|\\?$|(?=\n))|'(?:[^'\\\n]|\\[\s\S])*(?:'|\\?$|(?=\n)))`,
    `(?<at>@${NAME})`,
    String.raw`(?<call>${NAME})\(`,
    `(?<name>${NAME})`,
    String.raw`(?<other>[\s\S])`,
  ].join('|'),
  'gy',
);
/** In these a string is an address. */
const STRING_IS_ADDRESS = ['src', 'image', 'image-set', '-webkit-image-set', 'cross-fade', '-webkit-cross-fade'];

type Piece = string | { readonly asset: string };
/** What was read, and as what. */
type Token = { readonly all: string } & { readonly [group in 'comment' | 'string' | 'at' | 'call' | 'name' | 'other']?: string };

export function readCss(text: string): Css {
  const { pieces, imports } = new CssReader(text).read();
  return {
    imports,
    assets: [...new Set(pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.asset])))],
    write: (place) =>
      pieces
        .map((piece) => (typeof piece === 'string' ? piece : `url("${quoted(place(piece.asset) ?? NOWHERE)}")`))
        .join('')
        // nothing in a sheet may end the element that it stands in
        .replaceAll('</', '<\\/'),
  };
}

class CssReader {
  readonly #text: string;
  readonly #pieces: Piece[] = [];
  readonly #imports: Import[] = [];
  /** Names of the functions that are open, and brackets. */
  readonly #open: string[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text.replaceAll('\0', '\u{fffd}').replace(/\r\n|\r|\f/g, '\n');
  }

  read(): { pieces: readonly Piece[]; imports: readonly Import[] } {
    while (this.#at < this.#text.length) this.#take(this.#next());
    return { pieces: this.#pieces, imports: this.#imports };
  }

  #next(): Token {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.#text);
    this.#at = match ? TOKEN.lastIndex : this.#text.length;
    return { all: match?.[0] ?? '', ...match?.groups };
  }

  #take({ all, comment, string, at, call, other }: Token): void {
    const inside = this.#open.at(-1) ?? '';
    if (comment !== undefined) this.#pieces.push(' ');
    else if (string !== undefined)
      this.#pieces.push(STRING_IS_ADDRESS.includes(inside) ? { asset: stringValue(string) } : `"${quoted(stringValue(string))}"`);
    else if (at !== undefined && /^@(import|namespace)$/.test(unescaped(at).toLowerCase())) this.#statement(unescaped(at).toLowerCase());
    else if (call !== undefined) this.#call(unescaped(call).toLowerCase(), all);
    else {
      if (other === '(' || other === '[' || other === '{') this.#open.push(other);
      if (other === ')' || other === ']' || other === '}') this.#open.pop();
      this.#pieces.push(all);
    }
  }

  #call(name: string, all: string): void {
    const address = name === 'url' ? this.#address() : null;
    if (address !== null) this.#pieces.push({ asset: address });
    else {
      this.#open.push(name);
      this.#pieces.push(all);
    }
  }

  /** The rest of `url(`, with or without quotes. */
  #address(): string {
    const rest = this.#text.slice(this.#at);
    const match = /^\s*(?:("(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?)[^)]*|((?:[^)\\]|\\[\s\S])*))(?:\)|$)/.exec(rest);
    this.#at += match?.[0].length ?? rest.length;
    return match?.[1] === undefined ? unescaped((match?.[2] ?? '').trim()) : stringValue(match[1]);
  }

  /** The rest of `@import` or `@namespace`, to its semicolon. */
  #statement(kind: string): void {
    let url: string | null = null;
    let media = '';
    while (this.#at < this.#text.length) {
      const { all, comment, string, call, other } = this.#next();
      if (other === ';' || other === '{' || other === '}') break;
      if (url === null && string !== undefined) url = stringValue(string);
      else if (url === null && call !== undefined && unescaped(call).toLowerCase() === 'url') url = this.#address();
      else if (comment === undefined && url !== null) media += all;
    }
    // layers and conditions of support are left out: the sheet then counts always
    if (kind === '@import' && url) this.#imports.push({ url, media: /\b(layer|supports)\b|url|["'\\]/i.test(media) ? '' : media.trim() });
  }
}

/** Media of a sheet that is asked for by one that itself counts only sometimes. */
export function bothMedia(outer: string, inner: string): string {
  if (!outer || !inner) return outer || inner;
  return outer
    .split(',')
    .flatMap((one) => inner.split(',').map((two) => `${one.trim()} and ${two.trim()}`))
    .join(', ');
}

function unescaped(text: string): string {
  return text.replace(/\\(?:([0-9a-fA-F]{1,6})\s?|([\s\S]))/g, (_all, hex: string | undefined, one: string | undefined) => {
    if (hex === undefined) return one === '\n' ? '' : (one ?? '');
    const code = Number.parseInt(hex, 16);
    return code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? '\u{fffd}' : String.fromCodePoint(code);
  });
}

function stringValue(token: string): string {
  const end = token.length > 1 && token.endsWith(token[0] ?? '') ? -1 : undefined;
  return unescaped(token.slice(1, end));
}

const quoted = (text: string): string => text.replace(/["\\\n\r\f<]/g, (one) => `\\${one.charCodeAt(0).toString(16)} `);
