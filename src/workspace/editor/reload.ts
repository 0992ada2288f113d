/** Servers go on with what they have read: which of them has not read a file that was saved since, and what a server's owner would type then. */
import type { StartCommand } from '../servers.ts';

export interface Stale {
  readonly program: 'nginx' | 'uwsgi';
  /** Files that it has read otherwise. */
  readonly files: readonly string[];
  readonly command: string;
}

/** `textOf` gives the text of a file by its path, where it is known. */
export function staleServers(
  unread: readonly string[],
  commands: readonly StartCommand[],
  textOf: (path: string) => string | null,
): readonly Stale[] {
  const nginx = unread.filter(isNginx);
  const uwsgi = unread.filter((path) => !isNginx(path));
  const unit = (program: string) => unitOf(program, commands);
  const all: readonly Stale[] = [
    { program: 'nginx', files: nginx, command: unit('nginx') ? `systemctl reload ${unit('nginx')}` : 'nginx -s reload' },
    { program: 'uwsgi', files: uwsgi, command: unit('shop') ? 'systemctl reload shop' : reloadUwsgi(commands, textOf) },
  ];
  return all.filter(({ files }) => files.length > 0);
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
