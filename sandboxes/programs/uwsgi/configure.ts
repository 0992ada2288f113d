/** Reads the options of this process, and says what is wrong with them. */
import { type Host, isSystemError } from '../../host/host.ts';
import { NODE_NAME } from './app.ts';
import { Ended } from './ended.ts';
import type { Log } from './log.ts';
import { readOptions, Unreadable } from './options/read.ts';
import { ConfigError, type Options } from './options.ts';

/** Throws Ended when uWSGI does not start with them. */
export async function configure(host: Host, log: Log): Promise<Options> {
  const read = async (file: string): Promise<{ path: string; text: string }> => {
    const path = file.startsWith('/') ? file : `${host.cwd.replace(/\/$/, '')}/${file}`;
    try {
      return { path, text: await host.fs.readText(path) };
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code === 'ENOENT') throw new ConfigError(`realpath() of ${file} failed: ${error.strerror} [core/utils.c line 3662]`);
      throw new Unreadable(`open("${file}"): ${error.strerror} [core/io.c line 525]`);
    }
  };
  const say = async (...lines: string[]): Promise<void> => log.line(...lines);
  try {
    return await readOptions({ args: host.args, env: host.env, facts: facts(host), read, say });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    log.line(error.message);
    throw new Ended(1);
  }
}

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
