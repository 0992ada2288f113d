/**
 * uWSGI's options, from an INI file and the command line, in the order in which they stand: the last one wins, and an
 * option of a plugin exists only after the plugin's line.
 */
import { fillPlaceholders, type Placeholders, parseIni } from './ini.ts';
import { isOn, optionName } from './names.ts';
import { UNBUILT } from './unbuilt.ts';

export interface SocketOption {
  /** As written: a path or `host:port`. */
  readonly address: string;
  readonly protocol: 'uwsgi' | 'http';
}

export interface Options {
  strict: boolean;
  plugins: string[];
  master: boolean;
  processes: number;
  sockets: SocketOption[];
  /** Permission bits of Unix sockets, or null to leave them as they come. */
  chmodSocket: number | null;
  chownSocket: string | null;
  uid: string | null;
  gid: string | null;
  listen: number;
  chdir: string | null;
  pythonpath: string[];
  module: string | null;
  wsgiFile: string | null;
  callable: string | null;
  needApp: boolean;
  lazyApps: boolean;
  vacuum: boolean;
  dieOnTerm: boolean;
  /** Seconds a request may take, or 0. */
  harakiri: number;
  /** After so many requests, or with so many megabytes of memory, a worker makes room for a fresh one; or 0. */
  maxRequests: number;
  reloadOnRss: number;
  /** The same, but the master ends it at once, whatever it is doing. */
  evilReloadOnRss: number;
  /** Seconds: before, a worker does not leave by itself; after, the master sends it away (0: never). */
  minWorkerLifetime: number;
  maxWorkerLifetime: number;
  /** Seconds a worker that shall go may take to finish. */
  workerReloadMercy: number;
  memoryReport: boolean;
  /** Workers take turns at the socket instead of racing for each connection. */
  thunderLock: boolean;
  disableLogging: boolean;
  /** Files whose change reloads the instance, at once or worker by worker. */
  touchReload: string[];
  touchChainReload: string[];
  /** Where the stats server listens: a path or `host:port`. */
  stats: string | null;
  bufferSize: number;
  /** Megabytes of memory a process may use, or 0. */
  limitAs: number;
  env: string[];
  /** Everything as given, for `uwsgi.opt`. */
  given: [name: string, value: string | null][];
}

/** A configuration uWSGI does not start with: what it prints, already in its own words. Exit code 1. */
export class ConfigError extends Error {}

export interface Sources {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Text of a configuration file; throws a sentence for a file that cannot be read. */
  readonly read: (file: string) => Promise<{ path: string; text: string }>;
  readonly say: (line: string) => Promise<void>;
}

type Kind = (options: Options, value: string | null) => void;

/** atoi(3): the digits at the start, else 0. */
const number = (value: string | null): number => Number.parseInt(value ?? '', 10) || 0;

type Flag = { [K in keyof Options]: Options[K] extends boolean ? K : never }[keyof Options];
type Count = { [K in keyof Options]: Options[K] extends number ? K : never }[keyof Options];
type Text = { [K in keyof Options]: string extends Options[K] ? K : never }[keyof Options];
type List = { [K in keyof Options]: Options[K] extends string[] ? K : never }[keyof Options];

const flag =
  (key: Flag): Kind =>
  (options, value) => {
    options[key] = isOn(value);
  };
const count =
  (key: Count): Kind =>
  (options, value) => {
    options[key] = number(value);
  };
const text =
  (key: Text): Kind =>
  (options, value) => {
    options[key] = value ?? '';
  };
const list =
  (key: List): Kind =>
  (options, value) => {
    options[key].push(value ?? '');
  };
const socket =
  (protocol: SocketOption['protocol']): Kind =>
  (options, value) => {
    options.sockets.push({ address: value ?? '', protocol });
  };
const plugins: Kind = (options, value) => {
  options.plugins.push(...(value ?? '').split(',').filter((name) => name !== ''));
};
const chmodSocket: Kind = (options, value) => {
  if (value !== null && value !== '1' && !/^[0-7]{3}$/.test(value)) throw new ConfigError(`invalid chmod value: ${value}`);
  options.chmodSocket = value === null || value === '1' ? 0o666 : Number.parseInt(value, 8);
};

/** By the option's one name, see names.ts. */
const CORE: Readonly<Record<string, Kind>> = {
  strict: flag('strict'),
  plugins,
  master: flag('master'),
  processes: count('processes'),
  socket: socket('uwsgi'),
  'http-socket': socket('http'),
  'chmod-socket': chmodSocket,
  'chown-socket': text('chownSocket'),
  uid: text('uid'),
  gid: text('gid'),
  listen: count('listen'),
  chdir: text('chdir'),
  'need-app': flag('needApp'),
  'lazy-apps': flag('lazyApps'),
  vacuum: flag('vacuum'),
  'die-on-term': flag('dieOnTerm'),
  harakiri: count('harakiri'),
  'max-requests': count('maxRequests'),
  'reload-on-rss': count('reloadOnRss'),
  'evil-reload-on-rss': (options, value) => {
    options.evilReloadOnRss = number(value);
    // The master is who does it: the option brings one.
    options.master = true;
  },
  'min-worker-lifetime': count('minWorkerLifetime'),
  'max-worker-lifetime': count('maxWorkerLifetime'),
  'worker-reload-mercy': count('workerReloadMercy'),
  'memory-report': flag('memoryReport'),
  'thunder-lock': flag('thunderLock'),
  'disable-logging': flag('disableLogging'),
  'touch-reload': list('touchReload'),
  'touch-chain-reload': list('touchChainReload'),
  stats: (options, value) => {
    options.stats = value ?? '';
    // It is the master who answers: the option brings one.
    options.master = true;
  },
  'buffer-size': count('bufferSize'),
  'limit-as': count('limitAs'),
  env: list('env'),
};

const PYTHON: Readonly<Record<string, Kind>> = {
  module: text('module'),
  'wsgi-file': text('wsgiFile'),
  callable: text('callable'),
  pythonpath: list('pythonpath'),
};

/** Options that take no value on the command line. */
const FLAGS = new Set([
  'strict',
  'master',
  'need-app',
  'lazy-apps',
  'vacuum',
  'die-on-term',
  'disable-logging',
  'memory-report',
  'thunder-lock',
]);
/** `-C` and `--chmod-socket` take one only after `=`. */
const OPTIONAL = new Set(['chmod-socket']);
const SHORT: Readonly<Record<string, string>> = {
  s: 'socket',
  p: 'processes',
  M: 'master',
  w: 'module',
  l: 'listen',
  L: 'disable-logging',
  b: 'buffer-size',
  t: 'harakiri',
  R: 'max-requests',
  m: 'memory-report',
  C: 'chmod-socket',
};

const isPython = (plugin: string): boolean => /^python3?$/.test(plugin);

/** Is the plugin that runs Python loaded? */
export const hasPython = (options: Options): boolean => options.plugins.some(isPython);

function defaults(): Options {
  return {
    strict: false,
    plugins: [],
    master: false,
    processes: 1,
    sockets: [],
    chmodSocket: null,
    chownSocket: null,
    uid: null,
    gid: null,
    listen: 100,
    chdir: null,
    pythonpath: [],
    module: null,
    wsgiFile: null,
    callable: null,
    needApp: false,
    lazyApps: false,
    vacuum: false,
    dieOnTerm: false,
    harakiri: 0,
    maxRequests: 0,
    reloadOnRss: 0,
    evilReloadOnRss: 0,
    minWorkerLifetime: 10,
    maxWorkerLifetime: 0,
    workerReloadMercy: 60,
    memoryReport: false,
    thunderLock: false,
    disableLogging: false,
    touchReload: [],
    touchChainReload: [],
    stats: null,
    bufferSize: 4096,
    limitAs: 0,
    env: [],
    given: [],
  };
}

/** Options that were not known when they stood there: they count if a later line loads their plugin. */
type Early = [name: string, value: string | null][];

/** Read everything. Throws ConfigError. */
export async function readOptions(sources: Sources): Promise<Options> {
  const options = defaults();
  const { args } = sources;
  const early: Early = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const { name, value } = splitArgument(arg);
    if (name === null) {
      if (!arg.endsWith('.ini')) throw new ConfigError(`unable to load configuration from ${arg}`);
      await readIni(options, arg, sources, early);
      continue;
    }
    const needsValue = value === null && !FLAGS.has(name) && !OPTIONAL.has(name);
    if (name === 'ini') await readIni(options, value ?? args[++at] ?? '', sources, early);
    else if (!kindOf(options, name)) {
      if (UNBUILT.has(name)) throw new ConfigError(unbuilt(name));
      throw new ConfigError(`uwsgi: unrecognized option '${arg.replace(/=.*/s, '')}'\ngetopt_long() error`);
    } else if (needsValue && at + 1 >= args.length) {
      throw new ConfigError(`uwsgi: option '${arg}' requires an argument\ngetopt_long() error`);
    } else set(options, name, needsValue ? (args[++at] ?? '') : value);
  }
  for (const [name, value] of early) if (kindOf(options, name)) set(options, name, value);
  if (options.sockets.length > 1) throw new ConfigError('uwsgi: this sandbox serves one socket an instance; leave one of them');
  return options;
}

/** `--name`, `--name=value`, `-p`, `-p4`; a name of null is an argument that is no option. */
function splitArgument(arg: string): { name: string | null; value: string | null } {
  if (arg.startsWith('--')) {
    const equals = arg.indexOf('=');
    return equals < 0 ? { name: arg.slice(2), value: null } : { name: arg.slice(2, equals), value: arg.slice(equals + 1) };
  }
  if (!arg.startsWith('-') || arg === '-') return { name: null, value: null };
  return { name: SHORT[arg[1] ?? ''] ?? arg.slice(1), value: arg.length > 2 ? arg.slice(2) : null };
}

async function readIni(options: Options, argument: string, sources: Sources, early: Early): Promise<void> {
  const { file, section } = splitSection(argument);
  await sources.say(`[uWSGI] getting INI configuration from ${file}`);
  const { path, text: content } = await sources.read(file);
  const directives = parseIni(content, section);
  if (directives === null) await sources.say(`*** WARNING: Can't find section "${section}" in INI configuration file ${file} ***`);
  const seen = new Map<string, string>();
  const placeholders: Placeholders = { file: path, env: sources.env, options: seen };
  for (const { name, value } of directives ?? []) {
    const filled = value === null ? null : fillPlaceholders(value, placeholders);
    seen.set(name, filled ?? '');
    if (kindOf(options, name)) set(options, name, filled);
    else if (UNBUILT.has(name)) throw new ConfigError(unbuilt(name));
    else if (options.strict) throw new ConfigError(`[strict-mode] unknown config directive: ${name}`);
    else early.push([name, filled]);
  }
}

/** `file.ini:section`; the section is `uwsgi` when none is named. */
function splitSection(argument: string): { file: string; section: string } {
  const colon = argument.lastIndexOf(':');
  return colon < 0 ? { file: argument, section: 'uwsgi' } : { file: argument.slice(0, colon), section: argument.slice(colon + 1) };
}

const unbuilt = (name: string): string => `uwsgi: the option "${name}" is a real one, but the uwsgi of this sandbox does not have it`;

function kindOf(options: Options, given: string): Kind | undefined {
  const name = optionName(given);
  if (Object.hasOwn(CORE, name)) return CORE[name];
  return Object.hasOwn(PYTHON, name) && hasPython(options) ? PYTHON[name] : undefined;
}

function set(options: Options, name: string, value: string | null): void {
  options.given.push([name, value]);
  kindOf(options, name)?.(options, value);
}
