/** uWSGI's log: standard error of the instance, and the same lines in the trace. */
import type { Host } from '../../host/host.ts';
import type { MemoryUse } from '../python/boot.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** A time as ctime(3) writes it: `Sun Nov 22 05:38:37 2026`. The sandbox's servers run on UTC. */
export function ctime(date: number): string {
  const d = new Date(date);
  const day = String(d.getUTCDate()).padStart(2, ' ');
  const time = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
  return `${DAYS[d.getUTCDay()]} ${MONTHS[d.getUTCMonth()]} ${day} ${time} ${d.getUTCFullYear()}`;
}

/** Text for the log, or a request's line in two parts: between them belongs its number in the instance. */
export type Entry = string | readonly [before: string, after: string];

/** Where the log's text goes. */
export type Output = (text: string) => Promise<void>;

/** To the end of a file. A log that cannot be written does not stop the server. */
export const fileOutput =
  (host: Host, file: string): Output =>
  (text) =>
    host.fs.write(file, text, { append: true }).catch(() => {});

/** Standard error, or the file of `logto`. */
export const outputOf = (host: Host, file: string | null): Output =>
  file === null ? (text) => host.printError(text) : fileOutput(host, file);

/** Writes entries and numbers requests, one after another beyond `total`. */
export function numbered(host: Host, total = 0, output: Output = outputOf(host, null)): (...entries: readonly Entry[]) => void {
  return (...entries) => {
    const texts = entries.map((entry) => {
      if (typeof entry === 'string') return entry;
      const line = `${entry[0]}${++total}${entry[1]}`;
      host.event('log', { text: line });
      return `${line}\n`;
    });
    void output(texts.join(''));
  };
}

/** Lines of an application that go into the trace in a second. */
const TRACED_A_SECOND = 100;

export class Log {
  #host: Host;
  #write: (entry: Entry) => void;
  #decoder = new TextDecoder();
  #partial = '';
  #second = 0;
  #traced = 0;
  #dates = false;

  /** `write` when the text goes elsewhere than to standard error. */
  constructor(host: Host, write: (entry: Entry) => void = numbered(host)) {
    this.#host = host;
    this.#write = write;
  }

  /** From now on the text goes here. */
  writeTo(write: (entry: Entry) => void): void {
    this.#write = write;
  }

  /** From now on a date stands before each line. */
  dateLines(): void {
    this.#dates = true;
  }

  /** One or several lines. */
  line(...lines: readonly string[]): void {
    const date = this.#dates ? `${this.#now()} - ` : '';
    this.#print(lines.map((line) => date + line));
  }

  #print(lines: readonly string[]): void {
    for (const text of lines) this.#host.event('log', { text });
    this.#write(`${lines.join('\n')}\n`);
  }

  #now(): string {
    return ctime(this.#host.date());
  }

  /** A line that starts with the date: uWSGI does that for what is out of the ordinary. */
  dated(text: string): void {
    this.#print([`${this.#now()} - ${text}`]);
  }

  /** Bytes that the application writes: all of them for the log, in the trace no more than a page can take. */
  raw(bytes: Uint8Array): void {
    const written = this.#decoder.decode(bytes, { stream: true });
    const lines = (this.#partial + written).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const text of lines) this.#trace(text);
    this.#write(written);
  }

  #trace(text: string): void {
    const second = Math.floor(this.#host.now() / 1000);
    if (second !== this.#second) [this.#second, this.#traced] = [second, 0];
    this.#traced++;
    if (this.#traced <= TRACED_A_SECOND) this.#host.event('log', { text });
    else if (this.#traced === TRACED_A_SECOND + 1) this.#host.event('log', { text: '[sandbox] more lines follow; the log has them all' });
  }

  /** A request is completed. */
  request(record: RequestRecord): void {
    this.#write(requestLine(record));
  }

  /** Resolves when all that was written is out: before the process ends. */
  async drained(): Promise<void> {
    await this.#host.printError('');
  }
}

/** What the request line of the log is made of. */
export interface RequestRecord {
  readonly pid: number;
  /** Number of the app, -1 when there was none to call. */
  readonly app: number;
  /** Requests this worker's app has begun. */
  readonly workerRequests: number;
  readonly address: string;
  readonly user: string;
  readonly vars: number;
  readonly packetBytes: number;
  readonly began: number;
  readonly method: string;
  readonly uri: string;
  readonly protocol: string;
  readonly bodyBytes: number;
  readonly ms: number;
  readonly status: number;
  readonly headers: number;
  readonly headerBytes: number;
  readonly switches: number;
  /** With memory-report. */
  readonly memory: MemoryUse | null;
}

const amount = (bytes: number): string => `${bytes} bytes/${Math.floor(bytes / 1024 / 1024)}MB`;
const memoryReport = ({ size, used }: MemoryUse): string => `{address space usage: ${amount(size)}} {rss usage: ${amount(used)}} `;

/** uWSGI's default request line, but for the number of requests that the instance has completed. */
function requestLine(r: RequestRecord): Entry {
  return [
    `${r.memory ? memoryReport(r.memory) : ''}[pid: ${r.pid}|app: ${r.app}|req: ${r.workerRequests}/`,
    `] ${r.address} (${r.user}) ` +
      `{${r.vars} vars in ${r.packetBytes} bytes} [${ctime(r.began)}] ${r.method} ${r.uri} => ` +
      `generated ${r.bodyBytes} bytes in ${Math.floor(r.ms)} msecs (${r.protocol} ${r.status}) ` +
      `${r.headers} headers in ${r.headerBytes} bytes (${r.switches} switches on core 0)`,
  ];
}
