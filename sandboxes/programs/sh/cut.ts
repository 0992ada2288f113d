/** A line that is not finished, cut where Tab was pressed. It may end in an open quote, which the parser would refuse. */

export interface Cut {
  /** The words before in the same command, without quotes; assignments and what is redirected left out. */
  readonly before: readonly string[];
  /** The word under the cursor, without quotes, and where it begins. */
  readonly word: string;
  readonly start: number;
  /** The quote that is open at the cursor. */
  readonly quote: '' | '"' | "'";
  /** Does it name a file after `>` or `<`? */
  readonly target: boolean;
}

export function cut(line: string): Cut {
  let before: string[] = [];
  let word = '';
  let start = line.length;
  let quote: Cut['quote'] = '';
  let within = false;
  let target = false;
  const begin = (at: number): void => {
    if (!within) start = at;
    within = true;
  };
  const end = (): void => {
    if (within) {
      const assigns = before.length === 0 && /^\w+=/.test(word);
      if (!target && !assigns) before.push(word);
      target = false;
    }
    word = '';
    within = false;
  };
  for (let at = 0; at < line.length; at++) {
    const ch = line.charAt(at);
    if (quote !== '') {
      if (ch === quote) quote = '';
      else if (ch === '\\' && quote === '"' && /["\\$`]/.test(line.charAt(at + 1))) word += line.charAt(++at);
      else word += ch;
    } else if (ch === '"' || ch === "'") {
      begin(at);
      quote = ch;
    } else if (ch === '\\') {
      begin(at);
      word += line.charAt(++at);
    } else if (/\s/.test(ch)) end();
    else if (/[;&|]/.test(ch)) {
      // the & of 2>&1
      if (ch === '&' && line.charAt(at - 1) === '>') continue;
      end();
      before = [];
      target = false;
    } else if (ch === '>' || ch === '<') {
      // the 2 of 2> is no word
      if (/^[012]$/.test(word)) {
        word = '';
        within = false;
      }
      end();
      target = true;
    } else {
      begin(at);
      word += ch;
    }
  }
  return { before, word, start: within ? start : line.length, quote, target };
}

/** With a backslash before each character that the shell takes for its own, in such a quote or without one. */
export function escaped(text: string, quote: Cut['quote']): string {
  if (quote === "'") return text;
  return text.replace(quote === '"' ? /["\\$`]/g : /[\s"'\\$`;&|<>()*?[#!]/g, '\\$&');
}
