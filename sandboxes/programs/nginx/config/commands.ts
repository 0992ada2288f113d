/** The directives this nginx has: where each may stand, how many arguments it takes and what it does. */
import { template } from '../variables.ts';
import { parseListen, parseUpstream } from './addresses.ts';
import { setLocation, setServer } from './blocks.ts';
import { finishHttp } from './finish.ts';
import type { LogLevel, Settings } from './model.ts';
import { NO_EFFECT } from './no-effect.ts';
import type { Command, Context, Parser, Scope } from './parser.ts';
import { parseNumber, parseSize, parseTime } from './values.ts';

const HTTP: readonly Context[] = ['http', 'server', 'location'];
const MANY = Number.POSITIVE_INFINITY;
const LEVELS: readonly string[] = ['debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg'];

/** Nginx takes most directives once on a level. */
function once(parser: Parser, scope: Scope, name: string): void {
  if (scope.seen.has(name)) throw parser.error(`"${name}" directive is duplicate`);
  scope.seen.add(name);
}

/** A directive of http, server and location that sets one setting from one argument. */
function setting<K extends keyof Settings>(key: K, parse: (text: string) => Settings[K] | null, flag = false): Command {
  return {
    contexts: HTTP,
    args: [1, 1],
    flag,
    set: (parser, scope, args, name) => {
      once(parser, scope, name);
      const value = parse(args[0] ?? '');
      if (value === null) throw parser.error(`"${name}" directive invalid value`);
      scope.own[key] = value;
    },
  };
}

const isOn = (text: string): boolean => text.toLowerCase() === 'on';

function block(contexts: readonly Context[], set: (parser: Parser, scope: Scope) => Promise<void>): Command {
  return { contexts, args: [0, 0], block: true, set };
}

function setRoot(parser: Parser, scope: Scope, args: readonly string[], name: string): void {
  const other = name === 'root' ? 'alias' : 'root';
  if (scope.seen.has(name)) throw parser.error(`"${name}" directive is duplicate`);
  if (scope.seen.has(other)) throw parser.error(`"${name}" directive is duplicate, "${other}" directive was specified earlier`);
  scope.seen.add(name);
  const text = args[0] ?? '';
  scope.own.root = template(name === 'root' ? text.replace(/\/+$/, '') : text, parser.config.variables);
  scope.own.alias = name === 'alias';
}

function setAccessLog(parser: Parser, scope: Scope, args: readonly string[]): void {
  const [path = '', format = 'combined'] = args;
  if (path === 'off') {
    scope.own.accessLogs = [];
    return;
  }
  if (path.startsWith('syslog:') || path.includes('$'))
    throw parser.refusal(`this sandbox's nginx logs to files with fixed names only, not to "${path}",`);
  const compiled = parser.config.logFormats.get(format);
  if (!compiled) throw parser.error(`unknown log format "${format}"`);
  for (const option of args.slice(2)) if (!/^(buffer|flush|gzip)(=|$)/.test(option)) throw parser.error(`invalid parameter "${option}"`);
  const before = scope.seen.has('access_log') ? (scope.own.accessLogs ?? []) : [];
  scope.seen.add('access_log');
  scope.own.accessLogs = [...before, { path, format: compiled }];
}

function setErrorLog(parser: Parser, scope: Scope, args: readonly string[]): void {
  const [path = '', level = 'error'] = args;
  if (!isLevel(level)) throw parser.error(`invalid log level "${level}"`);
  const log = { path: path === 'stderr' ? null : path, level };
  if (scope.context === 'main') {
    parser.config.errorLogs.push(log);
    return;
  }
  const before = scope.seen.has('error_log') ? (scope.own.errorLogs ?? []) : [];
  scope.seen.add('error_log');
  scope.own.errorLogs = [...before, log];
}

const isLevel = (text: string): text is LogLevel => LEVELS.includes(text);

function setListen(parser: Parser, scope: Scope, args: readonly string[]): void {
  const [text = '', ...options] = args;
  if (text.startsWith('unix:')) throw parser.refusal(`this sandbox's nginx listens on TCP ports only, not on "${text}",`);
  const address = parseListen(text);
  if ('problem' in address) throw parser.error(`${address.problem} in "${text}" of the "listen" directive`);
  let isDefault = false;
  let backlog = 511;
  for (const option of options) {
    const size = /^backlog=(\d+)$/.exec(option);
    if (option === 'default_server' || option === 'default') isDefault = true;
    else if (size) backlog = Number(size[1]);
    else if (option === 'ssl' || option === 'http2' || option === 'proxy_protocol') {
      throw parser.refusal(`this sandbox's nginx does not have the "${option}" parameter of "listen" yet,`);
    } else if (!/^(bind|deferred|reuseport|ipv6only=(on|off)|so_keepalive=.+|fastopen=\d+|rcvbuf=.+|sndbuf=.+)$/.test(option)) {
      throw parser.error(`invalid parameter "${option}"`);
    }
  }
  const server = scope.server;
  if (!server || address.value === null) return;
  const { ip, port } = address.value;
  if (server.listens.some((listen) => listen.ip === ip && listen.port === port)) throw parser.error(`a duplicate listen ${ip}:${port}`);
  const others = parser.config.servers.flatMap((other) => other.listens);
  if (isDefault && others.some((listen) => listen.ip === ip && listen.port === port && listen.isDefault)) {
    throw parser.error(`a duplicate default server for ${ip}:${port}`);
  }
  server.listens.push({ ip, port, isDefault, backlog });
}

function setReturn(parser: Parser, scope: Scope, args: readonly string[]): void {
  if (scope.handlers.return) return;
  const [first = '', second] = args;
  if (second === undefined && /^(https?:\/\/|\$scheme)/.test(first)) {
    scope.handlers.return = { code: 302, text: template(first, parser.config.variables) };
    return;
  }
  if (!/^\d{1,3}$/.test(first)) throw parser.error(`invalid return code "${first}"`);
  scope.handlers.return = { code: Number(first), text: second === undefined ? null : template(second, parser.config.variables) };
}

function setTryFiles(parser: Parser, scope: Scope, args: readonly string[]): void {
  once(parser, scope, 'try_files');
  const last = args.at(-1) ?? '';
  const files = args.slice(0, -1).map((text) => {
    const directory = text.endsWith('/');
    return { path: template(directory ? text.slice(0, -1) : text, parser.config.variables), directory };
  });
  if (last.startsWith('=')) {
    if (!/^=\d{3}$/.test(last)) throw parser.error(`invalid code "${last}"`);
    scope.handlers.tryFiles = { files, last: { code: Number(last.slice(1)) } };
  } else if (last.startsWith('@')) scope.handlers.tryFiles = { files, last: { named: last } };
  else scope.handlers.tryFiles = { files, last: { uri: template(last, parser.config.variables) } };
}

function setUwsgiPass(parser: Parser, scope: Scope, args: readonly string[]): void {
  if (scope.handlers.uwsgiPass) throw parser.error('"uwsgi_pass" directive is duplicate');
  const [text = ''] = args;
  if (text.includes('$')) throw parser.refusal(`this sandbox's nginx takes no variables in "uwsgi_pass",`);
  const upstream = parseUpstream(text);
  if ('problem' in upstream) throw parser.error(`${upstream.problem} in upstream "${text}"`);
  scope.handlers.uwsgiPass = upstream.value;
}

function setUwsgiParam(parser: Parser, scope: Scope, args: readonly string[]): void {
  const [name = '', value = '', option] = args;
  if (option !== undefined && option !== 'if_not_empty') throw parser.error(`invalid parameter "${option}"`);
  const param = { name, value: template(value, parser.config.variables), ifNotEmpty: option !== undefined };
  scope.own.uwsgiParams = [...(scope.own.uwsgiParams ?? []), param];
}

function setWorkers(parser: Parser, scope: Scope, args: readonly string[]): void {
  once(parser, scope, 'worker_processes');
  // `auto` is one worker a core: a browser tab is counted as one core.
  const count = args[0] === 'auto' ? 1 : parseNumber(args[0] ?? '');
  if (count === null || count === 0) throw parser.error('"worker_processes" directive invalid value');
  parser.config.workers = count;
}

async function setHttp(parser: Parser, scope: Scope): Promise<void> {
  once(parser, scope, 'http');
  const own: Partial<Settings> = {};
  parser.config.http = own;
  await parser.block({ context: 'http', own, handlers: {}, server: null, location: null, seen: new Set() });
  finishHttp(parser.config, own);
}

async function setEvents(parser: Parser, scope: Scope): Promise<void> {
  once(parser, scope, 'events');
  parser.config.hasEvents = true;
  await parser.block({ ...scope, context: 'events', seen: new Set() });
}

async function setTypes(parser: Parser, scope: Scope): Promise<void> {
  scope.own.types ??= new Map();
  await parser.block({ ...scope, context: 'types' });
}

function setLogFormat(parser: Parser, _scope: Scope, args: readonly string[]): void {
  const [name = '', ...texts] = args;
  if (parser.config.logFormats.has(name)) throw parser.error(`duplicate "log_format" name "${name}"`);
  const parts = texts.filter((text) => !text.startsWith('escape='));
  parser.config.logFormats.set(name, template(parts.join(''), parser.config.variables, 'log'));
}

export const COMMANDS: Readonly<Record<string, Command>> = {
  ...NO_EFFECT,
  include: {
    contexts: ['main', 'events', 'http', 'server', 'location', 'types'],
    args: [1, 1],
    set: (parser, scope, [pattern = '']) => parser.include(pattern, scope),
  },
  user: {
    contexts: ['main'],
    args: [1, 2],
    set: (parser, scope, [name = '', group = name]) => {
      once(parser, scope, 'user');
      parser.config.user = { name, group };
    },
  },
  worker_processes: { contexts: ['main'], args: [1, 1], set: setWorkers },
  pid: {
    contexts: ['main'],
    args: [1, 1],
    set: (parser, scope, [path = '']) => {
      once(parser, scope, 'pid');
      parser.config.pid = path;
    },
  },
  daemon: {
    contexts: ['main'],
    args: [1, 1],
    flag: true,
    set: (parser, scope, [value = '']) => {
      once(parser, scope, 'daemon');
      parser.config.daemon = isOn(value);
    },
  },
  error_log: { contexts: ['main', ...HTTP], args: [1, 2], set: setErrorLog },
  events: block(['main'], setEvents),
  http: block(['main'], setHttp),
  server: block(['http'], setServer),
  listen: { contexts: ['server'], args: [1, MANY], set: setListen },
  server_name: {
    contexts: ['server'],
    args: [1, MANY],
    set: (_parser, scope, names) => {
      scope.server?.names.push(...names.map((name) => (name.startsWith('~') ? name : name.toLowerCase())));
    },
  },
  location: { contexts: ['server', 'location'], args: [1, 2], block: true, set: setLocation },
  root: { contexts: HTTP, args: [1, 1], set: setRoot },
  alias: { contexts: ['location'], args: [1, 1], set: setRoot },
  index: {
    contexts: HTTP,
    args: [1, MANY],
    set: (_parser, scope, names) => {
      scope.own.index = [...(scope.seen.has('index') ? (scope.own.index ?? []) : []), ...names];
      scope.seen.add('index');
    },
  },
  try_files: { contexts: ['server', 'location'], args: [2, MANY], set: setTryFiles },
  return: { contexts: ['server', 'location'], args: [1, 2], set: setReturn },
  uwsgi_pass: { contexts: ['location'], args: [1, 1], set: setUwsgiPass },
  uwsgi_param: { contexts: HTTP, args: [2, 3], set: setUwsgiParam },
  uwsgi_read_timeout: setting('uwsgiReadTimeout', parseTime),
  uwsgi_connect_timeout: setting('uwsgiConnectTimeout', parseTime),
  uwsgi_buffering: setting('uwsgiBuffering', isOn, true),
  access_log: { contexts: HTTP, args: [1, MANY], set: setAccessLog },
  log_format: { contexts: ['http'], args: [2, MANY], set: setLogFormat },
  types: block(HTTP, setTypes),
  default_type: setting('defaultType', (text) => text),
  client_max_body_size: setting('maxBody', parseSize),
  keepalive_timeout: {
    contexts: HTTP,
    args: [1, 2],
    set: (parser, scope, [text = '']) => {
      once(parser, scope, 'keepalive_timeout');
      const value = parseTime(text);
      if (value === null) throw parser.error('"keepalive_timeout" directive invalid value');
      scope.own.keepaliveTimeout = value;
    },
  },
  keepalive_requests: setting('keepaliveRequests', parseNumber),
  server_tokens: setting('serverTokens', (text) => (/^(on|off|build)$/.test(text) ? text !== 'off' : null)),
};

/** The text of nginx's own access log format. */
export const COMBINED = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
