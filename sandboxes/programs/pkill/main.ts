/** pkill [-SIGNAL] [-f] [-x] … PATTERN: sends a signal to the processes whose name matches. */
import { type Host, isSystemError, type ProcessInfo, type Signal } from '../../host/host.ts';
import { readAccounts } from '../accounts.ts';
import { lastValue, readOwn } from '../coreutils.ts';
import { BadPattern, matcher } from '../grep/pattern.ts';
import { signalOf } from '../kill/signals.ts';
import { commandOf } from '../processes.ts';

/** What pkill answers when its command line makes no sense. */
const MISUSED = 2;
/** Linux keeps so much of a process's name. */
const NAME_LENGTH = 15;

export default async function pkill(host: Host): Promise<number> {
  const { signal, args } = takeSignal(host.args);
  const parsed = await readOwn(host, { flags: ['-f', '-x', '-i', '-n', '-o', '-e'], values: ['-P', '-u', '--signal'] }, MISUSED, args);
  if (typeof parsed === 'number') return parsed;
  const trouble = async (problem: string, hint = true): Promise<number> => {
    await host.printError(`pkill: ${problem}\n${hint ? "Try `pkill --help' for more information.\n" : ''}`);
    return MISUSED;
  };
  const named = lastValue(parsed, '--signal');
  const sent = named === null ? signal : signalOf(named);
  if (sent === null) return trouble(`Unknown signal "${named}".`, false);
  const [pattern, extra] = parsed.rest;
  if (extra !== undefined) return trouble('only one pattern can be provided');
  const [parent, user] = [lastValue(parsed, '-P'), lastValue(parsed, '-u')];
  if (pattern === undefined && parent === null && user === null) return trouble('no matching criteria specified');
  const uid = user === null ? null : (await readAccounts(host)).user(user)?.uid;
  if (uid === undefined) return trouble(`invalid user name: ${user}`, false);
  let matches: (text: string) => boolean;
  try {
    const test = matcher(parsed.flags.has('-x') ? `^(${pattern ?? ''})$` : (pattern ?? ''), 'extended', parsed.flags.has('-i'));
    matches = (text) => test.test(text);
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error;
    return trouble(`regex error: ${error.message}`, false);
  }
  const text = (process: ProcessInfo): string => (parsed.flags.has('-f') ? process.title : commandOf(process).slice(0, NAME_LENGTH));
  const found = (await host.processes())
    .filter(({ pid }) => pid !== host.pid)
    .filter(({ ppid }) => parent === null || parent.split(',').includes(String(ppid)))
    .filter((process) => uid === null || process.uid === uid)
    .filter((process) => matches(text(process)))
    .sort((a, b) => a.pid - b.pid);
  const chosen = parsed.flags.has('-n') ? found.slice(-1) : parsed.flags.has('-o') ? found.slice(0, 1) : found;
  let done = 0;
  for (const process of chosen) if (await send(host, process, sent, parsed.flags.has('-e'))) done++;
  return done > 0 ? 0 : 1;
}

/** `-HUP`, `-9`: a signal among the options, wherever it stands. */
function takeSignal(args: readonly string[]): { signal: Signal | 0; args: readonly string[] } {
  const at = args.findIndex((arg) => /^-([A-Z]{3,}\d?|\d+)$/.test(arg) && signalOf(arg.slice(1)) !== null);
  if (at < 0) return { signal: 'SIGTERM', args };
  return { signal: signalOf((args[at] ?? '').slice(1)) ?? 'SIGTERM', args: args.toSpliced(at, 1) };
}

async function send(host: Host, process: ProcessInfo, signal: Signal | 0, say: boolean): Promise<boolean> {
  try {
    await host.kill(process.pid, signal);
    if (say) await host.print(`${commandOf(process)} killed (pid ${process.pid})\n`);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // it has ended meanwhile, or is somebody else's
    if (error.code !== 'ESRCH') await host.printError(`pkill: killing pid ${process.pid} failed: ${error.strerror}\n`);
    return false;
  }
}
