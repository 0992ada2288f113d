/** nginx: `nginx [-?hvVtTq] [-s signal] [-p prefix] [-e filename] [-c filename] [-g directives]`. */
import { type Host, isSystemError } from '../../host/host.ts';
import { bytesOf } from '../http/bytes.ts';
import { ConfigError } from './config/error.ts';
import { loadConfig } from './config/load.ts';
import { type Config, DEFAULT_ERROR_LOG, emptyConfig, type LogLevel, PREFIX } from './config/model.ts';
import { fileSource, memorySource } from './config/source.ts';
import { Logs } from './log.ts';
import { checkEvents, Master, openLogs } from './master.ts';
import { freeze, type Memory, thaw } from './memory.ts';
import { HELP, type Options, parseOptions } from './options.ts';
import { Worker } from './worker.ts';

export default async function nginx(host: Host): Promise<number> {
  if (host.image) return inherited(host, thaw(host.image));
  const options = parseOptions(host.args);
  if ('problem' in options) {
    await host.printError(`nginx: ${options.problem}\n`);
    return 1;
  }
  if (options.version) {
    await host.printError(`nginx version: nginx/1.22.1\n${options.help ? HELP : ''}`);
    return 0;
  }
  const path = options.config === null ? '/etc/nginx/nginx.conf' : absolute(options.config, options.prefix ?? PREFIX);
  const config = emptyConfig();
  try {
    return await start(host, options, path, config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await print(host, `nginx: [${error.level}] ${error.message}\n`);
    await logDefault(host, options, 'emerg', error.message);
    if (options.test) await print(host, `nginx: configuration file ${path} test failed\n`);
    return 1;
  }
}

const absolute = (path: string, prefix: string): string => (path.startsWith('/') ? path : prefix + path);

/** Read the configuration, then test it, signal the running master, or become a master. Throws ConfigError. */
async function start(host: Host, options: Options, path: string, config: Config): Promise<number> {
  const warnings: string[] = [];
  try {
    await loadConfig(path, options.globals, fileSource(host), config, warnings);
  } finally {
    for (const warning of warnings) await print(host, `nginx: [warn] ${warning}\n`);
  }
  if (options.signal) {
    await logDefault(host, options, 'notice', 'signal process started');
    return sendSignal(host, config, options.signal);
  }
  if (options.test && !options.quiet) await print(host, `nginx: the configuration file ${path} syntax is ok\n`);
  checkEvents(config);
  if (options.test) {
    await openLogs(host, config);
    if (!options.quiet) await print(host, `nginx: configuration file ${path} test is successful\n`);
    if (options.dump) for (const [name, text] of config.files) await host.print(bytesOf(`# configuration file ${name}:\n${text}\n`));
    return 0;
  }
  const master = new Master(host, path, options.globals, config);
  await master.open();
  if (!config.daemon) return master.run();

  const image = freeze({
    role: 'daemon',
    index: 0,
    path,
    globals: options.globals,
    files: [...config.files],
    secrets: [...config.secrets],
  });
  await host.spawn('nginx', host.args, { listeners: master.listeners, image, stdin: 'null', stdout: 'null', stderr: 'null' });
  return 0;
}

/** A process that nginx itself spawned: a worker, or the master that has gone to the background. */
async function inherited(host: Host, memory: Memory): Promise<number> {
  const config = await loadConfig(memory.path, memory.globals, memorySource(new Map([...memory.files, ...memory.secrets])), emptyConfig());
  if (memory.role === 'worker') return new Worker(host, config).run(memory.index);
  const master = new Master(host, memory.path, memory.globals, config);
  master.inherit(host.inherited);
  return master.run();
}

const SIGNALS = { stop: 'SIGTERM', quit: 'SIGQUIT', reload: 'SIGHUP', reopen: 'SIGUSR1' } as const;

async function sendSignal(host: Host, config: Config, name: keyof typeof SIGNALS): Promise<number> {
  let text: string;
  try {
    text = await host.fs.readText(config.pid);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new ConfigError(`open() "${config.pid}" failed (${error.errno}: ${error.strerror})`, null);
  }
  const pid = Number.parseInt(text, 10);
  if (!(pid > 0)) throw new ConfigError(`invalid PID number "${text.trim()}" in "${config.pid}"`, null);
  try {
    await host.kill(pid, SIGNALS[name]);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    await host.printError(`nginx: [alert] kill(${pid}, ${NUMBERS[name]}) failed (${error.errno}: ${error.strerror})\n`);
    return 1;
  }
  return 0;
}

const NUMBERS = { stop: 15, quit: 3, reload: 1, reopen: 10 } as const;

/** Until a configuration is in force, messages go to the log that nginx was built with (or the one of -e). */
async function logDefault(host: Host, options: Options, level: LogLevel, message: string): Promise<void> {
  if (options.errorLog === 'stderr') return;
  const logs = new Logs(host);
  logs.error([{ path: options.errorLog ?? DEFAULT_ERROR_LOG, level: 'notice' }], level, message);
  await logs.flush();
}

const print = (host: Host, text: string): Promise<void> => host.printError(bytesOf(text));
