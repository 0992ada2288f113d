/** access_log, log_format, error_log. */
import { BadTemplate, template } from '../../variables.ts';
import type { LogLevel } from '../model.ts';
import type { Call, Commands } from '../parser.ts';
import { parseSize, parseTime } from '../values.ts';
import { compile } from './tools.ts';

/** The text of nginx's own access log format. */
export const COMBINED = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

const LEVELS: readonly string[] = ['debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg'];
const isLevel = (text: string): text is LogLevel => LEVELS.includes(text);

function setAccessLog(call: Call): void {
  const { parser, scope, args } = call;
  const [path = '', format = 'combined', ...options] = args;
  if (path === 'off') {
    scope.own.accessLogs = [];
    if (args[1] !== undefined) throw parser.error(`invalid parameter "${args[1]}"`);
    return;
  }
  if (path.startsWith('syslog:') || path.includes('$')) {
    throw parser.refusal(`this sandbox's nginx logs to files with fixed names only, not to "${path}",`);
  }
  const compiled = parser.config.logFormats.get(format);
  if (!compiled) throw parser.error(`unknown log format "${format}"`);
  let condition = null;
  let buffer = false;
  let flush = false;
  for (const option of options) {
    const [, name, value = ''] = /^(buffer|flush|gzip|if)(?:=(.*))?$/s.exec(option) ?? [];
    if (name === 'if') condition = compile(call, value);
    else if (name === 'buffer') {
      if (!parseSize(value)) throw parser.error(`invalid buffer size "${value}"`);
      buffer = true;
    } else if (name === 'flush') {
      if (!parseTime(value)) throw parser.error(`invalid flush time "${value}"`);
      flush = true;
    } else if (name === 'gzip') throw parser.refusal('this sandbox\'s nginx does not have the "gzip" parameter of "access_log",');
    else throw parser.error(`invalid parameter "${option}"`);
  }
  if (flush && !buffer) throw parser.error(`no buffer is defined for access_log "${path}"`);
  const before = scope.seen.has('access_log') ? (scope.own.accessLogs ?? []) : [];
  scope.seen.add('access_log');
  scope.own.accessLogs = [...before, { path: fullPath(path), format: compiled, condition }];
}

const fullPath = (path: string): string => (path.startsWith('/') ? path : `/usr/share/nginx/${path}`);

function setErrorLog(call: Call): void {
  const { parser, scope, args } = call;
  const [path = '', ...levels] = args;
  if (path.startsWith('syslog:') || path.startsWith('memory:')) {
    throw parser.refusal(`this sandbox's nginx writes its errors to files only, not to "${path}",`);
  }
  const level = levels.length === 0 ? 'error' : levels.find(isLevel);
  const wrong = levels.find((word) => !isLevel(word) && !word.startsWith('debug_'));
  if (wrong !== undefined || level === undefined) throw parser.error(`invalid log level "${wrong ?? levels[0] ?? ''}"`);
  if (levels.length > 1) throw parser.error(`duplicate log level "${levels[1]}"`);
  const log = { path: path === 'stderr' ? null : fullPath(path), level };
  if (scope.context === 'main') {
    parser.config.errorLogs.push(log);
    return;
  }
  const before = scope.seen.has('error_log') ? (scope.own.errorLogs ?? []) : [];
  scope.seen.add('error_log');
  scope.own.errorLogs = [...before, log];
}

function setLogFormat({ parser, args }: Call): void {
  const [name = '', ...texts] = args;
  if (parser.config.logFormats.has(name)) throw parser.error(`duplicate "log_format" name "${name}"`);
  let kind: 'log' | 'json' | 'none' = 'log';
  const escape = /^escape=(.*)$/.exec(texts[0] ?? '')?.[1];
  if (escape !== undefined) {
    if (escape !== 'default' && escape !== 'json' && escape !== 'none') throw parser.error(`unknown log format escaping "${escape}"`);
    kind = escape === 'default' ? 'log' : escape;
    texts.shift();
  }
  const whole = texts.join('');
  try {
    parser.config.logFormats.set(name, template(whole, parser.config.variables, kind));
  } catch (error) {
    if (!(error instanceof BadTemplate)) throw error;
    throw parser.error(error.message === 'invalid variable name' ? `invalid parameter "${whole}"` : error.message);
  }
}

export const LOGS: Commands = {
  access_log: { does: 'A file with a line for every request, in a named form; off for none.', set: setAccessLog },
  log_format: { does: 'A form for lines of the access log.', set: setLogFormat },
  error_log: { does: 'A file for what goes wrong, from a level on.', set: setErrorLog },
};
