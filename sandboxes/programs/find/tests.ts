/** find's tests: the words after the paths, as one question about a file. */
import type { FileInfo, Host } from '../../host/host.ts';
import type { Accounts } from '../accounts.ts';
import { patternOf } from '../glob.ts';

export interface Seen {
  readonly path: string;
  readonly info: FileInfo;
}
export type Test = (host: Host, seen: Seen) => boolean | Promise<boolean>;

export interface Question {
  readonly test: Test;
  readonly deepest: number;
  readonly shallowest: number;
}

/** The words make no sense, or are not here; the message is find's. */
export class BadTest extends Error {}

const TYPES: Readonly<Record<string, FileInfo['kind']>> = { f: 'file', d: 'directory', l: 'link', s: 'socket' };
const UNITS: Readonly<Record<string, number>> = { '': 512, b: 512, c: 1, k: 1024, M: 1024 ** 2 };
/** Real ones that change or run something. */
const ACTIONS = new Set(['-exec', '-execdir', '-ok', '-delete', '-ls', '-printf', '-print0', '-fprint', '-prune']);

/** Reads the words after the paths. Throws BadTest. */
export function readTests(words: readonly string[], accounts: Accounts): Question {
  let deepest = Number.POSITIVE_INFINITY;
  let shallowest = 0;
  /** Any of these, of each all. */
  const either: Test[][] = [[]];
  let turned = false;
  let last = '';
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const value = (): string => {
      const next = words[++i];
      if (next === undefined) throw new BadTest(`missing argument to \`${word}'`);
      return next;
    };
    const take = (test: Test): void => {
      const not = turned;
      turned = false;
      either.at(-1)?.push(not ? async (host, seen) => !(await test(host, seen)) : test);
    };
    if (word === '-not' || word === '!') turned = !turned;
    else if (word === '-o' || word === '-or') {
      if (either.at(-1)?.length === 0)
        throw new BadTest(`invalid expression; you have used a binary operator '${word}' with nothing before it.`);
      either.push([]);
    } else if (word === '-a' || word === '-and' || word === '-print') last = word;
    else if (word === '-maxdepth') deepest = wholeNumber(word, value());
    else if (word === '-mindepth') shallowest = wholeNumber(word, value());
    else if (word.startsWith('-') && word !== '-') take(testFor(word, value, accounts));
    else {
      const hint =
        last === '-name' || last === '-iname' || last === '-path' ? `\nfind: possible unquoted pattern after predicate \`${last}'?` : '';
      throw new BadTest(`paths must precede expression: \`${word}'${hint}`);
    }
    last = word.startsWith('-') ? word : last;
  }
  if (turned || (either.length > 1 && either.at(-1)?.length === 0)) throw new BadTest(`expected an expression after '${last}'`);
  return { deepest, shallowest, test: (host, seen) => any(either, (all) => every(all, (test) => test(host, seen))) };
}

function testFor(word: string, value: () => string, accounts: Accounts): Test {
  switch (word) {
    case '-name':
    case '-iname': {
      const fold = (text: string): string => (word === '-iname' ? text.toLowerCase() : text);
      const matches = patternOf(fold(value()));
      return (_, { path }) => matches(fold(lastPart(path)));
    }
    case '-path': {
      const pattern = value();
      // here * matches a slash, too
      const matches = patternOf(pattern.replaceAll('/', '\0'));
      return (_, { path }) => matches(path.replaceAll('/', '\0'));
    }
    case '-type': {
      const kinds = value().split(',');
      const unknown = kinds.find((kind) => !Object.hasOwn(TYPES, kind));
      if (unknown !== undefined) throw new BadTest(`Unknown argument to -type: ${unknown}`);
      return (_, { info }) => kinds.some((kind) => TYPES[kind] === info.kind);
    }
    case '-user': {
      const name = value();
      const user = accounts.user(name);
      if (user === null) throw new BadTest(`‘${name}’ is not the name of a known user`);
      return (_, { info }) => info.uid === user.uid;
    }
    case '-size':
      return sizeTest(value());
    case '-empty':
      return async (host, { path, info }) =>
        info.kind === 'directory' ? (await host.fs.list(path).catch(() => ['?'])).length === 0 : info.kind === 'file' && info.size === 0;
    default:
      if (ACTIONS.has(word)) throw new BadTest(`this sandbox's find does not have ${word}; it lists files only`);
      throw new BadTest(`unknown predicate \`${word}'`);
  }
}

function sizeTest(text: string): Test {
  const [, sign, number, unit] = /^([+-]?)(\d+)([bckM]?)$/.exec(text) ?? [];
  if (number === undefined)
    throw new BadTest(/\d$/.test(text) ? `Invalid argument \`${text}' to -size` : `invalid -size type \`${text.at(-1)}'`);
  return (_, { info }) => {
    const units = Math.ceil(info.size / (UNITS[unit ?? ''] ?? 1));
    return sign === '+' ? units > Number(number) : sign === '-' ? units < Number(number) : units === Number(number);
  };
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new BadTest(`Expected a positive decimal integer argument to ${option}, but got ‘${text}’`);
  return Number(text);
}

const lastPart = (path: string): string => path.replace(/(?<=.)\/+$/, '').replace(/^.*\/(?=.)/, '');

async function any<T>(items: readonly T[], holds: (item: T) => boolean | Promise<boolean>): Promise<boolean> {
  for (const item of items) if (await holds(item)) return true;
  return false;
}

async function every<T>(items: readonly T[], holds: (item: T) => boolean | Promise<boolean>): Promise<boolean> {
  for (const item of items) if (!(await holds(item))) return false;
  return true;
}
