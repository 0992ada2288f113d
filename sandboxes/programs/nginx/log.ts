/**
 * Log files. Lines are handed over at once and written behind: while one write is under way the next lines gather, so a
 * busy server writes many lines a call. Every line is also a `log` event of the trace.
 */
import type { Host } from '../../host/host.ts';
import { bytesOf, toUnicode } from '../http/bytes.ts';
import type { ErrorLog, LogLevel } from './config/model.ts';
import { dateErrorLog } from './dates.ts';

const LEVELS: readonly LogLevel[] = ['emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug'];

/** Lines that follow a write this soon, in milliseconds, gather for the next: a busy server logs thousands a second. */
const PAUSE = 10;

/** nginx writes error lines in a buffer of 2048 bytes, the end of the line included. */
const LONGEST = 2047;

class LogFile {
  readonly #host: Host;
  readonly #path: string;
  #pending = '';
  #writing: Promise<void> | null = null;

  constructor(host: Host, path: string) {
    this.#host = host;
    this.#path = path;
  }

  add(line: string): void {
    this.#pending += line;
    this.#writing ??= this.#drain();
  }

  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #drain(): Promise<void> {
    // Lines of one turn go out together.
    await Promise.resolve();
    while (this.#pending !== '') {
      const bytes = bytesOf(this.#pending);
      this.#pending = '';
      // A log that cannot be written (a full or read-only disk) must not stop the server.
      await this.#host.fs.write(this.#path, bytes, { append: true }).catch(() => undefined);
      await this.#host.sleep(PAUSE);
    }
    this.#writing = null;
  }
}

export class Logs {
  readonly #host: Host;
  readonly #files = new Map<string, LogFile>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Add a line (byte text, without its end) to an access log. */
  access(path: string, line: string): void {
    this.#write(path, line);
  }

  /** Log a message of a level to the logs that want it. */
  error(logs: readonly ErrorLog[], level: LogLevel, message: string): void {
    const { pid } = this.#host;
    for (const log of logs) {
      if (LEVELS.indexOf(level) > LEVELS.indexOf(log.level)) continue;
      this.#write(log.path, `${dateErrorLog(this.#host.date())} [${level}] ${pid}#${pid}: ${message}`.slice(0, LONGEST));
    }
  }

  /** Wait until everything is written. */
  async flush(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.flush()));
  }

  #write(path: string | null, line: string): void {
    this.#host.event('log', { text: toUnicode(line) });
    if (path === '/dev/null') return;
    if (path === null) {
      // Nobody may be there to read it any more.
      this.#host.printError(bytesOf(`${line}\n`)).catch(() => undefined);
      return;
    }
    let file = this.#files.get(path);
    if (!file) {
      file = new LogFile(this.#host, toUnicode(path));
      this.#files.set(path, file);
    }
    file.add(`${line}\n`);
  }
}
