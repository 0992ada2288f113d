/** top [-b] [-n N] [-d S]: the processes, again and again. On a terminal, without -b and -n, it has a screen of its own, and q ends it. */
import type { Host, ProcessInfo } from '../../host/host.ts';
import { lastValue, readOwn } from '../coreutils.ts';

/** The terminal's other screen, which leaves no trace of itself; the page gives a program on it every key as it is pressed. */
const ENTER = '\x1b[?1049h';
const LEAVE = '\x1b[?1049l';
const FROM_THE_TOP = '\x1b[H\x1b[J';
const DELAY_S = 3;
/** The cursor goes as far as it can, and the terminal says where it is then: so large is the screen. */
const HOW_LARGE = '\x1b[999;999H\x1b[6n';
/** A terminal that knows answers within that. */
const ANSWER_MS = 100;
const USUAL: Size = { rows: 24, columns: 80 };
/** A screen of fewer rows has no room for more than processes. */
const SMALL = 16;
/** Rows that stand round the processes beside those above: the titles of the columns and the last one. */
const BELOW = 2;
const NO_COLUMNS = 'Processor time and memory: a browser does not tell them';
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
  if (!parsed.flags.has('-b') && !host.terminal) {
    await host.printError('top: failed tty get\n');
    return 1;
  }
  // so many lists are for reading afterwards: a screen of its own would take them along
  if (times !== null) return batch(host, Number(times), pause);
  return parsed.flags.has('-b') ? batch(host, Number.POSITIVE_INFINITY, pause) : screen(host, pause);
}

async function batch(host: Host, rounds: number, pause: number): Promise<number> {
  for (let round = 1; ; round++) {
    const { lines } = await listing(host, Number.POSITIVE_INFINITY);
    await host.print(`${lines.join('\n')}\n`);
    if (round >= rounds) return 0;
    await host.sleep(pause);
    await host.print('\n');
  }
}

interface Size {
  readonly rows: number;
  readonly columns: number;
}

async function screen(host: Host, pause: number): Promise<number> {
  let ended = false;
  let size: Size = USUAL;
  let wake = Promise.withResolvers<void>();
  const stop = (): void => {
    ended = true;
    wake.resolve();
  };
  host.onSignal('SIGINT', stop);
  host.onSignal('SIGTERM', stop);
  // Ctrl-Z: the screen is the shell's meanwhile
  host.onSignal('SIGTSTP', () => void host.print(LEAVE).then(() => host.kill(host.pid, 'SIGSTOP')));
  host.onSignal('SIGCONT', () => void host.print(ENTER).then(() => wake.resolve()));
  void listen(host, (told) => {
    if (told.rows === size.rows && told.columns === size.columns) return;
    size = told;
    wake.resolve();
  }).then(stop);
  await host.print(ENTER + HOW_LARGE);
  await Promise.race([host.sleep(ANSWER_MS), wake.promise]);
  while (!ended) {
    const { lines, left } = await listing(host, size.rows);
    const last = left > 0 ? `${left} more; q ends it` : 'q ends it';
    const shown = [...lines, last].map((line) => line.slice(0, size.columns)).join('\n');
    await host.print(`${HOW_LARGE}${FROM_THE_TOP}${shown}`);
    await Promise.race([host.sleep(pause), wake.promise]);
    wake = Promise.withResolvers<void>();
  }
  await host.print(LEAVE);
  return 0;
}

/** Reads keys until q was pressed, or nothing more can be. In between the terminal tells its size. */
async function listen(host: Host, told: (size: Size) => void): Promise<void> {
  const decoder = new TextDecoder();
  for (let keys = await host.readInput(); keys !== null; keys = await host.readInput()) {
    const text = decoder.decode(keys, { stream: true });
    const [, rows, columns] = /\x1b\[(\d+);(\d+)R/.exec(text) ?? [];
    if (rows !== undefined) told({ rows: Number(rows), columns: Number(columns) });
    else if (/q/i.test(text)) return;
  }
}

/** The lines of a list of at most so many; on a small screen with fewer above it. */
async function listing(host: Host, rows: number): Promise<{ lines: string[]; left: number }> {
  const processes = (await host.processes()).sort((a, b) => a.pid - b.pid);
  const clock = new Date(host.date()).toISOString().slice(11, 19);
  const minutes = Math.floor(host.now() / 60_000);
  const above =
    rows < SMALL
      ? [`top - ${clock}, ${processes.length} tasks`]
      : [`top - ${clock} up ${minutes} min`, `Tasks: ${String(processes.length).padStart(3)} total`, NO_COLUMNS, ''];
  const room = Math.max(1, rows - above.length - BELOW);
  const shown = processes.slice(0, room).map((process) => row(process, host.now()));
  const title = `${'PID'.padStart(5)} ${'PPID'.padStart(5)} ${'USER'.padEnd(8)} ${'AGE'.padStart(8)} COMMAND`;
  return { lines: [...above, title, ...shown], left: processes.length - shown.length };
}

function row(process: ProcessInfo, now: number): string {
  const seconds = Math.max(0, Math.floor((now - process.started) / 1000));
  const age = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return `${String(process.pid).padStart(5)} ${String(process.ppid).padStart(5)} ${process.user.padEnd(8)} ${age.padStart(8)} ${process.title.slice(0, TITLE_LENGTH)}`;
}
