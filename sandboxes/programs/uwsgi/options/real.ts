/** All options of the real uWSGI 2.0.21 of Debian 12, by name: which there are, and whether they take a value. */
import real from './real.json' with { type: 'json' };

/** `core`, or the plugin that brings an option. */
export type Home = keyof typeof real.plugins;

export interface RealOption {
  readonly name: string;
  readonly home: Home;
  readonly takes: 'nothing' | 'a value' | 'a value or nothing';
}

const TAKES: Readonly<Record<string, RealOption['takes']>> = { '=': 'a value', '?': 'a value or nothing' };

/** In the order of the real one's own list. */
export const REAL_OPTIONS: ReadonlyMap<string, RealOption> = new Map(
  (Object.keys(real.plugins) as Home[]).flatMap((home) =>
    real.plugins[home]
      .join(' ')
      .split(' ')
      .map((written): [string, RealOption] => {
        const name = written.replace(/[=?]$/, '');
        return [name, { name, home, takes: TAKES[written.at(-1) ?? ''] ?? 'nothing' }];
      }),
  ),
);

/** The letters of the command line. */
export const SHORT: Readonly<Record<string, string>> = {
  s: 'socket',
  p: 'processes',
  t: 'harakiri',
  x: 'xml',
  S: 'set',
  d: 'daemonize',
  l: 'listen',
  v: 'max-vars',
  b: 'buffer-size',
  m: 'memory-report',
  c: 'cgi-mode',
  a: 'abstract-socket',
  C: 'chmod-socket',
  T: 'enable-threads',
  i: 'single-interpreter',
  M: 'master',
  h: 'help',
  r: 'reaper',
  R: 'max-requests',
  z: 'socket-timeout',
  A: 'sharedarea',
  Q: 'spooler',
  L: 'disable-logging',
  y: 'yaml',
  j: 'json',
  w: 'module',
  J: 'test',
  H: 'virtualenv',
  O: 'optimize',
};
