/** uwsgi_* and proxy_*: two families with nearly the same members. */
import { parsePass } from '../addresses.ts';
import type { Own } from '../model.ts';
import type { Call, Command, Commands } from '../parser.ts';
import type { NextCase, PassSettings, Redirect } from '../pass-model.ts';
import type { Group, Target } from '../upstream-model.ts';
import { compile, once } from './tools.ts';

export type Family = 'uwsgi' | 'proxy';

function put(own: Own, family: Family, more: Partial<PassSettings>): void {
  own[family] = { ...own[family], ...more };
}

/** A member whose value comes from nginx's general readers. */
const plain = (family: Family, key: keyof PassSettings, does: string): Command => ({
  does,
  set: ({ scope, value }) => put(scope.own, family, { [key]: value }),
});

const NEXT: readonly string[] = [
  'error',
  'timeout',
  'invalid_header',
  'non_idempotent',
  'updating',
  'off',
  'http_500',
  'http_502',
  'http_503',
  'http_504',
  'http_403',
  'http_404',
  'http_429',
];
const isNext = (word: string): word is NextCase => NEXT.includes(word);

function setNext(family: Family): Command['set'] {
  return ({ parser, scope, args, name }) => {
    const before = scope.seen.has(name) ? [...(scope.own[family]?.next ?? [])] : [];
    scope.seen.add(name);
    // uWSGI and its kin have no 502 and 504 of their own.
    const known = (word: string): word is NextCase => isNext(word) && !(family === 'uwsgi' && /^http_50[24]$/.test(word));
    const wrong = args.find((word) => !known(word));
    if (wrong !== undefined) throw parser.error(`invalid value "${wrong}"`);
    put(scope.own, family, { next: new Set([...before, ...args.filter(known)]) });
  };
}

function setParam(call: Call): void {
  const { parser, scope, args } = call;
  const [name = '', value = '', option] = args;
  if (option !== undefined && option !== 'if_not_empty') throw parser.error(`invalid parameter "${option}"`);
  const param = { name, value: compile(call, value), ifNotEmpty: option !== undefined };
  put(scope.own, 'uwsgi', { params: [...(scope.own.uwsgi?.params ?? []), param] });
}

function setHeader(call: Call): void {
  const { scope, args } = call;
  const [name = '', value = ''] = args;
  const param = { name, value: compile(call, value), ifNotEmpty: true };
  put(scope.own, 'proxy', { params: [...(scope.own.proxy?.params ?? []), param] });
}

/** The group that an address names: one of the configuration, or one of its own that is filled when the http block ends. */
function groupOf({ parser }: Call, address: string): Group {
  const known = parser.config.groups.get(address.toLowerCase());
  if (known) return known;
  const group: Group = { name: address, place: parser.place, explicit: false, peers: [], method: { kind: 'round-robin' } };
  parser.config.groups.set(address.toLowerCase(), group);
  return group;
}

function setPass(family: Family): Command['set'] {
  return (call) => {
    once(call);
    const { parser, scope, args } = call;
    const [url = ''] = args;
    const { location } = scope;
    if (!location) return;
    const target = family === 'uwsgi' ? uwsgiTarget(call, url) : proxyTarget(call, url);
    location.content = { kind: family, target };
    if (location.pattern.endsWith('/') && (location.kind === 'prefix' || location.kind === 'noregex' || location.kind === 'exact')) {
      location.autoRedirect = true;
    }
    if (target.uri === null || target.address !== null) return;
    if (location.kind === 'regex' || location.kind === 'named' || location.kind === 'if' || location.kind === 'limit_except') {
      const where =
        'location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block';
      throw parser.error(`"proxy_pass" cannot have URI part in ${where}`);
    }
  };
}

function uwsgiTarget(call: Call, given: string): Target {
  const url = given.replace(/^uwsgi:\/\//i, '');
  if (/^suwsgi:\/\//i.test(given)) throw call.parser.refusal("this sandbox's nginx does not have uwsgi over TLS,");
  if (url.includes('$')) return { group: null, address: compile(call, url), uri: null, uriIsFixed: false, host: url };
  const parsed = parsePass(url, false);
  if ('problem' in parsed) throw call.parser.error(`${parsed.problem} in upstream "${url}"`);
  return { group: groupOf(call, url), address: null, uri: null, uriIsFixed: false, host: url };
}

function proxyTarget(call: Call, url: string): Target {
  const { parser } = call;
  if (url.includes('$')) return { group: null, address: compile(call, url), uri: null, uriIsFixed: false, host: '' };
  if (/^https:\/\//i.test(url)) throw parser.refusal("this sandbox's nginx does not have proxy_pass over TLS,");
  if (!/^http:\/\//i.test(url)) throw parser.error('invalid URL prefix');
  const rest = url.slice(7);
  const parsed = parsePass(rest, true);
  if ('problem' in parsed) throw parser.error(`${parsed.problem} in upstream "${rest}"`);
  const { address, uri } = parsed.value;
  const host = address.startsWith('unix:') ? 'localhost' : address;
  return { group: groupOf(call, address), address: null, uri: uri === '' ? null : () => uri, uriIsFixed: true, host };
}

function setRedirect(call: Call): void {
  const { parser, scope, args, name } = call;
  const [from = '', to] = args;
  const before = scope.seen.has(name) ? (scope.own.proxy?.redirects ?? []) : [];
  scope.seen.add(name);
  if (to === undefined) {
    if (from === 'default') {
      const { content } = scope.location ?? {};
      if (content?.kind !== 'proxy') throw parser.error('"proxy_redirect default" should be placed after the "proxy_pass" directive');
      if (content.target.address) throw parser.error('"proxy_redirect default" cannot be used with "proxy_pass" directive with variables');
      put(scope.own, 'proxy', { redirects: null });
      return;
    }
    if (from !== 'off' && from !== 'false') throw parser.error(`invalid parameter "${from}"`);
    put(scope.own, 'proxy', { redirects: [] });
    return;
  }
  const redirect: Redirect = {
    from: from.startsWith('~') ? parser.regex(from.replace(/^~\*?/, ''), from.startsWith('~*')) : compile(call, from),
    to: compile(call, to),
  };
  put(scope.own, 'proxy', { redirects: [...before, redirect] });
}

function list(family: Family, key: 'hide' | 'pass', does: string): Command {
  return {
    does,
    set: ({ scope, args }) => put(scope.own, family, { [key]: [...(scope.own[family]?.[key] ?? []), (args[0] ?? '').toLowerCase()] }),
  };
}

const IGNORABLE = [
  'X-Accel-Redirect',
  'X-Accel-Expires',
  'X-Accel-Limit-Rate',
  'X-Accel-Buffering',
  'X-Accel-Charset',
  'Expires',
  'Cache-Control',
  'Set-Cookie',
  'Vary',
];

function setIgnore(family: Family): Command['set'] {
  return ({ parser, scope, args }) => {
    const wrong = args.find((arg) => !IGNORABLE.some((name) => name.toLowerCase() === arg.toLowerCase()));
    if (wrong !== undefined) throw parser.error(`invalid value "${wrong}"`);
    const before = scope.own[family]?.ignore ?? [];
    put(scope.own, family, { ignore: new Set([...before, ...args.map((arg) => arg.toLowerCase())]) });
  };
}

/** The members both families have. */
function shared(family: Family): Commands {
  const who = family === 'uwsgi' ? 'the uwsgi server' : 'the server behind';
  const members: Commands = {
    pass: { does: `Hands requests to ${who}: an address, a Unix socket or an upstream group.`, set: setPass(family) },
    connect_timeout: plain(family, 'connectTimeout', 'How long a connection may take; then 504.'),
    send_timeout: plain(family, 'sendTimeout', `How long ${who} may take none of the request; then 504.`),
    read_timeout: plain(family, 'readTimeout', `How long ${who} may stay silent; then 504.`),
    buffering: plain(family, 'buffering', 'Whether nginx reads ahead of a slow client.'),
    request_buffering: plain(family, 'requestBuffering', "Whether a request's body is read whole before it is passed on."),
    buffer_size: plain(family, 'bufferSize', 'The buffer for the head of an answer; a larger head is a 502.'),
    buffers: plain(family, 'buffers', 'How much of an answer nginx reads ahead.'),
    busy_buffers_size: plain(family, 'busySize', 'Checked against the other buffers, without an effect of its own.'),
    next_upstream: { does: 'After which failures the next server of the group is tried.', set: setNext(family) },
    next_upstream_tries: plain(family, 'nextTries', 'How many servers are tried; 0 is all.'),
    next_upstream_timeout: plain(family, 'nextTimeout', 'How long servers are tried; 0 is without end.'),
    hide_header: list(family, 'hide', 'A header of the answer that is not passed on.'),
    pass_header: list(family, 'pass', 'A header of the answer that is passed on although nginx would keep it.'),
    ignore_headers: {
      does: 'Headers of the answer that nginx does not obey. Of the X-Accel ones it obeys Redirect and Buffering only.',
      set: setIgnore(family),
    },
    intercept_errors: plain(family, 'intercept', 'Whether error_page also counts for errors that the answer brings.'),
    ignore_client_abort: plain(family, 'ignoreAbort', 'Whether the request goes on when the client has gone.'),
    pass_request_headers: plain(family, 'passHeaders', "Whether the client's headers are passed on."),
    pass_request_body: plain(family, 'passBody', 'Whether the body is passed on.'),
  };
  return Object.fromEntries(Object.entries(members).map(([name, command]) => [`${family}_${name}`, command]));
}

const modifier = (key: 'modifier1' | 'modifier2'): Command => ({
  does: 'A byte in the head of the uwsgi packet, which selects a plugin.',
  set: ({ scope, parser, value }) => {
    if (typeof value !== 'number' || value > 255) throw parser.error('value must be between 0 and 255');
    put(scope.own, 'uwsgi', { [key]: value });
  },
});

export const PASS: Commands = {
  ...shared('uwsgi'),
  ...shared('proxy'),
  uwsgi_param: { does: 'A variable for the application, as in a WSGI environ.', set: setParam },
  uwsgi_modifier1: modifier('modifier1'),
  uwsgi_modifier2: modifier('modifier2'),
  proxy_set_header: { does: 'A header of the request that is passed on; an empty one is left out.', set: setHeader },
  proxy_http_version: {
    does: 'The HTTP version spoken to the server behind: 1.0 or 1.1.',
    set: (call) => {
      once(call);
      const minor = ['1.0', '1.1'].indexOf(call.args[0] ?? '');
      if (minor < 0) throw call.parser.error(`invalid value "${call.args[0]}"`);
      put(call.scope.own, 'proxy', { minor });
    },
  },
  proxy_method: {
    does: 'The method of the request that is passed on.',
    set: (call) => {
      once(call);
      put(call.scope.own, 'proxy', { method: compile(call, call.args[0] ?? '') });
    },
  },
  proxy_set_body: {
    does: 'The body of the request that is passed on.',
    set: (call) => {
      put(call.scope.own, 'proxy', { body: compile(call, call.args[0] ?? '') });
    },
  },
  proxy_redirect: { does: 'How Location headers of the answer are rewritten.', set: setRedirect },
};
