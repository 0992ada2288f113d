/** top [-b] [-n N] [-d S]: the processes, again and again. On a terminal it has a screen of its own, and q ends it. */
import type { Host, ProcessInfo } from '../../host/host.ts';
import { lastValue, readOwn } from '../coreutils.ts';

/** The terminal's other screen, which leaves no trace of itself; the page gives a program on it every key as it is pressed. */
const ENTER = '\x1b[?1049h';
const LEAVE = '\x1b[?1049l';
const FROM_THE_TOP = '\x1b[H\x1b[J';
const DELAY_S = 3;
/** Rows of processes on a screen: a terminal does not tell its size here. */
const MOST_ROWS = 14;
/** Characters of a command. */
const TITLE_LENGTH = 50;

export default async function top(host: Host): Promise<number> {
  const parsed = await readOwn(host, { flags: ['-b'], values: ['-n', '-d'] });
  if (typeof parsed === 'number') return parsed;
  const [times, delay] = [lastValue(parsed, '-n'), lastValue(parsed, '-d')];
  const problem =
    times !== null && !/^[1-9]\d*$/.test(times)
      ? `bad iterations argument '${times}'`
      : delay !== null && !/^(\d+\.?\d*|\.\d+)$/.test(delay)
        ? `bad delay interval '${delay}'`
        : null;
  if (problem !== null) {
    await host.printError(`top: ${problem}\n`);
    return 1;
  }
  const pause = Math.max(0.1, Number(delay ?? DELAY_S)) * 1000;
  const rounds = times === null ? Number.POSITIVE_INFINITY : Number(times);
  if (!parsed.flags.has('-b') && !host.terminal) {
    await host.printError('top: failed tty get\n');
    return 1;
  }
  return parsed.flags.has('-b') ? batch(host, rounds, pause) : screen(host, rounds, pause);
}

async function batch(host: Host, rounds: number, pause: number): Promise<number> {
  for (let round = 1; ; round++) {
    await host.print(await summary(host, Number.POSITIVE_INFINITY));
    if (round >= rounds) return 0;
    await host.sleep(pause);
    await host.print('\n');
  }
}

async function screen(host: Host, rounds: number, pause: number): Promise<number> {
  let ended = false;
  const end = Promise.withResolvers<void>();
  const stop = (): void => {
    ended = true;
    end.resolve();
  };
  host.onSignal('SIGINT', stop);
  host.onSignal('SIGTERM', stop);
  void untilQ(host).then(stop);
  await host.print(ENTER);
  for (let round = 1; !ended; round++) {
    await host.print(`${FROM_THE_TOP}${await summary(host, MOST_ROWS)}\nq ends it\n`);
    if (round >= rounds) break;
    await Promise.race([host.sleep(pause), end.promise]);
  }
  await host.print(LEAVE);
  return 0;
}

/** Resolves when q was pressed, or nothing more can be. */
async function untilQ(host: Host): Promise<void> {
  const decoder = new TextDecoder();
  for (let keys = await host.readInput(); keys !== null; keys = await host.readInput()) {
    if (/q/i.test(decoder.decode(keys, { stream: true }))) return;
  }
}

async function summary(host: Host, most: number): Promise<string> {
  const processes = (await host.processes()).sort((a, b) => b.started - a.started || b.pid - a.pid);
  const clock = new Date(host.date()).toISOString().slice(11, 19);
  const minutes = Math.floor(host.now() / 60_000);
  const shown = processes.slice(0, most);
  const left = processes.length - shown.length;
  return [
    `top - ${clock} up ${minutes} min`,
    `Tasks: ${String(processes.length).padStart(3)} total`,
    'Processor time and memory: a browser does not tell them',
    '',
    `${'PID'.padStart(5)} ${'PPID'.padStart(5)} ${'USER'.padEnd(8)} ${'AGE'.padStart(8)} COMMAND`,
    ...shown.map((process) => row(process, host.now())),
    ...(left > 0 ? [`and ${left} more: ps aux`] : []),
    '',
  ].join('\n');
}

function row(process: ProcessInfo, now: number): string {
  const seconds = Math.max(0, Math.floor((now - process.started) / 1000));
  const age = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return `${String(process.pid).padStart(5)} ${String(process.ppid).padStart(5)} ${process.user.padEnd(8)} ${age.padStart(8)} ${process.title.slice(0, TITLE_LENGTH)}`;
}
