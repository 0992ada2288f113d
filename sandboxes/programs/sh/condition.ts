/** `test` and `[`: is it so? */
import { type FileInfo, isSystemError } from '../../host/host.ts';
import type { Builtin } from './builtin.ts';
import { Failure } from './failure.ts';
import type { Shell } from './shell.ts';

type Check = (info: FileInfo, shell: Shell) => boolean;
const may =
  (bit: number): Check =>
  ({ mode, uid, gid }, { host }) =>
    (host.uid === 0 && (bit !== 1 || (mode & 0o111) !== 0)) || ((mode >> (uid === host.uid ? 6 : gid === host.gid ? 3 : 0)) & bit) !== 0;

const FILES: Readonly<Record<string, Check>> = {
  '-e': () => true,
  '-f': ({ kind }) => kind === 'file',
  '-d': ({ kind }) => kind === 'directory',
  '-S': ({ kind }) => kind === 'socket',
  '-s': ({ size }) => size > 0,
  '-r': may(4),
  '-w': may(2),
  '-x': may(1),
};
const TEXTS: Readonly<Record<string, (text: string) => boolean>> = { '-n': (text) => text !== '', '-z': (text) => text === '' };
const NUMBERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
};

export const test: Builtin = async (shell, args) => {
  return (await new Question(shell, args).answer()) ? 0 : 1;
};

/** `[` is a command whose last argument closes it. */
export const bracket: Builtin = async (shell, args) => {
  if (args.at(-1) !== ']') throw new Failure('[: missing ]');
  return test(shell, args.slice(0, -1));
};

class Question {
  readonly #shell: Shell;
  readonly #words: readonly string[];
  #at = 0;

  constructor(shell: Shell, words: readonly string[]) {
    this.#shell = shell;
    this.#words = words;
  }

  /** Throws Failure. */
  async answer(): Promise<boolean> {
    if (this.#words.length === 0) return false;
    const result = await this.#either();
    if (this.#at < this.#words.length) throw new Failure(`test: ${this.#words[this.#at]}: unexpected operator`);
    return result;
  }

  async #either(): Promise<boolean> {
    let result = await this.#both();
    while (this.#takes('-o')) result = (await this.#both()) || result;
    return result;
  }

  async #both(): Promise<boolean> {
    let result = await this.#one();
    while (this.#takes('-a')) result = (await this.#one()) && result;
    return result;
  }

  #takes(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at++;
    return true;
  }

  /** Two words with an operator between them come first: `[ ! = x ]` compares. */
  async #one(): Promise<boolean> {
    const [first, second, third] = this.#words.slice(this.#at);
    if (first === undefined) throw new Failure('test: argument expected');
    if (second !== undefined && third !== undefined) {
      const compared = compare(first, second, third);
      if (compared !== null) {
        this.#at += 3;
        return compared;
      }
    }
    this.#at++;
    if (first === '!' && second !== undefined) return !(await this.#one());
    if (first === '(' && second !== undefined) {
      const inner = await this.#either();
      if (!this.#takes(')')) throw new Failure('test: closing paren expected');
      return inner;
    }
    if (second === undefined || second === '-a' || second === '-o') return first !== '';
    const file = Object.hasOwn(FILES, first) ? FILES[first] : undefined;
    const text = Object.hasOwn(TEXTS, first) ? TEXTS[first] : undefined;
    if (!file && !text) return first !== '';
    this.#at++;
    if (text) return text(second);
    const info = await this.#info(second);
    return info !== null && file?.(info, this.#shell) === true;
  }

  /** Null when it is not there, or not to be seen. */
  async #info(path: string): Promise<FileInfo | null> {
    try {
      return await this.#shell.host.fs.stat(path);
    } catch (error) {
      if (isSystemError(error)) return null;
      throw error;
    }
  }
}

/** Null when that is no operator between two. */
function compare(a: string, operator: string, b: string): boolean | null {
  if (operator === '=' || operator === '==') return a === b;
  if (operator === '!=') return a !== b;
  const numbers = Object.hasOwn(NUMBERS, operator) ? NUMBERS[operator] : undefined;
  return numbers ? numbers(whole(a), whole(b)) : null;
}

function whole(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new Failure(`test: Illegal number: ${text}`);
  return Number(text);
}
