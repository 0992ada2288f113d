/** What happens when the http block ends: levels are laid over each other, names are checked, sockets are listed. */

import { variable } from '../variables.ts';
import { ConfigError } from './error.ts';
import { type Bind, type Config, DEFAULT_ACCESS_LOG, type Location, PREFIX, type Settings } from './model.ts';

export const DEFAULTS: Settings = {
  root: () => `${PREFIX}html`,
  alias: false,
  index: ['index.html'],
  types: new Map([
    ['html', 'text/html'],
    ['gif', 'image/gif'],
    ['jpg', 'image/jpeg'],
  ]),
  defaultType: 'text/plain',
  maxBody: 1024 ** 2,
  keepaliveTimeout: 75_000,
  keepaliveRequests: 1000,
  serverTokens: true,
  accessLogs: [],
  errorLogs: [],
  uwsgiParams: [],
  uwsgiReadTimeout: 60_000,
  uwsgiConnectTimeout: 60_000,
  uwsgiBuffering: true,
};

/** Give every level its settings. Throws ConfigError. */
export function finishHttp(config: Config, http: Partial<Settings>): void {
  const combined = config.logFormats.get('combined');
  const accessLogs = combined ? [{ path: DEFAULT_ACCESS_LOG, format: combined }] : [];
  const outer: Settings = { ...DEFAULTS, accessLogs, errorLogs: config.errorLogs, ...http };
  for (const server of config.servers) settle(server.location, outer);
  for (const name of config.variables) if (!variable(name)) throw new ConfigError(`unknown "${name}" variable`, null);
  warnOfConflicts(config);
}

function settle(location: Location, outer: Settings): void {
  location.settings = { ...outer, ...location.own };
  const seen = new Set<string>();
  for (const child of location.children) {
    if (child.kind !== 'regex') {
      const key = `${child.kind === 'exact' ? '=' : ''} ${child.pattern}`;
      if (seen.has(key)) throw new ConfigError(`duplicate location "${child.pattern}"`, child.place);
      seen.add(key);
    }
    settle(child, location.settings);
  }
}

/** Two servers of one name on one address: the first has it. */
function warnOfConflicts(config: Config): void {
  const taken = new Set<string>();
  for (const server of config.servers) {
    for (const { ip, port } of server.listens) {
      const own = new Set<string>();
      for (const name of server.names) {
        const key = `${name} ${ip}:${port}`;
        if (own.has(key) || !taken.has(key)) {
          taken.add(key);
          own.add(key);
        } else config.warnings.push(`conflicting server name "${name}" on ${ip}:${port}, ignored`);
      }
    }
  }
}

/** The sockets a configuration needs: a port's wildcard address takes in the others. */
export function binds(config: Config): Bind[] {
  const listens = config.servers.flatMap((server) => server.listens);
  const wild = new Set(listens.filter((listen) => listen.ip === '0.0.0.0').map((listen) => listen.port));
  const result = new Map<string, Bind>();
  for (const { ip, port, backlog } of listens) {
    const bound = wild.has(port) ? '0.0.0.0' : ip;
    const key = `${bound}:${port}`;
    if (!result.has(key)) result.set(key, { ip: bound, port, backlog });
  }
  return [...result.values()];
}
