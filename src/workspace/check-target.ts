/**
 * A running sandbox as the checks see it. Requests come from the sandbox's own browser, commands run in a shell of their
 * own: nothing of it touches the learner's terminal.
 */
import type { CheckTarget } from '../checks/index.ts';
import type { Proc, Runtime } from '../runtime/runtime.ts';
import type { TraceLog } from '../trace/log.ts';
import { diskOf, readText } from './disk.ts';
import type { Servers } from './servers.ts';
import type { WorkFiles } from './work-files.ts';

/** Where and as whom the terminal's shell, and the commands of checks, start. */
export const SHELL = { cwd: '/root', env: { HOME: '/root', USER: 'root', TERM: 'xterm-256color' } };
const KEPT_OUTPUT = 64_000;
/** From Ctrl-C, which the shell passes on, to SIGKILL. */
const LEAVE_MS = 500;

/** The checks' target over a runtime of any kind, the log of its trace, its servers and its files. */
export function checkTarget(
  runtime: Pick<Runtime, 'readFile' | 'writeFile' | 'removeFile' | 'request' | 'spawn' | 'kill'>,
  log: Pick<TraceLog, 'events'>,
  servers: Pick<Servers, 'sinceStart'>,
  files: Pick<WorkFiles, 'refresh' | 'unread'>,
): CheckTarget {
  return {
    events: () => servers.sinceStart(log.events),

    async unread() {
      await files.refresh(diskOf(runtime));
      return files.unread;
    },

    readFile: (path) => readText(runtime, path),

    async request(url, signal) {
      const { failed, status, headers, body } = await runtime.request({ method: 'GET', url: `http://localhost${url}` }, signal);
      return failed === null ? { status, headers, body: new TextDecoder().decode(body) } : { failed };
    },

    async run(commandLine, signal) {
      const shell = await runtime.spawn('sh', ['-c', commandLine], SHELL);
      const stop = () => void end(runtime, shell);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      let output = '';
      shell.onOutput((text) => {
        if (output.length < KEPT_OUTPUT) output += text;
      });
      // Whoever reads standard input finds its end, not a wait.
      shell.end();
      const exit = await shell.exited;
      signal.removeEventListener('abort', stop);
      if (exit.code === null) throw new Error(`the command was ended by ${exit.signal}`);
      return { exit: exit.code, output };
    },
  };
}

/** Nobody waits for the command any more: it must not run on. */
async function end(runtime: Pick<Runtime, 'kill'>, shell: Proc): Promise<void> {
  // It may be gone before the signal comes, and with it, or with the sandbox, all is well.
  const kill = (signal: 'SIGINT' | 'SIGKILL') => runtime.kill(shell.pid, signal).catch(() => {});
  await kill('SIGINT');
  const timer = setTimeout(() => void kill('SIGKILL'), LEAVE_MS);
  await shell.exited;
  clearTimeout(timer);
}
