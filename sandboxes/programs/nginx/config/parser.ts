/**
 * Reads configuration files and carries out each directive as soon as it is complete, as nginx does: that fixes which
 * of several mistakes is reported.
 */
import { isSystemError } from '../../../host/host.ts';
import { isPattern } from '../../glob.ts';
import { ConfigError, inPlace, type Place } from './error.ts';
import { type Context, type Grammar, grammar } from './grammar.ts';
import { Lexer, type Statement } from './lexer.ts';
import type { Config, Location, Own, Server } from './model.ts';
import { NO_EFFECT } from './no-effect.ts';
import type { Source } from './source.ts';
import type { Group } from './upstream-model.ts';
import { compileRegex, groupNames, readSlot, type Value } from './values.ts';

/** What a directive is written into. */
export interface Scope {
  readonly context: Context;
  readonly own: Own;
  readonly server: Server | null;
  readonly location: Location | null;
  readonly group: Group | null;
  /** Directives already given on this level. */
  readonly seen: Set<string>;
  /** Takes the lines of a block that holds no directives (`types`, `map`) instead of the parser. */
  readonly lines?: (words: readonly string[]) => void;
}

/** A directive being carried out. */
export interface Call {
  readonly parser: Parser;
  readonly scope: Scope;
  readonly name: string;
  readonly args: readonly string[];
  /** What nginx's general reader made of the arguments. */
  readonly value: Value;
}

/** A directive that this nginx has. */
export interface Command {
  readonly set: (call: Call) => void | Promise<void>;
  /** What it does, in a sentence for the reference. */
  readonly does: string;
}

export type Commands = Readonly<Record<string, Command>>;

/** An include that includes itself ends here. */
const DEEPEST = 60;

export class Parser {
  readonly config: Config;
  readonly warnings: string[];
  readonly #commands: Commands;
  readonly #source: Source;
  readonly #directory: string;
  #lexer: Lexer | null = null;
  #depth = 0;

  constructor(config: Config, warnings: string[], commands: Commands, mainFile: string, source: Source) {
    this.config = config;
    this.warnings = warnings;
    this.#commands = commands;
    this.#source = source;
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

  warn(message: string): void {
    this.warnings.push(message + inPlace(this.place));
  }

  /** The path as a directive of a file means it: relative to the main file's directory. */
  full(path: string): string {
    return path.startsWith('/') ? path : this.#directory + path;
  }

  /** A certificate or a key, kept for the workers. Throws SystemError. */
  async secret(path: string): Promise<string> {
    const text = this.config.secrets.get(path) ?? (await this.#source.read(path));
    this.config.secrets.set(path, text);
    return text;
  }

  /** Does this machine have that user or group? */
  knows(what: 'user' | 'group', name: string): Promise<boolean> {
    return this.#source.knows(what, name);
  }

  /** Compile a pattern; its named groups become variables, in the place of a map of that name read before. Throws ConfigError. */
  regex(pattern: string, ignoreCase: boolean): RegExp {
    try {
      const regex = compileRegex(pattern, ignoreCase);
      for (const name of groupNames(regex)) this.config.defined.set(name.toLowerCase(), () => '');
      return regex;
    } catch (error) {
      throw this.error(error instanceof Error ? error.message : String(error));
    }
  }

  /** Carry out a whole file in a scope. */
  async file(path: string, scope: Scope): Promise<void> {
    let text: string;
    try {
      text = await this.#source.read(path);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw this.error(`open() "${path}" failed (${error.errno}: ${error.strerror})`);
    }
    this.config.files.set(path, text);
    // The real nginx runs out of open files here.
    if (++this.#depth > DEEPEST) throw this.error(`open() "${path}" failed (24: Too many open files)`);
    await this.#statements(new Lexer(path, text), scope, 'file');
    this.#depth--;
  }

  /** Carry out the directives given with -g. */
  async parameter(text: string, scope: Scope): Promise<void> {
    await this.#statements(new Lexer('', text, true), scope, 'parameter');
  }

  /** Carry out the block whose `{` was just read. */
  async block(scope: Scope): Promise<void> {
    if (this.#lexer) await this.#statements(this.#lexer, scope, 'block');
  }

  /** `include`: relative to the main file's directory; a pattern may match nothing. */
  async include(pattern: string, scope: Scope): Promise<void> {
    const full = this.full(pattern);
    const paths = isPattern(full) ? await this.#source.expand(full) : [full];
    for (const path of paths) await this.file(path, scope);
  }

  async #statements(lexer: Lexer, scope: Scope, kind: 'file' | 'block' | 'parameter'): Promise<void> {
    const outer = this.#lexer;
    this.#lexer = lexer;
    for (;;) {
      const { words, end } = lexer.next();
      if (end === '}') {
        if (kind === 'block') break;
        throw this.error('unexpected "}"');
      }
      if (end === 'end') {
        if (kind !== 'block') break;
        throw this.error('unexpected end of file, expecting "}"');
      }
      if (end === '{' && kind === 'parameter') throw this.error('block directives are not supported in -g option');
      if (scope.lines) await this.#line(scope, words, end);
      else await this.#directive(scope, words, end);
    }
    // A block ends in the lexer it began in: only a file gives way to the one that included it.
    if (kind === 'file') this.#lexer = outer;
  }

  async #line(scope: Scope, words: readonly string[], end: Statement['end']): Promise<void> {
    if (end === '{') throw this.error('unexpected "{"');
    if (words[0] !== 'include') return scope.lines?.(words);
    if (words.length !== 2) throw this.error('invalid number of arguments in "include" directive');
    await this.include(words[1] ?? '', scope);
  }

  async #directive(scope: Scope, words: readonly string[], end: ';' | '{'): Promise<void> {
    const [name = '', ...args] = words;
    const value = this.#check(scope, name, args, end);
    const command = Object.hasOwn(this.#commands, name) ? this.#commands[name] : undefined;
    if (command) await command.set({ parser: this, scope, name, args, value });
    else if (!Object.hasOwn(NO_EFFECT, name)) {
      throw this.refusal(`"${name}" is a real nginx directive, but this sandbox's nginx does not have it,`);
    } else NO_EFFECT[name]?.check?.({ parser: this, scope, name, args, value });
  }

  /** What nginx checks of every directive: name, place, ending, number of arguments, value, and that it comes once. */
  #check(scope: Scope, name: string, args: readonly string[], end: ';' | '{'): Value {
    const forms = grammar().get(name);
    if (!forms) throw this.error(`unknown directive "${name}"`);
    const form = forms.find(({ contexts }) => contexts.has(scope.context));
    if (!form) throw this.error(`"${name}" directive is not allowed here`);
    if (!form.block && end === '{') throw this.error(`directive "${name}" is not terminated by ";"`);
    if (form.block && end !== '{') throw this.error(`directive "${name}" has no opening "{"`);
    if (args.length < form.fewest || args.length > form.most) throw this.error(`invalid number of arguments in "${name}" directive`);
    return this.#slot(scope, form, name, args);
  }

  #slot(scope: Scope, form: Grammar, name: string, args: readonly string[]): Value {
    if (form.slot === null) return null;
    if (scope.seen.has(name)) throw this.error(`"${name}" directive is duplicate`);
    scope.seen.add(name);
    const read = readSlot(form.slot, name, args);
    if ('problem' in read) throw this.error(read.problem);
    return read.value;
  }
}
