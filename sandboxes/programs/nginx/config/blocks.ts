/** The blocks that hold others: `server` and `location`. */
import { DEFAULTS } from './finish.ts';
import type { Location, LocationKind, Server } from './model.ts';
import type { Parser, Scope } from './parser.ts';
import { compileRegex } from './values.ts';

export async function setServer(parser: Parser, _scope: Scope): Promise<void> {
  const location: Location = {
    kind: 'server',
    label: '',
    pattern: '',
    regex: null,
    place: parser.place,
    own: {},
    handlers: {},
    children: [],
    settings: DEFAULTS,
  };
  const server: Server = { listens: [], names: [], nameRegexes: new Map(), location };
  parser.config.servers.push(server);
  await parser.block({ context: 'server', own: location.own, handlers: location.handlers, server, location, seen: new Set() });
  if (server.listens.length === 0) server.listens.push({ ip: '0.0.0.0', port: 80, isDefault: false, backlog: 511 });
  if (server.names.length === 0) server.names.push('');
  for (const name of server.names) if (name.startsWith('~')) server.nameRegexes.set(name, compile(parser, name.slice(1), true));
}

export async function setLocation(parser: Parser, scope: Scope, args: readonly string[]): Promise<void> {
  const outer = scope.location;
  if (!outer) return;
  const { kind, pattern, label, ignoreCase } = parseMatch(parser, args);
  checkNesting(parser, outer, kind, pattern);
  const location: Location = {
    kind,
    label,
    pattern,
    regex: kind === 'regex' ? compile(parser, pattern, ignoreCase) : null,
    place: parser.place,
    own: {},
    handlers: {},
    children: [],
    settings: DEFAULTS,
  };
  outer.children.push(location);
  await parser.block({
    context: 'location',
    own: location.own,
    handlers: location.handlers,
    server: scope.server,
    location,
    seen: new Set(),
  });
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
  switch (modifier) {
    case '':
      return { kind: pattern.startsWith('@') ? 'named' : 'prefix', pattern, label, ignoreCase: false };
    case '=':
      return { kind: 'exact', pattern, label, ignoreCase: false };
    case '^~':
      return { kind: 'noregex', pattern, label, ignoreCase: false };
    case '~':
    case '~*':
      return { kind: 'regex', pattern, label, ignoreCase: modifier === '~*' };
    default:
      throw parser.error(`invalid location modifier "${modifier}"`);
  }
}

function checkNesting(parser: Parser, outer: Location, kind: LocationKind, pattern: string): void {
  if (outer.kind === 'server') return;
  if (outer.kind === 'exact') throw parser.error(`location "${pattern}" cannot be inside the exact location "${outer.pattern}"`);
  if (outer.kind === 'named') throw parser.error(`location "${pattern}" cannot be inside the named location "${outer.pattern}"`);
  if (kind === 'named') throw parser.error(`named location "${pattern}" can be on the server level only`);
  if (kind !== 'regex' && outer.kind !== 'regex' && !pattern.startsWith(outer.pattern)) {
    throw parser.error(`location "${pattern}" is outside location "${outer.pattern}"`);
  }
}

function compile(parser: Parser, pattern: string, ignoreCase: boolean): RegExp {
  try {
    return compileRegex(pattern, ignoreCase);
  } catch (error) {
    throw parser.error(error instanceof Error ? error.message : String(error));
  }
}
