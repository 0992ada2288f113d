/**
 * The master process: opens logs and sockets, starts workers, starts others in place of dead ones, and obeys signals.
 * It never touches a request.
 */
import { type Child, type Exit, type Host, isSystemError, type Listener } from '../../host/host.ts';
import { toUnicode } from '../http/bytes.ts';
import { ConfigError } from './config/error.ts';
import { binds } from './config/finish.ts';
import { loadConfig } from './config/load.ts';
import { type Bind, type Config, emptyConfig, type LogLevel } from './config/model.ts';
import { fileSource } from './config/source.ts';
import { Logs } from './log.ts';
import { freeze } from './memory.ts';

const BIND_ROUNDS = 5;
const BIND_PAUSE = 500;
/** How long a signal waits for a worker that is only starting, ms. */
const START_PATIENCE = 5000;

/**
 * What the master listens to, in the order in which signals that have come together are delivered, with nginx's words.
 * Like the kernel's own mark of a pending signal, one here stands for any number of the same.
 */
const HEARD = {
  SIGHUP: [1, 'reconfiguring'],
  SIGINT: [2, 'exiting'],
  SIGQUIT: [3, 'shutting down'],
  SIGUSR1: [10, 'reopening logs'],
  SIGTERM: [15, 'exiting'],
} as const;
type Heard = keyof typeof HEARD;

interface Running {
  readonly child: Child;
  readonly index: number;
  /** Settled when it hears signals: a forked worker has them held back until then, here it says so. */
  readonly ready: Promise<unknown>;
  /** Told to go: its end is no accident. */
  leaving: boolean;
  /** How it ended; null while it runs. */
  exit: Exit | null;
}

export class Master {
  readonly #host: Host;
  readonly #path: string;
  readonly #globals: string;
  readonly #logs: Logs;
  #config: Config;
  #listeners = new Map<string, Listener>();
  #workers = new Set<Running>();
  #stopping = false;
  /** Signals that have come and are not obeyed yet, with who sent each first. */
  readonly #pending = new Map<Heard, number>();
  #wake: () => void = () => undefined;

  constructor(host: Host, path: string, globals: string, config: Config) {
    this.#host = host;
    this.#path = path;
    this.#globals = globals;
    this.#config = config;
    this.#logs = new Logs(host);
  }

  /** Open logs and sockets, as nginx does before it goes to the background. Throws ConfigError. */
  async open(): Promise<void> {
    await openLogs(this.#host, this.#config);
    await this.#bind(this.#config, this.#listeners, (level, text) => {
      this.log(level, text);
      if (level === 'emerg') this.#host.printError(`nginx: [emerg] ${text}\n`).catch(() => undefined);
    });
  }

  get listeners(): Listener[] {
    return [...this.#listeners.values()];
  }

  /** Sockets that the process before this one opened (`daemon on`). */
  inherit(listeners: readonly Listener[]): void {
    for (const listener of listeners) {
      const { address } = listener;
      if ('port' in address) this.#listeners.set(`${address.ip ?? '0.0.0.0'}:${address.port}`, listener);
    }
  }

  /** Run until a signal ends it. */
  async run(): Promise<number> {
    const host = this.#host;
    host.setTitle(`nginx: master process ${[host.name, ...host.args].join(' ')}`);
    await host.fs.write(this.#config.pid, `${host.pid}\n`);
    for (const signal of Object.keys(HEARD) as Heard[]) {
      host.onSignal(signal, (sender) => {
        if (!this.#pending.has(signal)) this.#pending.set(signal, sender);
        this.#wake();
      });
    }
    host.event('process.role', { role: 'master', server: 'nginx' });
    this.log('notice', 'using the "epoll" event method');
    this.log('notice', 'nginx/1.22.1');
    await this.#startWorkers();
    while (!this.#stopping || this.#workers.size > 0) await this.#cycle();
    await host.fs.remove(this.#config.pid).catch(() => undefined);
    this.log('notice', 'exit');
    await this.#logs.flush();
    return 0;
  }

  log(level: LogLevel, text: string): void {
    this.#logs.error(this.#config.errorLogs, level, text);
  }

  async #startWorkers(): Promise<void> {
    this.log('notice', 'start worker processes');
    for (let index = 1; index <= this.#config.workers; index++) await this.#start(index);
  }

  async #start(index: number): Promise<void> {
    const host = this.#host;
    const image = freeze({
      role: 'worker',
      index,
      path: this.#path,
      globals: this.#globals,
      files: [...this.#config.files],
      secrets: [...this.#config.secrets],
    });
    const child = await host.spawn('nginx', host.args, { listeners: this.listeners, image, stdin: 'null', stdout: 'pipe' });
    const running: Running = { child, index, ready: child.stdout?.read() ?? Promise.resolve(), leaving: false, exit: null };
    this.#workers.add(running);
    this.log('notice', `start worker process ${child.pid}`);
    void child.exited.then((exit) => {
      running.exit = exit;
      this.#wake();
    });
  }

  /**
   * Wait for signals or the end of a worker, and work them off one after another, as the real master does, who hears
   * signals only while he waits: what comes during a reload is obeyed after it.
   */
  async #cycle(): Promise<void> {
    const ended = (): Running[] => [...this.#workers].filter(({ exit }) => exit !== null);
    if (this.#pending.size === 0 && ended().length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const signals = (Object.keys(HEARD) as Heard[]).filter((signal) => this.#pending.has(signal));
    for (const signal of signals) {
      const [number, words] = HEARD[signal];
      const sender = this.#pending.get(signal);
      this.log('notice', `signal ${number} (${signal}) received${sender ? ` from ${sender}` : ''}, ${words}`);
      this.#pending.delete(signal);
    }
    const came = (...any: Heard[]): boolean => any.some((signal) => signals.includes(signal));
    if (came('SIGTERM', 'SIGINT')) await this.#stop('SIGTERM');
    else if (came('SIGQUIT') && !this.#stopping) await this.#stop('SIGQUIT');
    for (const running of ended()) await this.#reap(running);
    if (this.#stopping) return;
    if (came('SIGHUP')) await this.#reload();
    if (came('SIGUSR1')) await this.#reopen();
  }

  /** A worker has ended: another one in its place, unless it was told to go. */
  async #reap(running: Running): Promise<void> {
    const { code, signal } = running.exit ?? { code: 0, signal: null };
    const { pid } = running.child;
    this.#workers.delete(running);
    this.log('notice', `signal 17 (SIGCHLD) received from ${pid}`);
    if (signal !== null) this.log('alert', `worker process ${pid} exited on signal ${SIGNALS[signal] ?? signal}`);
    else if (code === 0) this.log('notice', `worker process ${pid} exited with code ${code}`);
    else {
      // A worker that fails by itself would fail again at once: nginx does not try either.
      this.log('alert', `worker process ${pid} exited with fatal code ${code} and cannot be respawned`);
      return;
    }
    if (!running.leaving && !this.#stopping) await this.#start(running.index);
  }

  /** Read the files again. With a mistake in them the old configuration goes on; without, new workers take over. */
  async #reload(): Promise<void> {
    this.log('notice', 'reconfiguring');
    const old = [...this.#workers];
    const listeners = new Map(this.#listeners);
    const warnings: string[] = [];
    try {
      const config = await loadConfig(this.#path, this.#globals, fileSource(this.#host), emptyConfig(), warnings);
      for (const warning of warnings) this.log('warn', warning);
      checkEvents(config);
      await openLogs(this.#host, config);
      await this.#bind(config, listeners, (level, text) => this.log(level, text));
      this.#config = config;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.log('emerg', error.message);
      return;
    }
    this.#listeners = listeners;
    this.log('notice', 'using the "epoll" event method');
    await this.#startWorkers();
    for (const running of old) {
      running.leaving = true;
      await this.#signal(running, 'SIGQUIT');
    }
  }

  /** The log files anew. Logs are opened for every write here, so it is enough that they are there. */
  async #reopen(): Promise<void> {
    this.log('notice', 'reopening logs');
    await openLogs(this.#host, this.#config).catch((error: unknown) => {
      if (!(error instanceof ConfigError)) throw error;
      this.log('emerg', error.message);
    });
    for (const running of this.#workers) await this.#signal(running, 'SIGUSR1');
  }

  async #stop(signal: 'SIGQUIT' | 'SIGTERM'): Promise<void> {
    this.#stopping = true;
    for (const listener of this.#listeners.values()) listener.close();
    for (const running of this.#workers) await this.#signal(running, signal);
  }

  async #signal(running: Running, signal: 'SIGQUIT' | 'SIGTERM' | 'SIGUSR1'): Promise<void> {
    // One that hangs before that hears nothing anyway: SIGTERM then ends it by its default action.
    await Promise.race([running.ready, this.#host.sleep(START_PATIENCE)]);
    try {
      await this.#host.kill(running.child.pid, signal);
    } catch (error) {
      // It has just died by itself.
      if (!isSystemError(error, 'ESRCH')) throw error;
    }
  }

  /** Open the sockets a configuration needs and close those it no longer has. Throws ConfigError. */
  async #bind(config: Config, open: Map<string, Listener>, say: (level: 'emerg' | 'notice', text: string) => void): Promise<void> {
    const wanted = binds(config);
    const keyOf = ({ ip, port }: Bind): string => `${ip}:${port}`;
    const opened: string[] = [];
    for (let round = 1; ; round++) {
      let failed = false;
      for (const bind of wanted) {
        const key = keyOf(bind);
        if (open.has(key)) continue;
        try {
          open.set(key, await this.#host.listen({ port: bind.port, ip: bind.ip }, { backlog: bind.backlog }));
          opened.push(key);
        } catch (error) {
          if (!isSystemError(error)) throw error;
          const text = `bind() to ${key} failed (${error.errno}: ${error.strerror})`;
          if (error.code !== 'EADDRINUSE') {
            for (const mine of opened) open.get(mine)?.close();
            throw new ConfigError(text, null);
          }
          say('emerg', text);
          failed = true;
        }
      }
      if (!failed) break;
      say('notice', 'try again to bind() after 500ms');
      await this.#host.sleep(BIND_PAUSE);
      if (round < BIND_ROUNDS) continue;
      for (const key of opened) open.get(key)?.close();
      throw new ConfigError('still could not bind()', null);
    }
    for (const [key, listener] of open) {
      if (wanted.some((bind) => keyOf(bind) === key)) continue;
      listener.close();
      open.delete(key);
    }
  }
}

const SIGNALS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGUSR1: 10, SIGUSR2: 12, SIGTERM: 15 };

/** nginx reads the whole configuration before it misses this. */
export function checkEvents(config: Config): void {
  if (!config.hasEvents) throw new ConfigError('no "events" section in configuration', null);
}

/** Create the log files, owned by the user of the workers, who write to them. Throws ConfigError. */
export async function openLogs(host: Host, config: Config): Promise<void> {
  const paths = new Set<string>();
  for (const log of config.errorLogs) if (log.path !== null) paths.add(log.path);
  const collect = (location: (typeof config.servers)[number]['location']): void => {
    for (const log of location.settings.accessLogs) paths.add(log.path);
    for (const log of location.settings.errorLogs) if (log.path !== null) paths.add(log.path);
    location.children.forEach(collect);
    location.variants.forEach(collect);
  };
  for (const server of config.servers) collect(server.location);
  for (const path of paths) {
    if (path === '/dev/null') continue;
    try {
      await host.fs.write(toUnicode(path), '', { append: true, mode: 0o644 });
      const uid = host.uid === 0 ? await host.user(config.user?.name ?? 'nobody') : null;
      if (uid !== null) await host.fs.chown(toUnicode(path), uid, (await host.group('adm')) ?? 0);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw new ConfigError(`open() "${path}" failed (${error.errno}: ${error.strerror})`, null);
    }
  }
}
