/**
 * Reads configuration files and carries out each directive as soon as it is complete, as nginx does: that fixes which
 * of several mistakes is reported.
 */
import { ERRNO, type FileSystem, isSystemError } from '../../../host/host.ts';
import { glob, isPattern } from '../../glob.ts';
import { byteText, toUnicode } from '../../http/bytes.ts';
import { ConfigError, type Place } from './error.ts';
import { Lexer } from './lexer.ts';
import type { Config, Handlers, Location, Server, Settings } from './model.ts';
import { isRealDirective } from './real-names.ts';

export type Context = 'main' | 'events' | 'http' | 'server' | 'location' | 'types';

/** What a directive is written into. */
export interface Scope {
  readonly context: Context;
  readonly own: Partial<Settings>;
  readonly handlers: Handlers;
  readonly server: Server | null;
  readonly location: Location | null;
  /** Directives already given on this level. */
  readonly seen: Set<string>;
}

export interface Command {
  readonly contexts: readonly Context[];
  /** Fewest and most arguments. */
  readonly args: readonly [number, number];
  readonly block?: boolean;
  /** Takes `on` or `off`. */
  readonly flag?: boolean;
  readonly set: (parser: Parser, scope: Scope, args: readonly string[], name: string) => void | Promise<void>;
}

export class Parser {
  readonly config: Config;
  readonly #commands: Readonly<Record<string, Command>>;
  readonly #read: (path: string) => Promise<string>;
  readonly #expand: (pattern: string) => Promise<string[]>;
  readonly #directory: string;
  #lexer: Lexer | null = null;

  constructor(config: Config, commands: Readonly<Record<string, Command>>, mainFile: string, source: Source) {
    this.config = config;
    this.#commands = commands;
    this.#read = source.read;
    this.#expand = source.expand;
    this.#directory = mainFile.slice(0, mainFile.lastIndexOf('/') + 1);
  }

  get place(): Place | null {
    return this.#lexer?.place ?? null;
  }

  /** The error `message` at the place read to. */
  error(message: string): ConfigError {
    return new ConfigError(message, this.place);
  }

  /** An error that only the sandbox has. */
  refusal(message: string): ConfigError {
    return new ConfigError(message, this.place, 'sandbox');
  }

  /** Carry out a whole file in a scope. */
  async file(path: string, scope: Scope): Promise<void> {
    let text: string;
    try {
      text = await this.#read(path);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw this.error(`open() "${path}" failed (${error.errno}: ${error.strerror})`);
    }
    this.config.files.set(path, text);
    await this.#statements(new Lexer(path, text), scope, 'file');
  }

  /** Carry out the directives given with -g. */
  async parameter(text: string, scope: Scope): Promise<void> {
    await this.#statements(new Lexer('', text, true), scope, 'file');
  }

  /** Carry out the block whose `{` was just read. */
  async block(scope: Scope): Promise<void> {
    if (this.#lexer) await this.#statements(this.#lexer, scope, 'block');
  }

  /** `include`: relative to the main file's directory; a pattern may match nothing. */
  async include(pattern: string, scope: Scope): Promise<void> {
    const full = pattern.startsWith('/') ? pattern : this.#directory + pattern;
    const paths = isPattern(full) ? await this.#expand(full) : [full];
    for (const path of paths) await this.file(path, scope);
  }

  async #statements(lexer: Lexer, scope: Scope, kind: 'file' | 'block'): Promise<void> {
    const outer = this.#lexer;
    this.#lexer = lexer;
    for (;;) {
      const { words, end } = lexer.next();
      if (end === '}') {
        if (kind === 'block') break;
        throw this.error('unexpected "}"');
      }
      if (end === 'end') {
        if (kind === 'file') break;
        throw this.error('unexpected end of file, expecting "}"');
      }
      await this.#directive(scope, words, end);
    }
    // A block ends in the lexer it began in: only a file gives way to the one that included it.
    if (kind === 'file') this.#lexer = outer;
  }

  async #directive(scope: Scope, words: readonly string[], end: ';' | '{'): Promise<void> {
    const [name = '', ...args] = words;
    if (scope.context === 'types' && name !== 'include') {
      const types = new Map(scope.own.types);
      for (const extension of args) types.set(extension.toLowerCase(), name);
      scope.own.types = types;
      return;
    }
    const command = Object.hasOwn(this.#commands, name) ? this.#commands[name] : undefined;
    if (!command) {
      if (isRealDirective(name)) throw this.refusal(`"${name}" is a real nginx directive, but this sandbox's nginx does not have it,`);
      throw this.error(`unknown directive "${name}"`);
    }
    if (!command.contexts.includes(scope.context)) throw this.error(`"${name}" directive is not allowed here`);
    if (!command.block && end === '{') throw this.error(`directive "${name}" is not terminated by ";"`);
    if (command.block && end !== '{') throw this.error(`directive "${name}" has no opening "{"`);
    const [fewest, most] = command.args;
    if (args.length < fewest || args.length > most) throw this.error(`invalid number of arguments in "${name}" directive`);
    if (command.flag && !/^(on|off)$/i.test(args[0] ?? '')) {
      throw this.error(`invalid value "${args[0]}" in "${name}" directive, it must be "on" or "off"`);
    }
    await command.set(this, scope, args, name);
  }
}

/** Where configuration texts come from: the file system, or what the master read before it spawned this worker. */
export interface Source {
  /** As byte text. Throws SystemError. */
  read(path: string): Promise<string>;
  expand(pattern: string): Promise<string[]>;
}

export function fileSource(files: FileSystem): Source {
  return {
    read: async (path) => byteText(await files.read(toUnicode(path))),
    expand: (pattern) => glob(files, toUnicode(pattern)),
  };
}

/** Texts already read: what `fork()` would have left in a worker's memory. */
export function memorySource(texts: ReadonlyMap<string, string>): Source {
  const escape = (text: string): string =>
    text
      .replace(/[.+^$(){}|\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]');
  return {
    read: async (path) => {
      const text = texts.get(path);
      if (text === undefined) throw new Error(`${path}: ${ERRNO.ENOENT[1]}`);
      return text;
    },
    expand: async (pattern) => {
      const matcher = new RegExp(`^${escape(pattern)}$`);
      return [...texts.keys()].filter((path) => matcher.test(path)).sort();
    },
  };
}
