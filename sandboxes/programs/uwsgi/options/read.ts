/**
 * Reads the options as uWSGI does: first all of them are gathered, from the environment, the command line and files, and
 * some have their effect at once; then placeholders are filled in; then the others have theirs, in their order.
 */
import { EndlessPlaceholder, filesInValues, fillLetters, fillValues, type Given, parseIni } from '../ini.ts';
import { optionName } from '../names.ts';
import { ConfigError, defaults, type Options, sandboxSays } from '../options.ts';
import { parseCommandLine } from './command-line.ts';
import { NO_EFFECT } from './no-effect.ts';
import { loadPlugins } from './plugins.ts';
import { REAL_OPTIONS, type RealOption } from './real.ts';
import { refusal } from './refused.ts';
import { BUILT, type Built } from './table.ts';

export interface Sources {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Facts for the one-letter variables of a file, see ini.ts. */
  readonly facts?: Readonly<Record<string, string>>;
  /** A configuration file, or another whose name is not looked up first; throws ConfigError for one that is not there, Unreadable for one that cannot be read. */
  readonly read: (file: string, first?: 'realpath' | 'open') => Promise<{ path: string; text: string }>;
  readonly say: (...lines: string[]) => Promise<void>;
  /** Sends a signal to the process of a pid file, and throws the end of this one. */
  readonly signal: (signal: 'SIGINT' | 'SIGHUP', file: string) => Promise<never>;
}

/** A file that is there but cannot be read. */
export class Unreadable extends ConfigError {}

/** Of the environment, what the real one has there for itself. */
const NO_OPTION = /^UWSGI_(RELOADS|VASSALS_DIR|EMPEROR_FD|BROODLORD_NUM|EMPEROR_FD_CONFIG|EMPEROR_PROXY|JAIL_PID|ORIGINAL_PROC_NAME)$/;

/** Files that read files, and so on. The real one has no limit and then no stack. */
const DEEPEST = 20;

/** Read everything. Throws ConfigError. */
export async function readOptions(sources: Sources): Promise<Options> {
  return new Reading(sources).all();
}

type Gathered = { -readonly [K in keyof Given]-?: Given[K] };

class Reading {
  #sources: Sources;
  #options = defaults();
  #gathered: Gathered[] = [];
  #depth = 0;
  #lastFile = '';
  #firstFile = '';

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  async all(): Promise<Options> {
    const { args, env } = this.#sources;
    for (const [name, value] of Object.entries(env)) {
      if (name.startsWith('UWSGI_') && !NO_OPTION.test(name)) await this.#add(name.slice(6).toLowerCase().replaceAll('_', '-'), value);
    }
    const knows = (option: RealOption): boolean => this.#knows(option);
    const files = await parseCommandLine(args, knows, ({ name, value }) => this.#add(name, value));
    for (const file of files) {
      if (file.startsWith('[')) continue;
      if (!/\.ini(:[^:]*)?$/.test(file)) throw new ConfigError(`unable to load configuration from ${file}`);
      await this.#readIni(file);
    }
    await this.#configure();
    const { sockets } = this.#options;
    if (sockets.length > 1) throw new ConfigError(sandboxSays('one socket an instance here; leave one of them'));
    return this.#options;
  }

  #knows({ home }: RealOption): boolean {
    return home === 'core' || this.#options.plugins.includes(home);
  }

  #built(name: string): Built | undefined {
    const real = REAL_OPTIONS.get(name);
    const one = optionName(name);
    return real !== undefined && this.#knows(real) && Object.hasOwn(BUILT, one) ? BUILT[one] : undefined;
  }

  async #add(name: string, value: string | null): Promise<void> {
    const real = REAL_OPTIONS.get(name);
    if (real === undefined || !this.#knows(real)) {
      if (this.#options.strict) throw unknown(name);
      this.#gathered.push({ name, value, configured: false });
      return;
    }
    const built = this.#built(name);
    if (built === undefined && !Object.hasOwn(NO_EFFECT, name)) throw new ConfigError(refusal(name));
    if (built?.master) this.#options.master = true;
    this.#gathered.push({ name, value, configured: built?.atOnce === true });
    if (!built?.atOnce) return;
    built.set(this.#options, value, name);
    await this.#act(optionName(name), value ?? '');
  }

  /** Options that are for the reading itself. */
  async #act(name: string, value: string): Promise<void> {
    if (name === 'ini') await this.#readIni(value);
    else if (name === 'include') await this.#load(value);
    else if (name === 'plugins' || name === 'need-plugins') {
      await loadPlugins(this.#options, value, name === 'need-plugins', this.#sources.say);
    } else if (name === 'stop' || name === 'reload') await this.#sources.signal(name === 'stop' ? 'SIGINT' : 'SIGHUP', value);
    else if (name === 'set' || name === 'set-placeholder') {
      const equals = value.indexOf('=');
      if (equals < 0) throw new ConfigError('invalid placeholder/--set value');
      const [given, to] = [value.slice(0, equals), value.slice(equals + 1)];
      if (name === 'set') await this.#add(given, to);
      else this.#gathered.push({ name: given, value: to, configured: true });
    }
  }

  async #readIni(argument: string): Promise<void> {
    const { read, say, facts = {} } = this.#sources;
    if (++this.#depth > DEEPEST) throw new ConfigError(sandboxSays('configuration files that read each other without end'));
    const { file, section } = splitSection(argument);
    // `:section` alone is in the same file again, which is then not named again.
    const name = file === '' ? this.#lastFile : file;
    const getting = `[uWSGI] getting INI configuration from ${name}`;
    const { path, text } = await read(name).catch(async (error: unknown) => {
      if (error instanceof Unreadable) await say(getting);
      throw error;
    });
    if (file !== '') await say(getting);
    this.#lastFile = name;
    if (this.#firstFile === '') this.#firstFile = path;
    const directives = parseIni(fillLetters(text, { file: path, first: this.#firstFile, section, facts }), section || 'uwsgi');
    for (const directive of directives ?? []) await this.#add(directive.name, directive.value);
    if (directives === null) {
      await say(`*** WARNING: Can't find section "${section || 'uwsgi'}" in INI configuration file ${name} ***`);
    }
    this.#depth--;
  }

  /** The file of `include`. */
  async #load(argument: string): Promise<void> {
    if (!argument.endsWith('.ini')) throw new ConfigError(`unable to load configuration from ${argument}`);
    await this.#readIni(argument);
  }

  async #configure(): Promise<void> {
    const values = await this.#filled();
    for (const [i, { name, configured }] of this.#gathered.entries()) {
      const value = values[i] ?? null;
      this.#options.given.push([name, value]);
      if (configured) continue;
      const real = REAL_OPTIONS.get(name);
      const built = this.#built(name);
      if (built !== undefined) built.set(this.#options, value, name);
      // A plugin that was loaded later than this line has brought it.
      else if (real && this.#knows(real)) {
        if (!Object.hasOwn(NO_EFFECT, name)) throw new ConfigError(refusal(name));
      } else if (this.#options.strict) throw unknown(name);
    }
  }

  async #filled(): Promise<(string | null)[]> {
    if (this.#gathered.some(({ value }) => /%\([^)]* [^)]*\)/.test(value ?? ''))) {
      throw new ConfigError(sandboxSays('sums in %(…) are not known here; write the value'));
    }
    const { env, read } = this.#sources;
    const texts = new Map<string, string>();
    try {
      for (const file of filesInValues(this.#gathered, env)) texts.set(file, (await read(file, 'open')).text);
      return fillValues(this.#gathered, env, texts);
    } catch (error) {
      if (!(error instanceof EndlessPlaceholder)) throw error;
      throw new ConfigError(sandboxSays(`the placeholders in ${error.message} never end`));
    }
  }
}

const unknown = (name: string): ConfigError => new ConfigError(`[strict-mode] unknown config directive: ${name}`);

/** `file.ini:section`. */
function splitSection(argument: string): { file: string; section: string } {
  const colon = argument.lastIndexOf(':');
  return colon < 0 ? { file: argument, section: '' } : { file: argument.slice(0, colon), section: argument.slice(colon + 1) };
}
