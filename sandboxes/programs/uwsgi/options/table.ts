/** The options that this uWSGI has, by their one name (see names.ts): what each does and how it takes its value. */
import { count, date, flag, large, list, mode, type Setter, small, socket, text } from './kinds.ts';

export interface Built {
  /** What it does, in a sentence for the reference. */
  readonly does: string;
  readonly set: Setter;
  /** Has its effect on the line where it stands, before placeholders are filled in. */
  readonly atOnce?: boolean;
  /** The master is who does it: the option brings one. */
  readonly master?: boolean;
}

/** Read as files, plugins and placeholders: see read.ts. */
const byTheReader: Setter = () => {};

const SOCKETS: Readonly<Record<string, Built>> = {
  socket: { does: 'Listens for requests in the uwsgi protocol: a path, or host:port. One socket an instance.', set: socket('uwsgi') },
  'http-socket': { does: 'Listens for plain HTTP, without a router: a path, or host:port.', set: socket('http') },
  http: {
    does: 'A process of its own, the router, takes HTTP here and hands it to the workers. Needs the plugin http.',
    set: list('http'),
  },
  'http-timeout': { does: 'Seconds a client of the router may be silent; 60 when nothing is said.', set: count('httpTimeout') },
  'chmod-socket': { does: "The Unix socket's permissions, three octal digits; 755 when nothing is said.", set: mode },
  'chown-socket': {
    does: "The Unix socket's owner, user or user:group; privileges then drop after it is bound.",
    set: text('chownSocket'),
  },
  listen: { does: 'How many connections may wait at the socket; 100 when nothing is said.', set: count('listen'), atOnce: true },
  'buffer-size': { does: "Bytes a request's variables may have; 4096 when nothing is said, 65535 at most.", set: small('bufferSize') },
  vacuum: { does: 'Removes Unix sockets and pid files at the end.', set: flag('vacuum') },
};

const CONFIGURATION: Readonly<Record<string, Built>> = {
  ini: { does: 'Reads options from a file, or from one section of it: file.ini:section.', set: byTheReader, atOnce: true },
  include: { does: 'The same, of a whole file whose name ends in .ini.', set: byTheReader, atOnce: true },
  strict: { does: 'An option that nobody knows ends the start, from this line on.', set: flag('strict'), atOnce: true },
  plugins: { does: 'Loads plugins, from this line on: here python3 and http.', set: byTheReader, atOnce: true },
  'need-plugins': { does: 'Loads plugins, and ends the start when one is missing.', set: byTheReader, atOnce: true },
  'set-placeholder': { does: 'name=value: a placeholder for %(name), without an option of that name.', set: byTheReader, atOnce: true },
  set: { does: 'name=value: as if name = value stood here; the name may be made up, for %(name).', set: byTheReader, atOnce: true },
  stop: { does: 'On the command line: stops the instance whose number is in the pid file.', set: byTheReader, atOnce: true },
  reload: { does: 'On the command line: reloads the instance whose number is in the pid file.', set: byTheReader, atOnce: true },
  env: { does: 'NAME=value: a variable of the environment for Python.', set: list('env') },
};

const PROCESSES: Readonly<Record<string, Built>> = {
  master: { does: 'A first process that watches the workers and starts new ones.', set: flag('master') },
  processes: {
    does: 'How many workers; 1 when nothing is said, 8 at most, on a device with little memory 2 or 1.',
    set: count('processes'),
  },
  'thunder-lock': { does: 'Workers wait for connections in turn instead of racing.', set: flag('thunderLock') },
  uid: { does: 'The user, by name or number, that root becomes at the start.', set: text('uid') },
  gid: { does: 'The group, by name or number.', set: text('gid') },
  chdir: { does: 'The working directory, entered before the application is loaded.', set: text('chdir') },
  pidfile: { does: 'Writes the number of the first process to a file, as root.', set: text('pidfile') },
  pidfile2: { does: 'The same, as the user that root has become.', set: text('pidfile2') },
  'limit-as': { does: "Megabytes of memory for each process: Python's memory in WebAssembly.", set: large('limitAs') },
  'die-on-term': { does: 'SIGTERM stops the instance, SIGQUIT reloads it; without it, the other way round.', set: flag('dieOnTerm') },
  'no-orphans': { does: 'When the master dies, its workers die at once, in the middle of a request too.', set: flag('noOrphans') },
  cheaper: {
    does: 'Not built; only its mistake is known: not lower than processes.',
    set: count('cheaper'),
    master: true,
  },
};

const WORKERS: Readonly<Record<string, Built>> = {
  harakiri: { does: 'Seconds a request may take before its worker is killed.', set: count('harakiri') },
  'post-buffering': { does: "Changes nothing but harakiri's warning: the sandbox always reads a body whole.", set: large('postBuffering') },
  'max-requests': { does: 'Requests after which a worker makes room for a fresh one.', set: large('maxRequests') },
  'min-worker-lifetime': {
    does: 'Seconds before which a worker does not leave by itself; 10 when nothing is said.',
    set: large('minWorkerLifetime'),
  },
  'max-worker-lifetime': { does: 'Seconds after which the master sends a worker away.', set: large('maxWorkerLifetime') },
  'reload-on-rss': { does: 'Megabytes of memory at which a worker leaves after its request.', set: large('reloadOnRss') },
  'evil-reload-on-rss': {
    does: 'Megabytes of memory at which the master kills a worker, whatever it is doing.',
    set: large('evilReloadOnRss'),
    master: true,
  },
  'worker-reload-mercy': { does: 'Seconds a worker that shall go may take; 60 when nothing is said.', set: count('workerReloadMercy') },
  'touch-reload': { does: 'Reloads the instance when the file changes.', set: list('touchReload'), master: true },
  'touch-chain-reload': { does: 'Reloads one worker after the other when the file changes.', set: list('touchChainReload'), master: true },
  'enable-threads': {
    does: 'Accepted, and the log says that it is in vain: Python in WebAssembly cannot start threads.',
    set: flag('enableThreads'),
  },
};

const LOG: Readonly<Record<string, Built>> = {
  logto: { does: 'Writes the log to a file, from the line "Starting uWSGI" on.', set: text('logto') },
  'log-date': { does: "The date before each of uWSGI's own lines.", set: date },
  'disable-logging': { does: 'No line for each request.', set: flag('disableLogging') },
  'memory-report': { does: "Memory use before each request's line.", set: flag('memoryReport') },
  stats: { does: 'Serves numbers about the workers as JSON at an address of its own.', set: text('stats'), master: true },
};

const APPLICATION: Readonly<Record<string, Built>> = {
  'need-app': { does: 'No application, no server: exit code 22.', set: flag('needApp') },
  'lazy-apps': { does: 'Each worker loads the application itself, instead of the master once.', set: flag('lazyApps') },
  'no-default-app': { does: 'The application is not called the default one; it answers all the same.', set: flag('noDefaultApp') },
  'single-interpreter': {
    does: 'Leaves out the line about multiple interpreters; there is always one here.',
    set: flag('singleInterpreter'),
  },
};

/** Those of the plugin python3. */
export const PYTHON: Readonly<Record<string, Built>> = {
  module: { does: 'The module to import, and behind a colon its callable.', set: text('module') },
  'wsgi-file': { does: 'A Python file to run instead of a module to import.', set: text('wsgiFile') },
  callable: { does: 'The name of the application in it; application when nothing is said.', set: text('callable') },
  pythonpath: { does: 'A directory where Python looks for modules.', set: list('pythonpath') },
  'py-autoreload': {
    does: "Reloads the instance when a module's file changes; looks every so many seconds.",
    set: count('pyAutoreload'),
    master: true,
  },
  virtualenv: { does: 'A virtual environment: Python looks for modules in its site-packages.', set: text('virtualenv') },
};

export const BUILT: Readonly<Record<string, Built>> = {
  ...SOCKETS,
  ...CONFIGURATION,
  ...PROCESSES,
  ...WORKERS,
  ...LOG,
  ...APPLICATION,
  ...PYTHON,
};
