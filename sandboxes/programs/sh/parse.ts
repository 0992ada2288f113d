/**
 * A command line as the shell understands it: words with quotes and variables, redirections, pipes, and `;`, `&&`, `||`
 * and `&` between commands. Variables are filled in later, when a command's turn comes.
 */

/** A piece of a word; `quoted` text is not looked at for file name patterns or spaces. */
export type Piece = { readonly text: string; readonly quoted: boolean } | { readonly variable: string; readonly quoted: boolean };
export type Word = readonly Piece[];

export interface Redirect {
  /** Which stream: what it reads (0), prints (1) or complains to (2). */
  readonly from: 0 | 1 | 2;
  readonly append: boolean;
  /** A file, or `null` for `2>&1`. */
  readonly to: Word | null;
}

export interface Command {
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

/** Commands joined by `|`. */
export type Pipeline = readonly Command[];

export interface Step {
  readonly pipeline: Pipeline;
  /** When this step runs, looking at the exit code before it. */
  readonly when: 'always' | 'success' | 'failure';
}

/** Steps one after another, in the foreground or (`&`) beside the shell. */
export interface Item {
  readonly steps: readonly Step[];
  readonly background: boolean;
  /** As typed, without what ended it. */
  readonly text: string;
}

/** A line that is none, in dash's words, or one that this shell does not understand. */
export class SyntaxProblem extends Error {}

const lacks = (what: string): SyntaxProblem => new SyntaxProblem(`this sandbox's shell does not have ${what}`);

/** Words that begin or end a command of several parts, where a command's name would stand. */
const LOOPS = new Set(['for', 'while', 'until', 'do', 'done']);
const CHOICES = new Set(['if', 'then', 'elif', 'else', 'fi', 'case', 'esac']);

function refuseKeyword(word: Word): void {
  const [piece] = word;
  if (!piece || word.length > 1 || piece.quoted || !('text' in piece)) return;
  if (LOOPS.has(piece.text)) throw lacks(`loops ("${piece.text}")`);
  if (CHOICES.has(piece.text)) throw lacks(`"${piece.text}"; && and || choose by exit code`);
  if (piece.text === '{' || piece.text === '}') throw lacks('groups and functions ("{ ... }")');
}

type Token = ({ readonly word: Word } | { readonly operator: string }) & { readonly at: number };

const OPERATORS = ['&&', '||', '2>&1', '2>>', '2>', '>>', '1>', '>', ';', '&', '|', '<<', '<'];

/** Parse one line. Throws SyntaxProblem. */
export function parseLine(line: string): Item[] {
  const items: Item[] = [];
  let steps: Step[] = [];
  let commands: Command[] = [];
  let words: Word[] = [];
  let redirects: Redirect[] = [];
  let when: Step['when'] = 'always';
  let begin = 0;
  const tokens = tokenise(line);

  const endCommand = (by: string): void => {
    if (words.length === 0 && redirects.length === 0) throw new SyntaxProblem(`Syntax error: "${by}" unexpected`);
    commands.push({ words, redirects });
    words = [];
    redirects = [];
  };
  const endPipeline = (by: string, next: Step['when']): void => {
    endCommand(by);
    steps.push({ pipeline: commands, when });
    commands = [];
    when = next;
  };
  const endItem = (by: string, background: boolean, end: number): void => {
    endPipeline(by, 'always');
    items.push({ steps, background, text: line.slice(begin, end).trim() });
    steps = [];
    begin = end + 1;
  };

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (!token) break;
    if ('word' in token) {
      if (words.length === 0) refuseKeyword(token.word);
      words.push(token.word);
      continue;
    }
    const { operator } = token;
    if (operator === '|') endCommand(operator);
    else if (operator === '&&') endPipeline(operator, 'success');
    else if (operator === '||') endPipeline(operator, 'failure');
    else if (operator === ';') endItem(operator, false, token.at);
    else if (operator === '&') endItem(operator, true, token.at);
    else if (operator === '2>&1') redirects.push({ from: 2, append: false, to: null });
    else if (operator === '<<') throw lacks('texts in the line ("<<"); write a file with echo and read it with <');
    else {
      const target = tokens[++i];
      if (!target || !('word' in target)) throw new SyntaxProblem('Syntax error: newline unexpected');
      const from = operator === '<' ? 0 : operator.startsWith('2') ? 2 : 1;
      redirects.push({ from, append: operator.endsWith('>>'), to: target.word });
    }
  }
  if (words.length > 0 || redirects.length > 0 || commands.length > 0 || steps.length > 0) endItem('end of file', false, line.length);
  return items;
}

function tokenise(line: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const ch = line.charAt(at);
    if (/\s/.test(ch)) {
      at++;
      continue;
    }
    if (ch === '#') break;
    const operator = OPERATORS.find((text) => line.startsWith(text, at));
    if (operator !== undefined) {
      tokens.push({ operator, at });
      at += operator.length;
      continue;
    }
    const { word, end } = readWord(line, at);
    tokens.push({ word, at });
    at = end;
  }
  return tokens;
}

function readWord(line: string, from: number): { word: Word; end: number } {
  const pieces: Piece[] = [];
  let plain = '';
  let at = from;
  const flush = (quoted: boolean): void => {
    if (plain !== '') pieces.push({ text: plain, quoted });
    plain = '';
  };
  const refuse = (): void => {
    if (line.startsWith('$((', at)) throw lacks('arithmetic ("$((...))")');
    if (line.startsWith('$(', at)) throw lacks('command substitution ("$(...)")');
    if (line.charAt(at) === '`') throw lacks('command substitution (backquotes)');
  };
  const variable = (quoted: boolean): boolean => {
    const match = /^\$(?:\{(\w+)\}|(\w+|[?$!]))/.exec(line.slice(at));
    if (!match) return false;
    flush(quoted);
    pieces.push({ variable: match[1] ?? match[2] ?? '', quoted });
    at += match[0].length;
    return true;
  };
  while (at < line.length) {
    const ch = line.charAt(at);
    if (/[\s;&|<>]/.test(ch)) break;
    refuse();
    if (ch === '(' || ch === ')') throw lacks('subshells and functions ("( ... )")');
    if (ch === "'") {
      const close = line.indexOf("'", at + 1);
      if (close < 0) throw new SyntaxProblem('Syntax error: Unterminated quoted string');
      flush(false);
      pieces.push({ text: line.slice(at + 1, close), quoted: true });
      at = close + 1;
    } else if (ch === '"') {
      flush(false);
      pieces.push({ text: '', quoted: true });
      for (at++; line.charAt(at) !== '"'; ) {
        if (at >= line.length) throw new SyntaxProblem('Syntax error: Unterminated quoted string');
        refuse();
        if (line.charAt(at) === '$' && variable(true)) continue;
        if (line.charAt(at) === '\\' && /["\\$`]/.test(line.charAt(at + 1))) at++;
        plain += line.charAt(at++);
      }
      flush(true);
      at++;
    } else if (ch === '\\') {
      flush(false);
      pieces.push({ text: line.charAt(at + 1), quoted: true });
      at += 2;
    } else if (ch !== '$' || !variable(false)) {
      plain += ch;
      at++;
    }
  }
  flush(false);
  return { word: pieces, end: at };
}
