/** The plugins that Debian ships with uWSGI, and what becomes of them here. */
import { ConfigError, type Options, sandboxSays } from '../options.ts';

/** Those that are here. */
const HERE: ReadonlyMap<string, string> = new Map([
  ['python3', 'python3'],
  ['python311', 'python3'],
  ['http', 'http'],
]);

/** Real ones, of Debian's uwsgi-core and its packages beside it, that are not here. */
const NOT_HERE: ReadonlySet<string> = new Set(
  `asyncio_python3 cache carbon cgi cheaper_backlog2 cheaper_busyness clock_monotonic clock_realtime corerouter echo fastrouter
  forkptyrouter gevent_python3 glusterfs greenlet_python3 jvm_openjdk17 logcrypto logfile logpipe logsocket lua51 msgpack nagios
  notfound pam php ping psgi pty rack_ruby31 rados rawrouter redislog router_basicauth router_cache router_expires router_hash router_http
  router_memcached router_metrics router_radius router_redirect router_redis router_rewrite router_static router_uwsgi rpc rsyslog signal
  spooler ssi sslrouter stats_pusher_file stats_pusher_socket stats_pusher_statsd symcall syslog tornado_python3 transformation_gzip
  transformation_template tuntap ugreen xattr zergpool`.split(/\s+/),
);

const FOLDER = '/usr/lib/uwsgi/plugins';

/** Load the plugins of one line. Throws ConfigError. */
export async function loadPlugins(
  options: Options,
  value: string,
  needed: boolean,
  say: (...lines: string[]) => Promise<void>,
): Promise<void> {
  for (const listed of value.split(',').filter((one) => one !== '')) {
    const name = listed
      .trim()
      .replace(/^\d+:/, '')
      .replace(/_plugin\.so$/, '');
    const here = HERE.get(name);
    if (here !== undefined) {
      if (!options.plugins.includes(here)) options.plugins.push(here);
      continue;
    }
    if (NOT_HERE.has(name)) {
      throw new ConfigError(sandboxSays(`"${name}" is a real plugin of uWSGI, but this sandbox's uwsgi has only python3 and http`));
    }
    const file = `${FOLDER}/${name}_plugin.so`;
    await say(
      `open("${file}"): No such file or directory [core/utils.c line 3731]`,
      `!!! UNABLE to load uWSGI plugin: ${file}: cannot open shared object file: No such file or directory !!!`,
    );
    if (needed) throw new ConfigError(`unable to load plugin "${listed}"`);
  }
}
