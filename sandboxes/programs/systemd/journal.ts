/**
 * The journal: what services print and what the supervisor says of them. A file of one JSON entry a line, which is forgotten
 * from its beginning when it grows; it outlives the supervisor and not the machine, as Debian's own without /var/log/journal.
 */
import { type Host, isSystemError } from '../../host/host.ts';

const JOURNAL = '/run/log/journal/system.journal';
/** When the file is longer than this, in characters, only the newer half is kept. */
const MOST = 400_000;
/** A longer line is cut, as journald's LineMax= does. */
const LONGEST_LINE = 8_000;

/** The machine's name, as `uname -n` says it. */
export const MACHINE = 'web';

export interface Entry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Who says it: `systemd`, or a service's program. */
  readonly by: string;
  readonly pid: number;
  /** The unit it is about. */
  readonly unit: string;
  /** syslog's: 3 error, 4 warning, 5 notice, 6 information. */
  readonly priority: number;
  readonly text: string;
}

export class Journal {
  readonly #host: Host;
  #lines: string[] = [];
  #size = 0;
  #writing: Promise<void> = Promise.resolve();
  /** Entries that are not in the file yet. */
  #pending: string[] = [];
  readonly #console: boolean;

  private constructor(host: Host, console: boolean) {
    this.#host = host;
    this.#console = console;
  }

  /** Goes on with the file that is there. With `console`, all is printed, too, as on a screen while a machine boots. */
  static async open(host: Host, console: boolean): Promise<Journal> {
    const journal = new Journal(host, console);
    await host.fs.makeDirectory('/run/log/journal', { parents: true });
    const text = await textOf(host);
    journal.#lines = text.split('\n').filter(Boolean);
    journal.#size = text.length;
    if (text === '') await host.fs.write(JOURNAL, '', { mode: 0o640 });
    return journal;
  }

  /** The supervisor's own word about a unit. */
  say(unit: string, text: string, priority = 6): Promise<void> {
    return this.write({ by: 'systemd', pid: this.#host.pid, unit, priority, text });
  }

  /** Resolves when it is in the file; entries of one moment go together. */
  write(entry: Omit<Entry, 'at'>): Promise<void> {
    const { text, ...rest } = entry;
    const whole: Entry = { at: Math.round(this.#host.date()), ...rest, text: text.slice(0, LONGEST_LINE) };
    if (this.#console) void this.#host.print(`${whole.by === 'systemd' ? `systemd[${whole.pid}]: ` : ''}${whole.text}\n`);
    const first = this.#pending.push(JSON.stringify(whole)) === 1;
    if (first) this.#writing = this.#writing.then(() => this.#flush());
    return this.#writing;
  }

  /** All that was said is in the file. */
  async drained(): Promise<void> {
    await this.#writing;
  }

  async #flush(): Promise<void> {
    const fresh = this.#pending;
    this.#pending = [];
    this.#lines.push(...fresh);
    const text = `${fresh.join('\n')}\n`;
    this.#size += text.length;
    if (this.#size <= MOST) return this.#host.fs.write(JOURNAL, text, { append: true });
    while (this.#size > MOST / 2) this.#size -= (this.#lines.shift()?.length ?? 0) + 1;
    return this.#host.fs.write(JOURNAL, this.#lines.map((line) => `${line}\n`).join(''));
  }
}

async function textOf(host: Host): Promise<string> {
  try {
    return await host.fs.readText(JOURNAL);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return '';
    throw error;
  }
}

/** The entries that are in the file, the oldest first. Null when there is no journal. */
export async function readJournal(host: Host): Promise<Entry[] | null> {
  try {
    return entriesOf(await host.fs.readText(JOURNAL));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

/** A line that is no entry is damage that somebody else did: it is left out. */
export function entriesOf(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry: unknown = JSON.parse(line);
      return isEntry(entry) ? [entry] : [];
    } catch {
      return [];
    }
  });
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { at, by, pid, unit, priority, text } = value as Partial<Record<keyof Entry, unknown>>;
  return [at, pid, priority].every(Number.isFinite) && [by, unit, text].every((field) => typeof field === 'string');
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');

/** `Nov 23 04:00:00`; the machine's time is UTC. */
function shortDate(at: number): string {
  const date = new Date(at);
  return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2, '0')} ${date.toISOString().slice(11, 19)}`;
}

/** `Mon 2026-11-23 04:00:00 UTC` */
export function longDate(at: number): string {
  const date = new Date(at);
  return `${DAYS[date.getUTCDay()]} ${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)} UTC`;
}

/** `Nov 23 04:00:00 web uwsgi[123]: text`, as journalctl and systemctl status show it. */
export const entryLine = (entry: Entry): string => `${shortDate(entry.at)} ${MACHINE} ${entry.by}[${entry.pid}]: ${entry.text}`;
