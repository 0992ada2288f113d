/** Reads the options of this process, and says what is wrong with them. */
import { type Host, isSystemError } from '../../host/host.ts';
import { NODE_NAME } from './app.ts';
import { Ended } from './ended.ts';
import type { Log } from './log.ts';
import { readOptions, Unreadable } from './options/read.ts';
import { ConfigError, type Options } from './options.ts';
import { fitWorkers } from './room.ts';

/** Throws Ended when uWSGI does not start with them. */
export async function configure(host: Host, log: Log): Promise<Options> {
  const read = async (file: string, first: 'realpath' | 'open' = 'realpath'): Promise<{ path: string; text: string }> => {
    const path = file.startsWith('/') ? file : `${host.cwd.replace(/\/$/, '')}/${file}`;
    try {
      return { path, text: await host.fs.readText(path) };
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code === 'ENOENT' && first === 'realpath')
        throw new ConfigError(`realpath() of ${file} failed: ${error.strerror} [core/utils.c line 3662]`);
      throw new Unreadable(`open("${file}"): ${error.strerror} [core/io.c line 525]`);
    }
  };
  const say = async (...lines: string[]): Promise<void> => log.line(...lines);
  try {
    const options = await readOptions({ args: host.args, env: host.env, facts: facts(host), read, say, signal: signalTo(host, log) });
    await fitWorkers(host, log, options);
    return options;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    log.line(error.message);
    throw new Ended(1);
  }
}

/** `--stop` and `--reload`: a signal for the process whose number is in a file. Throws Ended. */
const signalTo =
  (host: Host, log: Log) =>
  async (signal: 'SIGINT' | 'SIGHUP', file: string): Promise<never> => {
    let pid = 0;
    try {
      pid = Number.parseInt(await host.fs.readText(file), 10) || 0;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      log.line(`open("${file}"): ${error.strerror} [core/io.c line 525]`);
      throw new Ended(1);
    }
    // The real one takes 0 for the number and so ends whoever called it.
    if (pid === 0) log.line('error: invalid pidfile');
    else {
      try {
        await host.kill(pid, signal);
        throw new Ended(0);
      } catch (error) {
        if (!isSystemError(error)) throw error;
        log.line(`signal_pidfile()/kill(): ${error.strerror} [core/uwsgi.c line 1695]`);
      }
    }
    throw new Ended(255);
  };

/** For the one-letter variables of a file that are not about the file. */
const facts = (host: Host): Record<string, string> => ({
  h: NODE_NAME,
  v: host.cwd,
  V: '2.0.21-debian',
  b: '/usr/bin/uwsgi-core',
  t: String(Math.floor(host.date() / 1000)),
  u: String(host.uid),
  g: String(host.gid),
});
