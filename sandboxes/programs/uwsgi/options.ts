/** What an instance of uWSGI is to do: its options, whichever way they were given. */

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
  /** They came from an option that named none. */
  chmodForAll: boolean;
  chownSocket: string | null;
  uid: string | null;
  gid: string | null;
  listen: number;
  chdir: string | null;
  pythonpath: string[];
  /** Directory of a virtual environment. */
  virtualenv: string | null;
  /** What is found in it at the start. */
  sitePackages: string[];
  module: string | null;
  wsgiFile: string | null;
  callable: string | null;
  needApp: boolean;
  lazyApps: boolean;
  noDefaultApp: boolean;
  singleInterpreter: boolean;
  enableThreads: boolean;
  vacuum: boolean;
  dieOnTerm: boolean;
  /** Workers die with their master. */
  noOrphans: boolean;
  /** Seconds a request may take, or 0. */
  harakiri: number;
  /** Bytes of a request's body that are kept in memory, or 0. Read by nothing but the warning of harakiri. */
  postBuffering: number;
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
  /** A file for the log. */
  logto: string | null;
  /** The date before the log's lines. */
  logDate: boolean;
  /** Files whose change reloads the instance, at once or worker by worker. */
  touchReload: string[];
  touchChainReload: string[];
  /** Seconds between two looks at the files of Python's modules, or 0. */
  pyAutoreload: number;
  /** Where the router of HTTP listens, and how many seconds a client of its may be silent. */
  http: string[];
  httpTimeout: number;
  /** The workers' socket was not asked for: the router needs one. */
  automatic: boolean;
  /** Where the stats server listens: a path or `host:port`. */
  stats: string | null;
  bufferSize: number;
  /** Megabytes of memory a process may use, or 0. */
  limitAs: number;
  /** Files for the pid of the first process: one written as root, one after privileges are dropped. */
  pidfile: string | null;
  pidfile2: string | null;
  /** Workers to keep when there is little to do, or 0: refused unless it is wrong in the real one too. */
  cheaper: number;
  env: string[];
  /** Everything as given, for `uwsgi.opt`. */
  given: [name: string, value: string | null][];
}

/** A configuration uWSGI does not start with: what it prints, already in its own words. Exit code 1. */
export class ConfigError extends Error {}

/** What no real uWSGI would say: the sandbox speaks. */
export const sandboxSays = (sentence: string): string => `uwsgi: [sandbox] ${sentence}`;

/** Is the plugin that runs Python loaded? */
export const hasPython = (options: Options): boolean => options.plugins.includes('python3');

/** As uWSGI has them when nothing is said. */
export function defaults(): Options {
  return {
    strict: false,
    plugins: [],
    master: false,
    processes: 1,
    sockets: [],
    chmodSocket: null,
    chmodForAll: false,
    chownSocket: null,
    uid: null,
    gid: null,
    listen: 100,
    chdir: null,
    pythonpath: [],
    virtualenv: null,
    sitePackages: [],
    module: null,
    wsgiFile: null,
    callable: null,
    needApp: false,
    lazyApps: false,
    noDefaultApp: false,
    singleInterpreter: false,
    enableThreads: false,
    vacuum: false,
    dieOnTerm: false,
    noOrphans: false,
    harakiri: 0,
    postBuffering: 0,
    maxRequests: 0,
    reloadOnRss: 0,
    evilReloadOnRss: 0,
    minWorkerLifetime: 10,
    maxWorkerLifetime: 0,
    workerReloadMercy: 60,
    memoryReport: false,
    thunderLock: false,
    disableLogging: false,
    logto: null,
    logDate: false,
    touchReload: [],
    touchChainReload: [],
    pyAutoreload: 0,
    http: [],
    httpTimeout: 60,
    automatic: false,
    stats: null,
    bufferSize: 4096,
    limitAs: 0,
    pidfile: null,
    pidfile2: null,
    cheaper: 0,
    env: [],
    given: [],
  };
}
