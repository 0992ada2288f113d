/**
 * The client of this benchmark: one text for the machine and for the sandbox, which only differ in how they connect. It asks as
 * fast as it can, or it watches how long a server leaves it without a good answer.
 */

import { median } from '../../../src/numbers/median.ts';

/** A connection, as either side has it. */
export interface Line {
  /** The next bytes, or null at the end. */
  read(): Promise<Uint8Array | null>;
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
}

export interface Surroundings {
  connect(): Promise<Line>;
  /** Milliseconds, the clock that the benchmark reads, too. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface Asking {
  readonly kind: 'ask';
  readonly port: number;
  readonly sealed: boolean;
  readonly path: string;
  /** A connection for each request, or one for all of a client's. */
  readonly kept: boolean;
  readonly clients: number;
  readonly warmUp: number;
  readonly measured: number;
}

export interface Asked {
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds: the middle one. */
  readonly middle: number;
  /** All that were sent, also while it warmed up. */
  readonly sent: number;
}

export interface Watching {
  readonly kind: 'watch';
  readonly port: number;
  readonly sealed: boolean;
  readonly path: string;
  /** Milliseconds. */
  readonly lasts: number;
  /** Ends with the first good answer. */
  readonly untilFirst: boolean;
}

export interface Watched {
  /** The clock at the first good answer; null when none came. */
  readonly first: number | null;
  /** The longest time between two good answers. */
  readonly gap: number;
  /** Answers that were not good, and connections that were refused or cut off. */
  readonly lost: number;
  /** Milliseconds from its first attempt to its end. */
  readonly lasted: number;
}

/** Fewer answers than this have no middle: it goes on until it has them. */
const LEAST = 5;

/** Between two requests of one who watches. */
const PAUSE_MS = 4;
const PATIENCE_MS = 20_000;

const requestBytes = ({ path }: { readonly path: string }, kept: boolean): Uint8Array =>
  new TextEncoder().encode(
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: numbers/1.0\r\nAccept: */*\r\nConnection: ${kept ? 'keep-alive' : 'close'}\r\n\r\n`,
  );

/** Reads one answer. Errors: it is not a 200, or has no length. */
async function answer(line: Line): Promise<void> {
  let text = '';
  let got = 0;
  for (let expected = Number.POSITIVE_INFINITY; got < expected; ) {
    const bytes = await line.read();
    if (bytes === null) throw new Error(`the connection ended after ${got} bytes`);
    got += bytes.length;
    if (expected !== Number.POSITIVE_INFINITY) continue;
    text += String.fromCharCode(...bytes.subarray(0, 2048));
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) continue;
    const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
    if (!/^HTTP\/1.[01] 200 /.test(text) || length === undefined) throw new Error(`no good answer: ${text.slice(0, 200)}`);
    expected = end + 4 + Number(length);
  }
}

export async function ask({ connect, now }: Surroundings, asking: Asking): Promise<Asked> {
  const { kept, clients, warmUp, measured } = asking;
  const request = requestBytes(asking, kept);
  const begin = now() + warmUp;
  const end = begin + measured;
  const times: number[] = [];
  let sent = 0;
  let inTime = 0;
  const client = async (): Promise<void> => {
    let line: Line | null = null;
    for (let began = now(); began < end || times.length < LEAST; began = now()) {
      line ??= await connect();
      sent++;
      await line.write(request);
      await answer(line);
      const ended = now();
      if (began >= begin) times.push(ended - began);
      // However long it stood in the queue before.
      if (ended >= begin && ended <= end) inTime++;
      if (kept) continue;
      line.close();
      line = null;
    }
    line?.close();
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { rate: (inTime / measured) * 1000, middle: median(times), sent };
}

/** Errors: no good answer came any more. */
export async function watch({ connect, now, sleep }: Surroundings, watching: Watching): Promise<Watched> {
  const request = requestBytes(watching, false);
  const begin = now();
  let last = begin;
  let [gap, lost] = [0, 0];
  let first: number | null = null;
  let failed = false;
  const end = begin + watching.lasts;
  // What is not over in time is waited for, or its length would be lost.
  while ((now() < end || (failed && now() < end + PATIENCE_MS)) && !(watching.untilFirst && first !== null)) {
    let line: Line | null = null;
    try {
      line = await connect();
      await line.write(request);
      await answer(line);
      const ended = now();
      first ??= ended;
      gap = Math.max(gap, ended - last);
      last = ended;
      failed = false;
    } catch {
      lost++;
      failed = true;
    }
    line?.close();
    await sleep(PAUSE_MS);
  }
  if (failed && !watching.untilFirst) throw new Error('no good answer came any more');
  return { first, gap, lost, lasted: now() - begin };
}

/** What it is told to do, and what it says of it. */
export const doIt = (surroundings: Surroundings, task: Asking | Watching): Promise<Asked | Watched> =>
  task.kind === 'ask' ? ask(surroundings, task) : watch(surroundings, task);
