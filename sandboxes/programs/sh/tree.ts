/** What the shell understands of a text: lists of commands with their words, as parse.ts reads them and run.ts carries them out. */

/** Items one after another: a line, the body of a loop, what stands in `$( )`. */
export type List = readonly Item[];

/** Pipelines joined by `&&` and `||`, in the foreground or (`&`) beside the shell. */
export interface Item {
  readonly steps: readonly Step[];
  readonly background: boolean;
  /** As typed, in one line, without what ended it. */
  readonly text: string;
  /** Line of the text that it begins in, from 1. */
  readonly line: number;
}

export interface Step {
  readonly pipeline: Pipeline;
  /** When this step runs, looking at the exit code before it. */
  readonly when: 'always' | 'success' | 'failure';
}

/** Commands joined by `|`. */
export interface Pipeline {
  /** `!`: its exit code is turned round. */
  readonly negated: boolean;
  readonly commands: readonly Command[];
}

export type Command = Simple | Choice | Loop | Each | Group;

interface Common {
  readonly redirects: readonly Redirect[];
  /** As typed, in one line. */
  readonly text: string;
}

export interface Simple extends Common {
  readonly kind: 'simple';
  /** `NAME=value` ahead of the words. */
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
}
export interface Assignment {
  readonly name: string;
  readonly value: Word;
}
/** `if` and each `elif`, in turn, then `else`. */
export interface Choice extends Common {
  readonly kind: 'if';
  readonly branches: readonly { readonly condition: List; readonly body: List }[];
  readonly otherwise: List | null;
}
export interface Loop extends Common {
  readonly kind: 'while' | 'until';
  readonly condition: List;
  readonly body: List;
}
/** `for`; without `in` it goes through the arguments of the script. */
export interface Each extends Common {
  readonly kind: 'for';
  readonly name: string;
  readonly words: readonly Word[] | null;
  readonly body: List;
}
/** `{ list; }`, or `( list )`, which leaves this shell as it is. */
export interface Group extends Common {
  readonly kind: 'group';
  readonly apart: boolean;
  readonly body: List;
}

export type Redirect =
  | { readonly to: 'file'; readonly from: 0 | 1 | 2; readonly append: boolean; readonly file: Word }
  /** `2>&1`, `>&2` */
  | { readonly to: 'stream'; readonly from: 1 | 2; readonly stream: 1 | 2 }
  /** `<<END`: the text is the input. */
  | { readonly to: 'text'; readonly from: 0; readonly text: Word };

/** Pieces that stand together without a space. */
export type Word = readonly Piece[];

/** `quoted`: not split at spaces, and no file name pattern. */
export type Piece = Text | Parameter | Substitution | Sum;
export interface Text {
  readonly text: string;
  readonly quoted: boolean;
}
/** `$NAME`, `${NAME:-word}`, `${#NAME}` */
export interface Parameter {
  readonly parameter: string;
  readonly quoted: boolean;
  /** Its length is meant. */
  readonly length: boolean;
  /** What stands in for it; `empty`: also when it is set and empty (`:-`). */
  readonly instead: { readonly how: '-' | '=' | '+' | '?'; readonly empty: boolean; readonly word: Word } | null;
}
/** `$( )` or backquotes: what the commands print. */
export interface Substitution {
  readonly commands: List;
  readonly quoted: boolean;
}
/** `$(( ))` */
export interface Sum {
  readonly sum: Word;
  readonly quoted: boolean;
}

/** A text that is none, in dash's words, or one that this shell does not understand. */
export class SyntaxProblem extends Error {
  /** The line it is in, from 1. */
  readonly line: number;
  /** With more lines it may yet be one: a quote, a loop or a `<<` is open. */
  readonly unfinished: boolean;
  constructor(message: string, line: number, unfinished = false) {
    super(message);
    this.line = line;
    this.unfinished = unfinished;
  }
}

/** Text that is not quoted and no more than that: a word that may be one of the shell's own. */
export function bareText(word: Word): string | null {
  const [piece] = word;
  return word.length === 1 && piece && 'text' in piece && !piece.quoted ? piece.text : null;
}
