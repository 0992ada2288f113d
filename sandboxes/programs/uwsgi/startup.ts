/** Start-up, step by step in the real one's order: privileges, directory, socket, Python, application. */
import { type Host, isSystemError, type Listener } from '../../host/host.ts';
import { App, NODE_NAME } from './app.ts';
import { configure } from './configure.ts';
import { Ended } from './ended.ts';
import { bindRouter } from './gateway.ts';
import { openLogFile, writePidFile } from './leftovers.ts';
import { loadApp } from './load.ts';
import { ctime, type Log } from './log.ts';
import { refusal } from './options/refused.ts';
import { hasPython, type Options, sandboxSays } from './options.ts';
import { dropPrivileges } from './privileges.ts';
import { bindSocket, fdLine, nameMade } from './socket.ts';
import { openHome, sitePackages } from './virtualenv.ts';
import { EXIT_NO_APP } from './worker.ts';

export interface Instance {
  readonly options: Options;
  readonly listener: Listener;
  /** The sockets of the HTTP router. */
  readonly router: readonly Listener[];
  /** When the name of its Unix socket was made: null for a TCP socket, and for one that was inherited. */
  readonly named: number | null;
  /** Python in this process: only without a master, which lets go of its own when its workers have it. */
  readonly app: App | null;
  /** Memory to start workers from; null when they start by themselves. */
  readonly image: Uint8Array | null;
  /** Whether there is an app, as found here; null when the workers find out (lazy-apps). */
  readonly loaded: boolean | null;
  /** Seconds that took. */
  readonly appStartup: number;
}

const SOMAXCONN = 4096;
/** Shared memory that uWSGI reports for each process, beside its buffers. */
const MAPPED_EACH = 68_824;
/** The least it takes for bodies when they are buffered. */
const BODY_BUFFER = 8192;

/** `inherited` is the socket that is kept over a reload. Throws Ended. */
export async function startUp(host: Host, log: Log, inherited: Listener | null): Promise<Instance> {
  const options = await configure(host, log);
  await openLogFile(host, log, options);
  if (options.logDate) log.dateLines();
  // Said before the application is imported, which may take long or fail. Without a master this process is worker 1.
  host.event('process.role', { server: 'uwsgi', ...(options.master ? { role: 'master' } : { role: 'worker', worker: 1 }) });
  host.flush();
  log.line(
    `*** Starting uWSGI 2.0.21-debian (64bit) on [${ctime(host.date())}] ***`,
    'os: the sandbox of this course',
    `nodename: ${NODE_NAME}`,
    'machine: wasm32',
    'clock source: unix',
    'pcre jit disabled',
    `current working directory: ${host.cwd}`,
  );
  if (inherited === null) await writePidFile(host, log, options.pidfile);
  log.line('detected binary path: /usr/bin/uwsgi-core');
  // Who gives the socket to somebody else has to be root still when it is bound.
  if (options.chownSocket === null) await dropPrivileges(host, log, options);
  if (options.chdir !== null) await changeDirectory(host, log, options.chdir);
  if (inherited === null) await writePidFile(host, log, options.pidfile2);
  reportLimits(log, options);
  checkOptions(log, options);
  log.line(
    'lock engine: pthread robust mutexes',
    `thunder lock: ${options.thunderLock ? 'enabled' : 'disabled (you can enable it with --thunder-lock)'}`,
  );

  options.automatic = options.http.length > 0 && options.sockets.length === 0;
  const router = await bindRouter(host, log, options);
  const listener = await openSocket(host, log, options, inherited);
  const named = inherited === null ? await nameMade(host, listener) : null;
  await dropPrivileges(host, log, options);
  const app = hasPython(options) && (listener !== null || options.master) ? await startPython(host, log, options) : null;
  await dropPrivileges(host, log, options);
  if (options.enableThreads && app !== null)
    log.line(sandboxSays('no threads: Python in WebAssembly cannot start any, whatever the options say'));
  if (listener === null) {
    log.line('The -s/--socket option is missing and stdin is not a socket.');
    throw new Ended(1);
  }
  const begun = host.now();
  const loaded = await announceAndLoad(host, log, options, app);
  const appStartup = Math.floor((host.now() - begun) / 1000);
  const { master, processes, lazyApps } = options;
  const image = app !== null && !lazyApps && processes > (master ? 0 : 1) ? app.fork() : null;
  return { options, listener, router, named, app: master ? null : app, image, loaded, appStartup };
}

function reportLimits(log: Log, { master, limitAs }: Options): void {
  if (!master) log.line('*** WARNING: you are running uWSGI without its master process manager ***');
  if (limitAs > 0) {
    const bytes = limitAs * 1024 * 1024;
    log.line('limiting address space of processes...', `your process address space limit is ${bytes} bytes (${limitAs} MB)`);
  }
  log.line('your memory page size is 4096 bytes');
}

/** Options that make no sense together. Throws Ended. */
function checkOptions(log: Log, options: Options): void {
  const { harakiri, postBuffering, cheaper, processes, minWorkerLifetime: min, maxWorkerLifetime: max } = options;
  if (harakiri > 0 && postBuffering === 0) {
    log.line(
      ' *** WARNING: you have enabled harakiri without post buffering. Slow upload could be rejected on post-unbuffered webservers *** ',
    );
  }
  const wrong =
    cheaper > 0 && cheaper >= processes
      ? 'invalid cheaper value: must be lower than processes'
      : max > 0 && min >= max
        ? `invalid min-worker-lifetime value (${min}), must be lower than max-worker-lifetime (${max})`
        : cheaper > 0
          ? refusal('cheaper')
          : null;
  if (wrong === null) return;
  log.line(wrong);
  throw new Ended(1);
}

async function changeDirectory(host: Host, log: Log, path: string): Promise<void> {
  log.line(`chdir() to ${path}`);
  try {
    await host.chdir(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    log.line(`chdir(): ${error.strerror} [core/uwsgi.c line 2625]`);
    throw new Ended(1);
  }
}

async function openSocket(host: Host, log: Log, options: Options, inherited: Listener | null): Promise<Listener | null> {
  if (options.automatic) return openAutomatic(host, log, options, inherited);
  const [socket] = options.sockets;
  if (inherited !== null && socket !== undefined) {
    log.line(fdLine('inherited', socket, options));
    return inherited;
  }
  if (socket === undefined) return null;
  if (options.listen > SOMAXCONN) {
    log.line(`Listen queue size is greater than the system max net.core.somaxconn (${SOMAXCONN}).`);
    throw new Ended(1);
  }
  const bound = await bindSocket(host, socket, options);
  if (!('accept' in bound)) {
    log.line(...bound.lines);
    throw new Ended(1);
  }
  if (options.chmodForAll && 'path' in bound.address) log.line('chmod() socket to 666 for lazy and brave users');
  log.line(fdLine('bound', socket, options));
  return bound;
}

/** The socket between router and workers, which nobody asked for. It is another one after a reload. */
async function openAutomatic(host: Host, log: Log, options: Options, inherited: Listener | null): Promise<Listener> {
  inherited?.close();
  const listener = await host.listen({ port: 0, ip: '127.0.0.1' }, { backlog: options.listen });
  const socket = { address: addressOf(listener), protocol: 'uwsgi' } as const;
  options.sockets.push(socket);
  log.line(fdLine('bound', socket, options));
  return listener;
}

const addressOf = ({ address }: Listener): string => ('port' in address ? `${address.ip}:${address.port}` : address.path);

async function startPython(host: Host, log: Log, options: Options): Promise<App> {
  options.sitePackages = await sitePackages(host, options);
  const app = await App.open({
    host,
    log,
    options,
    worker: 0,
    master: host.pid,
    image: null,
    forks: !options.lazyApps && options.processes > 0,
  });
  if (app === null) {
    log.line('uwsgi: this sandbox has no Python');
    throw new Ended(1);
  }
  log.line(`Python version: ${app.version}`);
  await openHome(host, log, app, options);
  if (!options.enableThreads && options.pyAutoreload === 0)
    log.line('*** Python threads support is disabled. You can enable it with --enable-threads ***');
  log.line(`Python main interpreter initialized at ${app.address}`);
  return app;
}

/** With a slash at its end, when it is one. */
async function asFolder(host: Host, path: string): Promise<string> {
  const kind = await host.fs.stat(path).then(
    (info) => info.kind,
    () => null,
  );
  return kind === 'directory' && !path.endsWith('/') ? `${path}/` : path;
}

async function announceAndLoad(host: Host, log: Log, options: Options, app: App | null): Promise<boolean | null> {
  const { processes, master, listen, workerReloadMercy, bufferSize, postBuffering } = options;
  log.line(
    `your server socket listen backlog is limited to ${listen} connections`,
    `your mercy for graceful operations on workers is ${workerReloadMercy} seconds`,
  );
  if (processes > 0) {
    const body = postBuffering > 0 ? Math.max(postBuffering, BODY_BUFFER) : 0;
    const bytes = (MAPPED_EACH + bufferSize + body) * (processes + (master ? 1 : 0));
    log.line(`mapped ${bytes} bytes (${Math.floor(bytes / 1024)} KB) for ${processes} cores`);
  }
  log.line(`*** Operational MODE: ${processes === 0 ? 'no-workers' : processes === 1 ? 'single process' : 'preforking'} ***`);
  for (const path of app === null ? [] : options.pythonpath) log.line(`added ${await asFolder(host, path)} to pythonpath.`);
  const loaded = options.lazyApps ? null : loadApp(host, log, app, options, 'master');
  if (typeof loaded === 'number') throw new Ended(loaded);
  if (loaded === false && options.needApp) throw new Ended(EXIT_NO_APP);
  await dropPrivileges(host, log, options);
  if (!master && processes === 0) throw new Ended(0);
  if (processes > 0 && !options.singleInterpreter) log.line('*** uWSGI is running in multiple interpreter mode ***');
  if (!hasPython(options)) {
    log.line(
      '!!!!!!!!!!!!!! WARNING !!!!!!!!!!!!!!',
      'no request plugin is loaded, you will not be able to manage requests.',
      'you may need to install the package for your language of choice, or simply load it with --plugin.',
      '!!!!!!!!!!! END OF WARNING !!!!!!!!!!',
    );
  }
  return loaded;
}
