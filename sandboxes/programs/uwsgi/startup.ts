/** Start-up, step by step in the real one's order: privileges, directory, socket, Python, application. */
import { type Host, isSystemError, type Listener } from '../../host/host.ts';
import { App, NODE_NAME } from './app.ts';
import { loadApp } from './load.ts';
import { ctime, type Log } from './log.ts';
import { ConfigError, hasPython, type Options, readOptions } from './options.ts';
import { bindSocket, fdLine } from './socket.ts';
import { EXIT_NO_APP } from './worker.ts';

export interface Instance {
  readonly options: Options;
  readonly listener: Listener;
  /** Python in this process: only without a master, which lets go of its own when its workers have it. */
  readonly app: App | null;
  /** Memory to start workers from; null when they start by themselves. */
  readonly image: Uint8Array | null;
  /** Whether there is an app, as found here; null when the workers find out (lazy-apps). */
  readonly loaded: boolean | null;
  /** Seconds that took. */
  readonly appStartup: number;
}

/** Start-up ended here, with this exit code; what was to say is said. */
export class Ended extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

const SOMAXCONN = 4096;
/** Shared memory that uWSGI reports for each process. */
const MAPPED_EACH = 72920;

/** `inherited` is the socket that is kept over a reload. Throws Ended. */
export async function startUp(host: Host, log: Log, inherited: Listener | null): Promise<Instance> {
  const options = await configure(host, log);
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
    'detected binary path: /usr/bin/uwsgi-core',
  );
  await dropPrivileges(host, log, options);
  if (options.chdir !== null) await changeDirectory(host, log, options.chdir);
  if (!options.master) log.line('*** WARNING: you are running uWSGI without its master process manager ***');
  if (options.limitAs > 0) {
    const bytes = options.limitAs * 1024 * 1024;
    log.line('limiting address space of processes...', `your process address space limit is ${bytes} bytes (${options.limitAs} MB)`);
  }
  log.line('your memory page size is 4096 bytes');
  if (options.harakiri > 0) {
    log.line(
      ' *** WARNING: you have enabled harakiri without post buffering. Slow upload could be rejected on post-unbuffered webservers *** ',
    );
  }
  const { minWorkerLifetime: min, maxWorkerLifetime: max } = options;
  if (max > 0 && min >= max) {
    log.line(`invalid min-worker-lifetime value (${min}), must be lower than max-worker-lifetime (${max})`);
    throw new Ended(1);
  }
  log.line(
    'lock engine: pthread robust mutexes',
    `thunder lock: ${options.thunderLock ? 'enabled' : 'disabled (you can enable it with --thunder-lock)'}`,
  );
  if (options.listen > SOMAXCONN) {
    log.line(`Listen queue size is greater than the system max net.core.somaxconn (${SOMAXCONN}).`);
    throw new Ended(1);
  }

  const listener = await openSocket(host, log, options, inherited);
  warnAboutRoot(host, log);
  const app = hasPython(options) ? await startPython(host, log, options) : null;
  warnAboutRoot(host, log);
  if (listener === null) {
    log.line('The -s/--socket option is missing and stdin is not a socket.');
    throw new Ended(1);
  }
  const begun = host.now();
  const loaded = announceAndLoad(host, log, options, app);
  const appStartup = Math.floor((host.now() - begun) / 1000);
  const { master, processes, lazyApps } = options;
  const image = app !== null && !lazyApps && processes > (master ? 0 : 1) ? app.fork() : null;
  return { options, listener, app: master ? null : app, image, loaded, appStartup };
}

async function configure(host: Host, log: Log): Promise<Options> {
  const read = async (file: string): Promise<{ path: string; text: string }> => {
    const path = file.startsWith('/') ? file : `${host.cwd.replace(/\/$/, '')}/${file}`;
    try {
      return { path, text: await host.fs.readText(path) };
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code === 'ENOENT') throw new ConfigError(`realpath() of ${file} failed: ${error.strerror} [core/utils.c line 3662]`);
      throw new ConfigError(`open("${file}"): ${error.strerror} [core/utils.c line 3686]`);
    }
  };
  try {
    return await readOptions({ args: host.args, env: host.env, read, say: async (line) => log.line(line) });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    log.line(error.message);
    throw new Ended(1);
  }
}

async function dropPrivileges(host: Host, log: Log, options: Options): Promise<void> {
  if (host.uid !== 0) return;
  if (options.uid === null) log.line('uWSGI running as root, you can use --uid/--gid/--chroot options');
  const gid = await identify(log, 'group', options.gid, (name) => host.group(name));
  const uid = await identify(log, 'user', options.uid, (name) => host.user(name));
  if (gid !== null) log.line(`setgid() to ${gid}`);
  if (uid !== null) log.line(`setuid() to ${uid}`);
  if (gid !== null || uid !== null) await host.setUser(uid ?? host.uid, gid ?? host.gid);
  if (host.uid === 0) log.line(ROOT_WARNING);
}

async function identify(
  log: Log,
  what: 'user' | 'group',
  name: string | null,
  find: (name: string) => Promise<number | null>,
): Promise<number | null> {
  if (name === null) return null;
  const id = /^\d+$/.test(name) ? Number(name) : await find(name);
  if (id !== null) return id;
  log.line(`${what} ${name} not found.`);
  throw new Ended(1);
}

const ROOT_WARNING = '*** WARNING: you are running uWSGI as root !!! (use the --uid flag) *** ';

function warnAboutRoot(host: Host, log: Log): void {
  if (host.uid === 0) log.line('uWSGI running as root, you can use --uid/--gid/--chroot options', ROOT_WARNING);
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
  const [socket] = options.sockets;
  if (inherited !== null && socket !== undefined) {
    log.line(fdLine('inherited', socket));
    return inherited;
  }
  if (socket === undefined) return null;
  const bound = await bindSocket(host, socket, options);
  if (!('accept' in bound)) {
    log.line(...bound.lines);
    throw new Ended(1);
  }
  log.line(fdLine('bound', socket));
  return bound;
}

async function startPython(host: Host, log: Log, options: Options): Promise<App> {
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
  log.line(
    `Python version: ${app.version}`,
    '*** Python threads support is disabled. You can enable it with --enable-threads ***',
    `Python main interpreter initialized at ${app.address}`,
  );
  return app;
}

function announceAndLoad(host: Host, log: Log, options: Options, app: App | null): boolean | null {
  const { processes, master, listen, workerReloadMercy } = options;
  log.line(
    `your server socket listen backlog is limited to ${listen} connections`,
    `your mercy for graceful operations on workers is ${workerReloadMercy} seconds`,
  );
  if (processes > 0) {
    const bytes = MAPPED_EACH * (processes + (master ? 1 : 0));
    log.line(`mapped ${bytes} bytes (${Math.floor(bytes / 1024)} KB) for ${processes} cores`);
  }
  log.line(`*** Operational MODE: ${processes === 0 ? 'no-workers' : processes === 1 ? 'single process' : 'preforking'} ***`);
  for (const path of app === null ? [] : options.pythonpath) log.line(`added ${path.replace(/\/*$/, '/')} to pythonpath.`);
  const loaded = app === null ? false : options.lazyApps ? null : loadApp(host, log, app, options, 'master');
  if (typeof loaded === 'number') throw new Ended(loaded);
  if (app !== null && loaded === false && options.needApp) throw new Ended(EXIT_NO_APP);
  warnAboutRoot(host, log);
  if (processes > 0) log.line('*** uWSGI is running in multiple interpreter mode ***');
  if (app === null) {
    log.line(
      '!!!!!!!!!!!!!! WARNING !!!!!!!!!!!!!!',
      'no request plugin is loaded, you will not be able to manage requests.',
      'you may need to install the package for your language of choice, or simply load it with --plugin.',
      '!!!!!!!!!!! END OF WARNING !!!!!!!!!!',
    );
  }
  return loaded;
}
