/**
 * The line you type at the prompt. A terminal in "cooked" mode edits the line itself and hands the program a
 * whole one; xterm does not, so the page does it here. Pure: keys in, actions and a picture out, no terminal.
 * A character is one code point and one column, which is enough for commands.
 */

import { HistorySearch } from './history-search.ts';

export type LineAction =
  /** A whole line for the program, without the line end. */
  | { readonly type: 'submit'; readonly line: string }
  /** Ctrl-C. */
  | { readonly type: 'interrupt' }
  /** Ctrl-Z. */
  | { readonly type: 'stop' }
  /** Ctrl-D on an empty line. */
  | { readonly type: 'end-of-input' }
  /** Ctrl-L. */
  | { readonly type: 'clear-screen' }
  /** Tab: the line as far as the cursor. */
  | { readonly type: 'complete'; readonly line: string };

/** The line as it stands: its text, and how many characters are left of the cursor. */
export interface LineView {
  readonly text: string;
  readonly cursor: number;
}

/** Where the line is drawn: columns of the terminal, and the column at which the prompt left the cursor. */
export interface Place {
  readonly columns: number;
  readonly start: number;
}

type Key =
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'up'
  | 'down'
  | 'backspace'
  | 'delete'
  | 'delete-or-end'
  | 'cut-before'
  | 'cut-after'
  | 'cut-word'
  | 'enter'
  | 'interrupt'
  | 'stop'
  | 'clear-screen'
  | 'search'
  | 'give-up-search';

/** What a keyboard sends for them, as xterm passes it on. Tab is not here: what it means depends on what else has come. */
const KEYS: Readonly<Record<string, Key>> = {
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x10': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x0e': 'down',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
  '\x06': 'right',
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\x02': 'left',
  '\x1b[H': 'home',
  '\x1bOH': 'home',
  '\x1b[1~': 'home',
  '\x01': 'home',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x1b[4~': 'end',
  '\x05': 'end',
  '\x7f': 'backspace',
  '\x08': 'backspace',
  '\x1b[3~': 'delete',
  '\x04': 'delete-or-end',
  '\x15': 'cut-before',
  '\x0b': 'cut-after',
  '\x17': 'cut-word',
  '\r': 'enter',
  '\n': 'enter',
  '\x03': 'interrupt',
  '\x1a': 'stop',
  '\x0c': 'clear-screen',
  '\x12': 'search',
  '\x07': 'give-up-search',
};
/** What a tab in a text that was pasted becomes, and Tab where there is nothing to complete. */
export const INDENT = '    ';

/** Lines that are kept. */
export const HISTORY_LENGTH = 200;
const ESCAPE_SEQUENCE = /^(?:\[[0-9;?]*[ -/]*[@-~]|O[A-Za-z]|.)?/s;

/** One line being edited, with the lines entered before it. */
export class LineEditor {
  #left: string[] = [];
  #right: string[] = [];
  #history: readonly string[];
  /** Which entry of the history is shown; its length means the line that is being written. */
  #shown: number;
  #draft = '';
  #search: HistorySearch | null = null;

  /** With the lines that were entered before, the oldest first. */
  constructor(history: readonly string[] = []) {
    this.#history = history.slice(-HISTORY_LENGTH);
    this.#shown = this.#history.length;
  }

  /** No line was entered before. */
  forget(): void {
    this.#history = [];
    this.#shown = 0;
  }

  /** The line as it stands. */
  get view(): LineView {
    if (this.#search) return { text: this.#search.text, cursor: Array.from(this.#search.text).length };
    return { text: [...this.#left, ...this.#right].join(''), cursor: this.#left.length };
  }

  /** Takes what the terminal sends (keys, or text that was pasted) and says what is to be done, in order. */
  feed(data: string): LineAction[] {
    if (data === '\t') {
      this.#endSearch(true);
      return [{ type: 'complete', line: this.#left.join('') }];
    }
    const actions: LineAction[] = [];
    for (const token of tokens(data)) {
      const key = KEYS[token];
      if (this.#search && this.#inSearch(this.#search, key, token)) continue;
      if (key) {
        const action = this.#press(key);
        if (action) actions.push(action);
      } else if (token === '\t') this.insert(INDENT);
      else if (token >= ' ') this.#left.push(token);
    }
    return actions;
  }

  /** Puts text where the cursor is. */
  insert(text: string): void {
    this.#left.push(...text);
  }

  /** Replaces what is left of the cursor, unless it is `line` no longer. Whether it was. */
  complete(line: string, becomes: string): boolean {
    if (this.#search || this.#left.join('') !== line) return false;
    this.#left = Array.from(becomes);
    return true;
  }

  /** Replaces the line, as if it had been typed. */
  set(text: string): void {
    this.#left = Array.from(text);
    this.#right = [];
  }

  #press(key: Key): LineAction | null {
    switch (key) {
      case 'left':
        if (this.#left.length) this.#right.unshift(this.#left.pop() as string);
        return null;
      case 'right':
        if (this.#right.length) this.#left.push(this.#right.shift() as string);
        return null;
      case 'home':
        this.#right = [...this.#left, ...this.#right];
        this.#left = [];
        return null;
      case 'end':
        this.set(this.view.text);
        return null;
      case 'up':
        this.#show(this.#shown - 1);
        return null;
      case 'down':
        this.#show(this.#shown + 1);
        return null;
      case 'backspace':
        this.#left.pop();
        return null;
      case 'delete-or-end':
        if (!this.#left.length && !this.#right.length) return { type: 'end-of-input' };
        this.#right.shift();
        return null;
      case 'delete':
        this.#right.shift();
        return null;
      case 'cut-before':
        this.#left = [];
        return null;
      case 'cut-after':
        this.#right = [];
        return null;
      case 'cut-word':
        while (this.#left.at(-1) === ' ') this.#left.pop();
        while (this.#left.length && this.#left.at(-1) !== ' ') this.#left.pop();
        return null;
      case 'enter':
        return { type: 'submit', line: this.#take() };
      case 'interrupt':
        this.set('');
        this.#shown = this.#history.length;
        return { type: 'interrupt' };
      case 'stop':
        return { type: 'stop' };
      case 'clear-screen':
        return { type: 'clear-screen' };
      case 'search':
        this.#search = new HistorySearch(this.#history);
        return null;
      case 'give-up-search':
        return null;
    }
  }

  /** Is the key for the search? Any other one ends it, and is for the line that was found. */
  #inSearch(search: HistorySearch, key: Key | undefined, token: string): boolean {
    if (key === 'search') search.older();
    else if (key === 'backspace') search.backspace();
    else if (key === undefined && token >= ' ') search.type(token);
    else {
      this.#endSearch(key !== 'give-up-search' && key !== 'interrupt');
      return key === undefined || key === 'give-up-search';
    }
    return true;
  }

  #endSearch(taken: boolean): void {
    const found = this.#search?.found ?? '';
    this.#search = null;
    if (taken && found !== '') this.set(found);
  }

  #take(): string {
    const line = this.view.text;
    if (line.trim() && line !== this.#history.at(-1)) this.#history = [...this.#history, line].slice(-HISTORY_LENGTH);
    this.#shown = this.#history.length;
    this.set('');
    return line;
  }

  #show(index: number): void {
    if (index < 0 || index > this.#history.length) return;
    if (this.#shown === this.#history.length) this.#draft = this.view.text;
    this.#shown = index;
    this.set(this.#history[index] ?? this.#draft);
  }
}

/** Cuts what the terminal sent into characters and key sequences. */
function* tokens(data: string): Generator<string> {
  const chars = Array.from(data);
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === '\x1b') {
      const rest = ESCAPE_SEQUENCE.exec(chars.slice(i + 1).join(''))?.[0] ?? '';
      i += Array.from(rest).length;
      yield char + rest;
    } else if (char === '\r' && chars[i + 1] === '\n') {
      i++;
      yield char;
    } else yield char;
  }
}

/** What to write to a terminal that shows `from` so that it shows `to`: relative moves only, so it holds when the screen scrolls. */
export function paint(place: Place, from: LineView, to: LineView): string {
  const { columns, start } = place;
  const row = (index: number) => Math.floor((start + index) / columns);
  const length = Array.from(to.text).length;
  const end = start + length;
  // a terminal waits at the right edge before it wraps: make it wrap, so that the moves below start where they think
  const wrap = length > 0 && end % columns === 0 ? '\r\n' : '';
  return (
    `${up(row(from.cursor))}\r${right(start)}\x1b[J${to.text}${wrap}` +
    (to.cursor === length ? '' : `${up(row(length) - row(to.cursor))}\r${right((start + to.cursor) % columns)}`)
  );
}

const up = (rows: number) => (rows > 0 ? `\x1b[${rows}A` : '');
const right = (columns: number) => (columns > 0 ? `\x1b[${columns}C` : '');
