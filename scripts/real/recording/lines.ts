/** What the lines of the real servers' logs say. Pure. */

/** uWSGI's line about a request that a worker has read and is about to give to the application, written as it is asked to by ASKED. */
export interface Taken {
  /** Microseconds since 1970. */
  readonly at: number;
  readonly worker: number;
  readonly pid: number;
  readonly port: number;
  readonly method: string;
  readonly uri: string;
}

/** Its line about a request that it has handled. */
export interface Handled {
  /** When a worker began to read the request, microseconds since 1970, and how long it had it. */
  readonly at: number;
  readonly micros: number;
  readonly worker: number;
  readonly pid: number;
  readonly port: number;
  readonly method: string;
  readonly uri: string;
  readonly status: number;
  readonly bytes: number;
  /** 0: the application raised an exception before it answered. */
  readonly headers: number;
  readonly vars: number;
  readonly packet: number;
}

const NUMBERS = {
  at: 'tmicros',
  micros: 'micros',
  worker: 'wid',
  pid: 'pid',
  port: 'var.REMOTE_PORT',
  status: 'status',
  bytes: 'rsize',
  headers: 'headers',
  vars: 'vars',
  packet: 'pktsize',
} as const;
const TAKEN = {
  at: 'time[micros]',
  worker: 'uwsgi[wid]',
  pid: 'uwsgi[pid]',
  port: 'REMOTE_PORT',
} as const;

const jsonOf = (mark: string, variables: Readonly<Record<string, string>>, named: (variable: string) => string): string =>
  `${mark}"yes",${Object.entries(variables)
    .map(([name, variable]) => `"${name}":"${named(variable)}"`)
    .join(',')}}`;

const HANDLED_MARK = '{"handled":';
const TAKEN_MARK = '{"taken":';

/** uWSGI's options, so that a request is two lines of JSON: one before the application is called, one when the answer has gone. */
export const ASKED: readonly string[] = [
  '--logformat',
  jsonOf(HANDLED_MARK, { ...NUMBERS, method: 'method', uri: 'uri' }, (variable) => `%(${variable})`),
  '--route-run',
  `log:${jsonOf(TAKEN_MARK, { ...TAKEN, method: 'REQUEST_METHOD', uri: 'REQUEST_URI' }, (variable) => `\${${variable}}`)}`,
];

/** What uWSGI says of ASKED when it starts: of that the lesson's own knows nothing. */
export const isOfAsked = (line: string): boolean =>
  /^\*\*\* (?:dumping|end of the) internal routing table|^\[rule: \d+\] action: log:/.test(line);

/** Null: the line is about something else. */
export function handledIn(line: string): Handled | null {
  return line.startsWith(HANDLED_MARK) ? numbersIn(line, NUMBERS) : null;
}

/** Null: the line is about something else. */
export function takenIn(line: string): Taken | null {
  return line.startsWith(TAKEN_MARK) ? numbersIn(line, TAKEN) : null;
}

type Line<N> = Record<keyof N, number> & { readonly method: string; readonly uri: string };

function numbersIn<N extends Readonly<Record<string, string>>>(line: string, names: N): Line<N> {
  const { method = '', uri = '', ...texts } = JSON.parse(line) as Record<string, string>;
  const numbers = Object.fromEntries(Object.keys(names).map((name) => [name, Number(texts[name] || Number.NaN)])) as Record<
    keyof N,
    number
  >;
  const wrong = Object.entries<number>(numbers).find(([, value]) => !Number.isFinite(value));
  if (wrong) throw new Error(`uWSGI says no ${wrong[0]}: ${line}`);
  return { ...numbers, method, uri };
}

/** What a line of uWSGI says about its processes and its socket. */
export type Said =
  | { readonly is: 'master'; readonly pid: number }
  | { readonly is: 'worker'; readonly worker: number; readonly pid: number; readonly again: boolean }
  | { readonly is: 'harakiri' | 'died' | 'recycled' | 'memory'; readonly pid: number }
  | { readonly is: 'socket'; readonly address: string }
  | { readonly is: 'backlog'; readonly limit: number };

const LINES: readonly (readonly [pattern: RegExp, said: (found: readonly string[]) => Said])[] = [
  [/^spawned uWSGI master process \(pid: (\d+)\)/, ([, pid]) => ({ is: 'master', pid: Number(pid) })],
  [
    /^spawned uWSGI worker (\d+) \((?:and the only\) \()?pid: (\d+)/,
    ([, worker, pid]) => ({ is: 'worker', worker: Number(worker), pid: Number(pid), again: false }),
  ],
  [
    /^Respawned uWSGI worker (\d+) \(new pid: (\d+)\)/,
    ([, worker, pid]) => ({ is: 'worker', worker: Number(worker), pid: Number(pid), again: true }),
  ],
  [
    /^(?:\w{3} \w{3} [ \d]\d [\d:]+ \d{4} - )?\*\*\* HARAKIRI ON WORKER \d+ \(pid: (\d+)/,
    ([, pid]) => ({ is: 'harakiri', pid: Number(pid) }),
  ],
  [/^DAMN ! worker \d+ \(pid: (\d+)\) died/, ([, pid]) => ({ is: 'died', pid: Number(pid) })],
  [/^\*\*\* EVIL RELOAD ON WORKER \d+ .*\(pid: (\d+)\)/, ([, pid]) => ({ is: 'memory', pid: Number(pid) })],
  [/^\.\.\.The work of process (\d+) is done\. Seeya!/, ([, pid]) => ({ is: 'recycled', pid: Number(pid) })],
  [/^uwsgi socket \d+ (?:bound to|inherited) UNIX address (\S+) fd/, ([, path]) => ({ is: 'socket', address: `unix:${path}` })],
  [/^uwsgi socket \d+ (?:bound to|inherited) TCP address (\S+) fd/, ([, address = '']) => ({ is: 'socket', address })],
  [/^your server socket listen backlog is limited to (\d+) connections/, ([, limit]) => ({ is: 'backlog', limit: Number(limit) })],
];

/** Null: nothing that a recording has an event for. */
export function saidIn(line: string): Said | null {
  for (const [pattern, said] of LINES) {
    const found = pattern.exec(line);
    if (found) return said(found);
  }
  return null;
}

/** A line of nginx' error log about a request: on which connection, and what went wrong. */
export interface Trouble {
  readonly connection: number;
  /** As nginx says it, without where and whose. */
  readonly reason: string;
  /** The file that could not be opened. */
  readonly file: string | null;
}

/** Null: the line is about no request. */
export function troubleIn(line: string): Trouble | null {
  const [, connection, reason = ''] = /^\S+ \S+ \[\w+\] \d+#\d+: \*(\d+) (.*?), client: /.exec(line) ?? [];
  if (connection === undefined) return null;
  return { connection: Number(connection), reason, file: /^open\(\) "([^"]+)" failed/.exec(reason)?.[1] ?? null };
}
