/** What happens when the http block ends: levels are laid over each other, names are checked, sockets are listed. */
import { builtin } from '../variables.ts';
import { parseUpstream } from './addresses.ts';
import { DEFAULTS } from './defaults.ts';
import { ConfigError, type Place } from './error.ts';
import { type Bind, type Config, DEFAULT_ACCESS_LOG, type Location, type Own, type Settings } from './model.ts';
import type { PassSettings } from './pass-model.ts';
import type { Group, PeerConfig } from './upstream-model.ts';

/** Give every level its settings. Throws ConfigError. */
export function finishHttp(config: Config, http: Own, warnings: string[], place: Place | null): void {
  for (const group of config.groups.values()) {
    if (!group.explicit) fill(group, config);
    if (group.peers.every((peer) => peer.backup)) throw new ConfigError(`no servers in upstream "${group.name}"`, group.place);
  }
  const lay = layer(place);
  const combined = config.logFormats.get('combined');
  const accessLogs = combined ? [{ path: DEFAULT_ACCESS_LOG, format: combined, condition: null }] : [];
  const outer = lay({ ...DEFAULTS, accessLogs, errorLogs: config.errorLogs }, http);
  for (const server of config.servers) settle(server.location, outer, lay);
  for (const server of config.servers) checkDuplicates(server.location);
  for (const name of config.variables) {
    if (!builtin(name) && !config.defined.has(name)) throw new ConfigError(`unknown "${name}" variable`, null);
  }
  warnOfConflicts(config, warnings);
}

/** A pass directive's own address, when it turns out to be no group of the configuration. */
function fill(group: Group, config: Config): void {
  // proxy_pass may leave the port out: its group is known by the scheme it was made for.
  const proxied = config.servers.some((server) => usedBy(server.location, group));
  const address = parseUpstream(group.name, proxied ? 80 : null);
  if ('problem' in address) {
    const host = address.problem === 'host not found' ? group.name.replace(/:\d+$/, '') : group.name;
    throw new ConfigError(`${address.problem} in upstream "${host}"`, group.place);
  }
  const peer: PeerConfig = { ...address.value, weight: 1, maxConns: 0, maxFails: 1, failTimeout: 10_000, backup: false, down: false };
  group.peers = [peer];
}

function usedBy(location: Location, group: Group): boolean {
  const { content } = location;
  if (content?.kind === 'proxy' && content.target.group === group) return true;
  return [...location.children, ...location.variants].some((inner) => usedBy(inner, group));
}

type Lay = (outer: Settings, own: Own) => Settings;

/** One level over another. Throws ConfigError, at the end of the http block, for buffers that do not fit each other. */
const layer =
  (place: Place | null): Lay =>
  (outer, own) => {
    const { uwsgi, proxy, gzip, ...rest } = own;
    const settings: Settings = {
      ...outer,
      ...rest,
      uwsgi: uwsgi ? { ...outer.uwsgi, ...uwsgi } : outer.uwsgi,
      proxy: proxy ? { ...outer.proxy, ...proxy } : outer.proxy,
      gzip: gzip ? { ...outer.gzip, ...gzip } : outer.gzip,
    };
    if (proxy) checkBuffers('proxy', settings.proxy, place);
    if (uwsgi) checkBuffers('uwsgi', settings.uwsgi, place);
    return settings;
  };

/** nginx's own sentences; sizes that were not given follow from those that were. */
function checkBuffers(family: string, { buffers, bufferSize, busySize }: PassSettings, place: Place | null): void {
  const fail = (text: string) => new ConfigError(text, place);
  if (buffers.count < 2) throw fail(`there must be at least 2 "${family}_buffers"`);
  const largest = Math.max(bufferSize, buffers.size);
  const busy = busySize ?? 2 * largest;
  if (busy < largest) {
    throw fail(
      `"${family}_busy_buffers_size" must be equal to or greater than the maximum of the value of "${family}_buffer_size" and one of the "${family}_buffers"`,
    );
  }
  if (busy > (buffers.count - 1) * buffers.size) {
    throw fail(`"${family}_busy_buffers_size" must be less than the size of all "${family}_buffers" minus one buffer`);
  }
}

function settle(location: Location, outer: Settings, lay: Lay): void {
  location.settings = lay(outer, location.own);
  for (const variant of location.variants) {
    // What answers is taken over from the outside: an if is no place of its own.
    variant.content ??= location.content;
    settle(variant, location.settings, lay);
  }
  for (const child of location.children) settle(child, location.settings, lay);
}

/** Two plain locations of one pattern; inner levels first, then by the pattern, as nginx comes across them. */
function checkDuplicates(location: Location): void {
  for (const child of location.children) checkDuplicates(child);
  const seen = new Set<string>();
  let first: Location | null = null;
  for (const child of location.children) {
    if (child.kind !== 'exact' && child.kind !== 'prefix' && child.kind !== 'noregex') continue;
    const key = `${child.kind === 'exact' ? '=' : ''} ${child.pattern}`;
    if (seen.has(key) && (first === null || child.pattern < first.pattern)) first = child;
    seen.add(key);
  }
  if (first) throw new ConfigError(`duplicate location "${first.pattern}"`, first.place);
}

/** Two servers of one name on one address: the first has it. */
function warnOfConflicts(config: Config, warnings: string[]): void {
  const taken = new Set<string>();
  for (const server of config.servers) {
    for (const { ip, port } of server.listens) {
      const own = new Set<string>();
      for (const name of server.names) {
        if (server.nameRegexes.has(name)) continue;
        const key = `${name} ${ip}:${port}`;
        if (own.has(key) || !taken.has(key)) {
          taken.add(key);
          own.add(key);
        } else warnings.push(`conflicting server name "${name}" on ${ip}:${port}, ignored`);
      }
    }
  }
}

/** The sockets a configuration needs: a port's wildcard address takes in the others. */
export function binds(config: Config): Bind[] {
  const listens = config.servers.flatMap((server) => server.listens);
  const wild = new Set(listens.filter((listen) => listen.ip === '0.0.0.0').map((listen) => listen.port));
  const result = new Map<string, Bind>();
  for (const { ip, port } of listens) {
    const bound = wild.has(port) ? '0.0.0.0' : ip;
    const key = `${bound}:${port}`;
    if (!result.has(key)) result.set(key, { ip: bound, port, backlog: config.backlogs.get(key) ?? 511 });
  }
  return [...result.values()];
}
