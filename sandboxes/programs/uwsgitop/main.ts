/**
 * uwsgitop ADDRESS: what a uWSGI's stats server says, as the table of uwsgitop (github.com/xrmx/uwsgitop): the busiest worker
 * first. Once; with `--frequency N` again every N seconds until Ctrl-C, as the original always does.
 */
import { type Address, type Host, isSystemError } from '../../host/host.ts';
import { parseArguments } from '../arguments.ts';
import { ctime } from '../uwsgi/log.ts';

const USAGE = 'usage: uwsgitop [--frequency SECONDS] ADDRESS   (host:port or the path of a Unix socket)\n';
const COLUMNS = ['WID', '%', 'PID', 'REQ', 'RPS', 'EXC', 'SIG', 'STATUS', 'AVG', 'RSS', 'VSZ', 'TX', 'ReSpwn', 'HC', 'RunT', 'LastSpwn'];
const CLEAR = '\x1b[H\x1b[2J';

interface Stats {
  readonly version: string;
  readonly listen_queue: number;
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  readonly cwd: string;
  readonly workers: readonly Worker[];
}

interface Worker {
  readonly id: number;
  readonly pid: number;
  readonly requests: number;
  readonly exceptions: number;
  readonly signals: number;
  readonly status: string;
  readonly avg_rt: number;
  readonly rss: number;
  readonly vsz: number;
  readonly tx: number;
  readonly respawn_count: number;
  readonly harakiri_count: number;
  readonly running_time: number;
  readonly last_spawn: number;
}

export default async function uwsgitop(host: Host): Promise<number> {
  const parsed = parseArguments(host.args, { flags: ['-h', '--help'], values: ['--frequency'] });
  const place = 'rest' in parsed ? parsed.rest[0] : undefined;
  if (!('rest' in parsed) || place === undefined || parsed.flags.size > 0) {
    await host.printError(USAGE);
    return 2;
  }
  const frequency = Number(parsed.values.at(-1)?.[1] ?? 0);
  const meter = new Meter(host);
  for (;;) {
    let stats: Stats;
    try {
      stats = JSON.parse(await readAll(host, addressOf(place))) as Stats;
    } catch (error) {
      const why = isSystemError(error) ? `[Errno ${error.errno}] ${error.strerror}` : 'this is no stats server of uWSGI';
      await host.printError(`uwsgitop: ${place}: ${why}\n`);
      return 1;
    }
    const page = screen(stats, place, host.date(), meter.measure(stats));
    await host.print(frequency > 0 ? CLEAR + page : page);
    if (!(frequency > 0)) return 0;
    await host.sleep(frequency * 1000);
  }
}

function addressOf(place: string): Address {
  const colon = place.lastIndexOf(':');
  if (colon < 0) return { path: place };
  const ip = place.slice(0, colon);
  return { port: Number(place.slice(colon + 1)), ip: ip === 'localhost' || ip === '' ? '127.0.0.1' : ip };
}

async function readAll(host: Host, address: Address): Promise<string> {
  const connection = await host.connect(address);
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read())
    text += decoder.decode(bytes, { stream: true });
  connection.close();
  return text;
}

/** Requests a second of each worker, since the last look: none at the first one. */
class Meter {
  #host: Host;
  #at: number | null = null;
  #requests = new Map<number, number>();

  constructor(host: Host) {
    this.#host = host;
  }

  measure({ workers }: Stats): (worker: Worker) => number {
    const now = this.#host.now();
    const seconds = this.#at === null ? null : (now - this.#at) / 1000;
    const before = this.#requests;
    this.#at = now;
    this.#requests = new Map(workers.map(({ id, requests }) => [id, requests]));
    return ({ id, requests }) => (seconds ? (requests - (before.get(id) ?? 0)) / seconds : 0);
  }
}

function screen(stats: Stats, place: string, date: number, perSecond: (worker: Worker) => number): string {
  const { version, workers, listen_queue, cwd, uid, gid, pid } = stats;
  const sum = (of: (worker: Worker) => number): number => workers.reduce((total, worker) => total + of(worker), 0);
  const total = sum(({ requests }) => requests);
  const node = place.includes(':') ? place.slice(0, place.lastIndexOf(':')) : 'sandbox';
  const lines = [
    `uwsgi-${version} - ${ctime(date)} - req: ${total} - RPS: ${Math.round(sum(perSecond))} - lq: ${listen_queue} - tx: ${size(sum(({ tx }) => tx))}`,
    `node: ${node} - cwd: ${cwd} - uid: ${uid} - gid: ${gid} - masterpid: ${pid}`,
    ` ${COLUMNS.join('\t')}`,
  ];
  for (const worker of workers.toSorted((a, b) => b.requests - a.requests)) {
    const share = total === 0 ? 0 : (100 * worker.requests) / total;
    const cells = [
      worker.id,
      share.toFixed(1),
      worker.pid,
      worker.requests,
      Math.round(perSecond(worker)),
      worker.exceptions,
      worker.signals,
      worker.status,
      `${Math.floor(worker.avg_rt / 1000)}ms`,
      size(worker.rss),
      size(worker.vsz),
      size(worker.tx),
      worker.respawn_count,
      worker.harakiri_count,
      runningTime(worker.running_time / 1000),
      worker.last_spawn === 0 ? '--:--:--' : new Date(worker.last_spawn * 1000).toISOString().slice(11, 19),
    ];
    lines.push(` ${cells.join('\t')}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Bytes as uwsgitop writes them: `1.5K`. */
function size(bytes: number): string {
  for (const [unit, one] of [['G', 2 ** 30] as const, ['M', 2 ** 20] as const, ['K', 2 ** 10] as const]) {
    if (bytes >= one) return `${(bytes / one).toFixed(1)}${unit}`;
  }
  return String(bytes);
}

/** Milliseconds, or minutes when they are many, as Python prints a quotient. */
function runningTime(ms: number): string {
  const quotient = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  return ms > 9_999_999 ? `${quotient(ms / 60_000)}m` : quotient(ms);
}
