/** The blocks that hold others: `http`, `server`, `location`, `limit_except`, `if`, `types`, `map`, and `listen` and names. */
import { parseListen } from '../addresses.ts';
import { finishHttp } from '../finish.ts';
import { loadIdentities } from '../identities.ts';
import type { Listen, Location, LocationKind, Own, Server } from '../model.ts';
import type { Call, Commands, Parser } from '../parser.ts';
import { inside, newLocation, once } from './tools.ts';

async function setHttp(call: Call): Promise<void> {
  const { parser, scope } = call;
  once(call);
  const own: Own = {};
  parser.config.http = own;
  await parser.block({ ...scope, context: 'http', own, seen: new Set() });
  finishHttp(parser.config, own, parser.warnings, parser.place);
  await loadIdentities(parser);
}

async function setServer({ parser, scope }: Call): Promise<void> {
  const location = newLocation('server', parser.place);
  const server: Server = { listens: [], names: [], nameRegexes: new Map(), location, limits: {}, identity: null };
  parser.config.servers.push(server);
  await parser.block({ ...inside(scope, 'server', location), server });
  if (server.listens.length === 0) addListen(parser, server, { ip: '0.0.0.0', port: 80, isDefault: false, ssl: false });
  if (server.names.length === 0) server.names.push('');
}

async function setLocation({ parser, scope, args }: Call): Promise<void> {
  const outer = scope.location;
  if (!outer) return;
  const { kind, pattern, label, ignoreCase } = parseMatch(parser, args);
  const regex = kind === 'regex' ? parser.regex(pattern, ignoreCase) : null;
  checkNesting(parser, outer, kind, pattern);
  const location = newLocation(kind, parser.place, { label, pattern, regex });
  outer.children.push(location);
  await parser.block(inside(scope, 'location', location));
}

interface Match {
  readonly kind: LocationKind;
  readonly pattern: string;
  readonly label: string;
  readonly ignoreCase: boolean;
}

/** `= /x`, `^~ /x`, `~ x`, `~* x`, `@name`, `/x`; the modifier may also stand without a space. */
function parseMatch(parser: Parser, args: readonly string[]): Match {
  const [first = '', second] = args;
  const joined = /^(=|\^~|~\*|~)(.*)$/s.exec(first);
  const modifier = second === undefined ? (joined?.[1] ?? '') : first;
  const pattern = second ?? joined?.[2] ?? first;
  const label = modifier === '' ? pattern : `${modifier} ${pattern}`;
  const kinds: Readonly<Record<string, LocationKind>> = { '=': 'exact', '^~': 'noregex', '~': 'regex', '~*': 'regex' };
  const kind = modifier === '' && second === undefined ? (pattern.startsWith('@') ? 'named' : 'prefix') : kinds[modifier];
  if (kind === undefined) throw parser.error(`invalid location modifier "${modifier}"`);
  return { kind, pattern, label, ignoreCase: modifier === '~*' };
}

function checkNesting(parser: Parser, outer: Location, kind: LocationKind, pattern: string): void {
  if (outer.kind === 'server') return;
  if (outer.kind === 'exact') throw parser.error(`location "${pattern}" cannot be inside the exact location "${outer.pattern}"`);
  if (outer.kind === 'named') throw parser.error(`location "${pattern}" cannot be inside the named location "${outer.pattern}"`);
  if (kind === 'named') throw parser.error(`named location "${pattern}" can be on the server level only`);
  if (kind !== 'regex' && !pattern.startsWith(outer.pattern)) {
    throw parser.error(`location "${pattern}" is outside location "${outer.pattern}"`);
  }
}

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'MKCOL',
  'COPY',
  'MOVE',
  'OPTIONS',
  'PROPFIND',
  'PROPPATCH',
  'LOCK',
  'UNLOCK',
  'PATCH',
];

async function setLimitExcept(call: Call): Promise<void> {
  const { parser, scope, args } = call;
  once(call);
  const outer = scope.location;
  if (!outer) return;
  const methods = new Set<string>();
  for (const arg of args) {
    const method = arg.toUpperCase();
    if (!METHODS.includes(method)) throw parser.error(`invalid method "${arg}"`);
    methods.add(method);
  }
  if (methods.has('GET')) methods.add('HEAD');
  const location = newLocation('limit_except', parser.place, outer);
  outer.variants.push(location);
  outer.limitExcept = { methods, location };
  await parser.block(inside(scope, 'limit_except', location));
}

async function setTypes({ parser, scope }: Call): Promise<void> {
  const types = new Map(scope.own.types);
  scope.own.types = types;
  const lines = ([type = '', ...extensions]: readonly string[]): void => {
    for (const extension of extensions.map((one) => one.toLowerCase())) {
      const before = types.get(extension);
      if (before !== undefined) {
        parser.warn(`duplicate extension "${extension}", content type: "${type}", previous content type: "${before}"`);
      }
      types.set(extension, type);
    }
  };
  await parser.block({ ...scope, lines });
}

function addListen(parser: Parser, server: Server, listen: Listen): void {
  const { ip, port, isDefault } = listen;
  const same = (other: Listen): boolean => other.ip === ip && other.port === port;
  if (server.listens.some(same)) throw parser.error(`a duplicate listen ${ip}:${port}`);
  const others = parser.config.servers.flatMap((other) => other.listens).filter(same);
  if (isDefault && others.some((other) => other.isDefault)) throw parser.error(`a duplicate default server for ${ip}:${port}`);
  server.listens.push(listen);
}

/** Options with a value of their own that are checked and otherwise have no meaning here. */
const IGNORED =
  /^(bind|deferred|reuseport|ipv6only=(on|off)|so_keepalive=(on|off|\d+[smhd]?(:(\d+[smhd]?)?(:\d*)?)?|:(\d+[smhd]?)?(:\d*)?)|fastopen=\d+|(rcv|snd)buf=\d+[kKmM]?)$/;

function setListen({ parser, scope, args }: Call): void {
  const [text = '', ...options] = args;
  if (text.startsWith('unix:')) throw parser.refusal(`this sandbox's nginx listens on TCP ports only, not on "${text}",`);
  const address = parseListen(text);
  if ('problem' in address) throw parser.error(`${address.problem} in "${text}" of the "listen" directive`);
  let isDefault = false;
  let backlog: number | null = null;
  let special = false;
  let ssl = false;
  for (const option of options) {
    if (option === 'default_server' || option === 'default') isDefault = true;
    else if (option.startsWith('backlog=')) {
      backlog = /^\d+$/.test(option.slice(8)) ? Number(option.slice(8)) : 0;
      if (backlog === 0) throw parser.error(`invalid backlog "${option}"`);
    } else if (option === 'ssl') ssl = true;
    else if (option === 'http2' || option === 'proxy_protocol' || option === 'spdy') {
      throw parser.refusal(`this sandbox's nginx does not have the "${option}" parameter of "listen" yet,`);
    } else if (IGNORED.test(option)) special = true;
    else throw badOption(parser, option);
  }
  const { server } = scope;
  if (!server || address.value === null) return;
  const { ip, port } = address.value;
  addListen(parser, server, { ip, port, isDefault, ssl });
  if (backlog === null && !special) return;
  const key = `${ip}:${port}`;
  if (parser.config.backlogs.has(key)) throw parser.error(`duplicate listen options for ${key}`);
  parser.config.backlogs.set(key, backlog ?? 511);
}

function badOption(parser: Parser, option: string): Error {
  const named = /^(fastopen|rcvbuf|sndbuf)=/.exec(option);
  if (named) return parser.error(`invalid ${named[1]} "${option}"`);
  if (option.startsWith('so_keepalive=')) return parser.error(`invalid so_keepalive value: "${option.slice(13)}"`);
  return parser.error(`invalid parameter "${option}"`);
}

function setServerName({ parser, scope, args }: Call): void {
  for (const name of args) {
    if ((name.startsWith('*') && (name.length < 3 || name[1] !== '.')) || name === '.') {
      throw parser.error(`server name "${name}" is invalid`);
    }
    if (name.includes('/')) parser.warn(`server name "${name}" has suspicious symbols`);
    if (name === '~') throw parser.error(`empty regex in server name "${name}"`);
    if (name.startsWith('~')) {
      // The real nginx ignores case as soon as the pattern has a capital letter.
      scope.server?.nameRegexes.set(name.slice(1), parser.regex(name.slice(1), /[A-Z]/.test(name)));
      scope.server?.names.push(name.slice(1));
    } else scope.server?.names.push(name.toLowerCase() === '$hostname' ? 'localhost' : name.toLowerCase());
  }
}

export const BLOCKS: Commands = {
  http: { does: 'Everything about the web server stands in this block.', set: setHttp },
  events: {
    does: 'Has to be there; the settings in it have no effect here.',
    set: async (call) => {
      const { parser, scope } = call;
      once(call);
      parser.config.hasEvents = true;
      await parser.block({ ...scope, context: 'events', seen: new Set() });
    },
  },
  server: { does: 'A site: what answers on some ports under some names.', set: setServer },
  listen: { does: 'A TCP address and port; of its parameters default_server, ssl and backlog matter here.', set: setListen },
  server_name: { does: 'The names of a site: exact, with a wildcard at one end, or patterns after ~.', set: setServerName },
  location: { does: 'What holds for some paths: exact (=), by beginning (also ^~), by pattern (~, ~*), or named (@).', set: setLocation },
  limit_except: { does: 'What holds for all methods but those it names.', set: setLimitExcept },
  types: { does: 'Which ending of a path stands for which content type.', set: setTypes },
};
