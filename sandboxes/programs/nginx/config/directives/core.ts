/** The main level, and how answers from files and to all requests are made. */
import type { ErrorPage, Expires, Limits } from '../model.ts';
import type { Call, Command, Commands } from '../parser.ts';
import { parseNumber, parseTime } from '../values.ts';
import { amount, compile, flag, once, text, word } from './tools.ts';

function setWorkers(call: Call): void {
  once(call);
  const { parser, args } = call;
  // `auto` is one worker a core: a browser tab is counted as one core.
  const count = args[0] === 'auto' ? 1 : parseNumber(args[0] ?? '');
  if (count === null) throw parser.error('"worker_processes" directive invalid value');
  parser.config.workers = count;
}

function setRoot({ parser, scope, args, name }: Call): void {
  const alias = name === 'alias';
  const other = alias ? 'root' : 'alias';
  if (scope.seen.has(name)) throw parser.error(`"${name}" directive is duplicate`);
  if (scope.seen.has(other)) throw parser.error(`"${name}" directive is duplicate, "${other}" directive was specified earlier`);
  scope.seen.add(name);
  const kind = scope.location?.kind;
  if (alias && kind === 'named') throw parser.error('the "alias" directive cannot be used inside the named location');
  const [path = ''] = args;
  for (const variable of ['document_root', 'realpath_root']) {
    if (path.includes(`$${variable}`) || path.includes(`\${${variable}}`)) {
      throw parser.error(`the $${variable} variable cannot be used in the "${name}" directive`);
    }
  }
  const cut = alias ? path : path.replace(/\/$/, '');
  scope.own.root = compile({ parser }, /^[/$]/.test(cut) || cut === '' ? cut : `/usr/share/nginx/${cut}`);
  scope.own.alias = alias ? (kind === 'regex' ? Number.POSITIVE_INFINITY : (scope.location?.pattern.length ?? 0)) : 0;
}

function setIndex({ parser, scope, args }: Call): void {
  const before = scope.seen.has('index') ? (scope.own.index ?? []) : [];
  scope.seen.add('index');
  args.forEach((name, i) => {
    if (name === '') throw parser.error('index "" in "index" directive is invalid');
    if (name.startsWith('/') && i !== args.length - 1) parser.warn('only the last index in "index" directive should be absolute');
  });
  scope.own.index = [...before, ...args.map((name) => compile({ parser }, name))];
}

function setTryFiles(call: Call): void {
  once(call);
  const { parser, scope, args } = call;
  const last = args.at(-1) ?? '';
  const files = args.slice(0, -1).map((path) => {
    const directory = path.endsWith('/');
    return { path: compile(call, directory ? path.slice(0, -1) : path), directory };
  });
  const { location } = scope;
  if (!location) return;
  if (last.startsWith('=')) {
    const code = parseNumber(last.slice(1));
    if (code === null || code > 999) throw parser.error(`invalid code "${last}"`);
    location.tryFiles = { files, last: { code } };
  } else if (last.startsWith('@')) location.tryFiles = { files, last: { named: last } };
  else location.tryFiles = { files, last: { uri: compile(call, last) } };
}

function setErrorPage(call: Call): void {
  const { parser, scope, args } = call;
  const invalid = (value: string) => parser.error(`invalid value "${value}"`);
  const before = args.at(-2) ?? '';
  const equals = before.startsWith('=');
  if (equals && args.length === 2) throw invalid(before);
  const overwrite = equals ? (before === '=' ? 0 : parseNumber(before.slice(1))) : null;
  if (equals && overwrite === null) throw invalid(before);
  const page: ErrorPage = { target: compile(call, args.at(-1) ?? ''), overwrite };
  const pages = new Map(scope.own.errorPages);
  for (const code of args.slice(0, equals ? -2 : -1)) {
    const status = parseNumber(code);
    if (status === null || status === 499) throw invalid(code);
    if (status < 300 || status > 599) throw parser.error(`value "${code}" must be between 300 and 599`);
    // The first line for a status counts; 494 to 497 are kinds of 400.
    const own = overwrite === null && status >= 494 && status <= 497 ? { ...page, overwrite: 400 } : page;
    if (!pages.has(status)) pages.set(status, own);
  }
  scope.own.errorPages = pages;
}

function setAddHeader(call: Call): void {
  const { parser, scope, args } = call;
  const [name = '', value = '', option] = args;
  if (option !== undefined && option !== 'always') throw parser.error(`invalid parameter "${option}"`);
  scope.own.headers = [...(scope.own.headers ?? []), { name, value: compile(call, value), always: option !== undefined }];
}

function setExpires(call: Call): void {
  once(call);
  const { parser, scope, args } = call;
  const [first = '', second] = args;
  if (first.includes('$')) throw parser.refusal('this sandbox\'s nginx takes no variables in "expires",');
  scope.own.expires = readExpires(call, first, second);
}

function readExpires({ parser, args }: Call, first: string, second: string | undefined): Expires {
  const invalid = () => parser.error('"expires" directive invalid value');
  if (args.length === 1) {
    if (first === 'off') return null;
    if (first === 'epoch' || first === 'max') return { kind: first };
  } else if (first !== 'modified') throw invalid();
  const given = second ?? first;
  const daily = given.startsWith('@');
  if (daily && second !== undefined) throw parser.error('"expires" directive daily time cannot be used with "modified" parameter');
  const sign = given.startsWith('-') ? -1 : 1;
  const time = parseTime(given.replace(/^[@+-]/, ''));
  if (time === null) throw invalid();
  if (daily && time > 86_400_000) throw parser.error('"expires" directive daily time value must be less than 24 hours');
  return { kind: daily ? 'daily' : second === undefined ? 'access' : 'modified', seconds: (sign * time) / 1000 };
}

function setKeepalive(call: Call): void {
  once(call);
  const { parser, scope, args } = call;
  const value = parseTime(args[0] ?? '');
  if (value === null) throw parser.error('"keepalive_timeout" directive invalid value');
  scope.own.keepaliveTimeout = value;
  if (args[1] === undefined) return;
  const header = parseTime(args[1]);
  if (header === null) throw parser.error('"keepalive_timeout" directive invalid value');
  scope.own.keepaliveHeader = header / 1000;
}

/** A directive of http and server about reading heads. */
const limit = (key: keyof Limits, does: string): Command => ({
  does,
  set: ({ scope, parser, value }) => void Object.assign(scope.server?.limits ?? parser.config.limits, { [key]: value }),
});

export const CORE: Commands = {
  include: {
    does: 'The content of other files, by name or by pattern; relative to the main file.',
    set: ({ parser, scope, args }) => parser.include(args[0] ?? '', scope),
  },
  user: {
    does: 'The user and group of the workers.',
    set: async (call) => {
      once(call);
      const { parser } = call;
      const [name = '', group = name] = call.args;
      if (!(await parser.knows('user', name))) throw parser.error(`getpwnam("${name}") failed`);
      if (!(await parser.knows('group', group))) throw parser.error(`getgrnam("${group}") failed`);
      parser.config.user = { name, group };
    },
  },
  worker_processes: { does: 'How many workers there are; auto is one here.', set: setWorkers },
  pid: {
    does: "The file with the master's process number.",
    set: ({ parser, args }) => {
      parser.config.pid = args[0] ?? '';
    },
  },
  daemon: {
    does: 'Whether the master goes to the background.',
    set: ({ parser, value }) => {
      parser.config.daemon = value === true;
    },
  },
  master_process: {
    does: 'Whether there is a master with workers; here there always is.',
    set: ({ parser, value }) => {
      if (value !== true) throw parser.refusal('this sandbox\'s nginx always has a master: "master_process off" is not here,');
    },
  },
  root: { does: 'The directory that paths are looked up in.', set: setRoot },
  alias: { does: 'The directory that stands for what the location matched.', set: setRoot },
  index: { does: 'Files looked for in a directory.', set: setIndex },
  try_files: { does: 'The first path that is there, else a last resort.', set: setTryFiles },
  internal: {
    does: 'A location that only redirects inside nginx reach; 404 for everybody else.',
    set: (call) => {
      once(call);
      call.scope.own.internal = true;
    },
  },
  error_page: { does: 'What is answered in place of an error.', set: setErrorPage },
  recursive_error_pages: flag('recursiveErrorPages', 'Whether an error on the way to an error page leads to another one.'),
  log_not_found: flag('logNotFound', 'Whether missing files are written to the error log.'),
  default_type: text('defaultType', 'The content type of paths whose ending is in no types block.'),
  charset: {
    does: 'Added to the content type of texts; nothing is converted.',
    set: (call) => {
      once(call);
      const [name = ''] = call.args;
      if (name.includes('$')) throw call.parser.refusal('this sandbox\'s nginx takes no variables in "charset",');
      call.scope.own.charset = name === 'off' ? null : name;
    },
  },
  etag: flag('etag', 'Whether files have an ETag.'),
  if_modified_since: word('ifModifiedSince', ['off', 'exact', 'before'], 'How If-Modified-Since is compared.'),
  max_ranges: amount('maxRanges', 'How many ranges of a file one request may ask for; 0 switches ranges off.'),
  add_header: { does: 'A header on answers that are no errors; on all with always.', set: setAddHeader },
  expires: { does: 'Expires and Cache-Control for browsers.', set: setExpires },
  autoindex: flag('autoindex', 'A list of files for a directory without an index file.'),
  autoindex_exact_size: flag('autoindexExactSize', 'Sizes in that list to the byte.'),
  absolute_redirect: flag('absoluteRedirect', 'Whether redirects name scheme and host.'),
  port_in_redirect: flag('portInRedirect', 'Whether redirects name the port.'),
  server_name_in_redirect: flag('serverNameInRedirect', "Whether redirects name the server's first name instead of the one asked for."),
  chunked_transfer_encoding: flag('chunked', 'Whether answers of unknown length go out in chunks.'),
  client_max_body_size: amount('maxBody', 'The largest request body; more is a 413.'),
  client_body_timeout: amount('bodyTimeout', 'How long nginx waits for the next piece of a request body; then 408.'),
  send_timeout: amount('sendTimeout', 'How long nginx waits for a client to take the next piece of an answer.'),
  keepalive_timeout: { does: 'How long an idle connection stays open.', set: setKeepalive },
  keepalive_requests: amount('keepaliveRequests', 'How many requests one connection may carry.'),
  keepalive_time: amount('keepaliveTime', 'How long a connection may be used.'),
  lingering_timeout: amount('lingeringTimeout', 'How long nginx waits for more input before it closes a connection.'),
  lingering_time: amount('lingeringTime', 'How long nginx takes input at the most before it closes a connection.'),
  server_tokens: word('serverTokens', ['on', 'off', 'build'], 'Whether the version is named in headers and error pages.'),
  client_header_timeout: limit('headerTimeout', "How long nginx waits for a request's head."),
  client_header_buffer_size: limit('headerBuffer', "The first buffer for a request's head."),
  large_client_header_buffers: limit('headerBuffers', 'Further buffers for a head; a line that fits in none is a 414 or 400.'),
  merge_slashes: limit('mergeSlashes', 'Whether // in a path counts as /.'),
  ignore_invalid_headers: limit('ignoreInvalidHeaders', 'Whether header lines with odd names are dropped.'),
  underscores_in_headers: limit('underscores', 'Whether an underscore in a header name is allowed.'),
};
