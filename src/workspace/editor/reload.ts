/** Servers go on with what they have read: which of them has not read a file that was saved since, and what a server's owner would type then. One that does not run reads it when it starts. */
import type { StartCommand } from '../servers.ts';

export interface Stale {
  readonly program: 'nginx' | 'uwsgi';
  /** Files that it has read otherwise. */
  readonly files: readonly string[];
  readonly command: string;
  /** Does it run? If not, the command starts it. */
  readonly runs: boolean;
}

/** `textOf` gives the text of a file by its path, where it is known; `runs` says which program does. */
export function staleServers(
  unread: readonly string[],
  commands: readonly StartCommand[],
  textOf: (path: string) => string | null,
  runs: (program: Stale['program']) => boolean,
): readonly Stale[] {
  const nginx = unread.filter(isNginx);
  const uwsgi = unread.filter((path) => !isNginx(path));
  const stale = (program: Stale['program'], files: readonly string[], unit: string | null, reload: () => string): Stale[] => {
    if (files.length === 0) return [];
    if (runs(program)) return [{ program, files, command: unit ? `systemctl reload ${unit}` : reload(), runs: true }];
    // without a unit it is the page that starts it, with its own button
    return unit ? [{ program, files, command: `systemctl start ${unit}`, runs: false }] : [];
  };
  return [
    ...stale('nginx', nginx, unitOf('nginx', commands), () => 'nginx -s reload'),
    ...stale('uwsgi', uwsgi, unitOf('shop', commands), () => reloadUwsgi(commands, textOf)),
  ];
}

const isNginx = (path: string): boolean => path.startsWith('/etc/nginx/');

/** By its file, when it names one that is for that; otherwise the oldest of its processes, its master, is told. */
function reloadUwsgi(commands: readonly StartCommand[], textOf: (path: string) => string | null): string {
  const { args = [] } = commands.find(({ program }) => program === 'uwsgi') ?? {};
  const ini = args.find((arg) => arg.endsWith('.ini')) ?? null;
  const text = ini === null ? '' : (textOf(ini) ?? '');
  const option = (name: string) =>
    new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)\\s*$`, 'm').exec(text)?.[1] ?? args.find((_, index) => args[index - 1] === `--${name}`) ?? null;
  const pidFile = option('safe-pidfile') ?? option('pidfile2') ?? option('pidfile');
  if (pidFile) return `uwsgi --reload ${pidFile}`;
  const touched = option('touch-reload');
  if (touched) return `touch ${touched}`;
  return 'pkill -HUP -o -x uwsgi';
}

/** The unit of systemd that a program was started as. */
function unitOf(program: string, commands: readonly StartCommand[]): string | null {
  if (commands.some((command) => command.program === 'systemd')) return program;
  const started = commands.find(
    (command) => command.program === 'systemctl' && command.args.some((arg) => arg.replace(/\.service$/, '') === program),
  );
  return started ? program : null;
}
