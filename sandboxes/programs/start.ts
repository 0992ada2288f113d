/** Runs a command for another program (`sudo`, `env`): found as the shell finds it, and told of the signals that are meant for it. */
import { type Host, isSystemError, type SpawnOptions } from '../host/host.ts';
import { exitCode } from './sh/children.ts';
import { locate } from './sh/locate.ts';

/** What Debian has as files and the sandbox's shell does itself. */
const IN_SHELL: ReadonlySet<string> = new Set(['[', 'echo', 'false', 'printf', 'pwd', 'test', 'true']);
const PASSED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export interface NotStarted {
  readonly problem: string;
  readonly code: 126 | 127;
}

/** The exit code of `name`, once it has ended. */
export async function start(
  host: Host,
  name: string,
  args: readonly string[],
  path: string,
  options: SpawnOptions,
): Promise<number | NotStarted> {
  const line = [name, ...args].map(quoted).join(' ');
  const found = IN_SHELL.has(name) ? { program: 'sh', before: ['-c', line] } : await locate(host, name, path);
  if ('problem' in found) return found.code === 127 ? NOT_FOUND : { problem: found.problem, code: found.code };
  try {
    const child = await host.spawn(found.program, [...found.before, ...(IN_SHELL.has(name) ? [] : args)], options);
    for (const signal of PASSED) host.onSignal(signal, () => void host.kill(child.pid, signal).catch(() => undefined));
    // Ctrl-Z stops both
    host.onSignal(
      'SIGTSTP',
      () =>
        void host.kill(child.pid, 'SIGTSTP').then(
          () => host.kill(host.pid, 'SIGSTOP'),
          () => undefined,
        ),
    );
    host.onSignal('SIGCONT', () => void host.kill(child.pid, 'SIGCONT').catch(() => undefined));
    return exitCode(await child.exited);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return error.code === 'ENOENT' ? NOT_FOUND : { problem: error.strerror, code: 126 };
  }
}

const NOT_FOUND: NotStarted = { problem: 'No such file or directory', code: 127 };
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
