/**
 * Server-sent events over fetch: it reconnects with growing pauses, notices a connection that has gone silent, and tells a room that does
 * not exist from a network that is away. EventSource can do neither of the last two. The same code runs in the page and in Node's tests.
 */
import { chunksOf } from '../chunks.ts';

export interface StreamEvents {
  message(data: string): void;
  open(): void;
  /** It is tried again. */
  lost(): void;
  /** The server does not want it, and says why: it is not tried again. */
  refused(why: string): void;
}

/** The relay sends at least a comment so often (ms) … */
export const BEAT_MS = 10_000;
/** … so after this (ms) nothing comes any more. */
const SILENT_MS = 2.5 * BEAT_MS;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** How long (ms) to wait before the `n`th try, n from 0. Not all at once: a class loses its relay together. `random` is from 0 to 1. */
export const pauseBefore = (n: number, random: number): number => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** n) * (0.5 + random / 2);

/** Opens it and keeps it open; returns what ends that. */
export function openStream(address: string, events: StreamEvents): () => void {
  let tries = 0;
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let connection = new AbortController();

  async function connect(): Promise<void> {
    connection = new AbortController();
    const { signal } = connection;
    let silence = setTimeout(() => connection.abort(), SILENT_MS);
    try {
      const answer = await fetch(address, { headers: { Accept: 'text/event-stream' }, cache: 'no-store', signal });
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) return end(await reasonIn(answer));
      if (!answer.ok || !answer.body) throw new Error(`the relay says ${answer.status}`);
      events.open();
      const read = reader((data) => {
        tries = 0;
        events.message(data);
      });
      const text = new TextDecoder();
      for await (const piece of chunksOf(answer.body)) {
        clearTimeout(silence);
        silence = setTimeout(() => connection.abort(), SILENT_MS);
        read(text.decode(piece, { stream: true }));
      }
    } catch {
      // whatever it was: it is tried again
    } finally {
      clearTimeout(silence);
    }
    if (ended) return;
    events.lost();
    timer = setTimeout(() => void connect(), pauseBefore(tries++, Math.random()));
  }

  function end(why: string): void {
    ended = true;
    events.refused(why);
  }

  void connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    connection.abort();
  };
}

/** Takes a stream in pieces of any size, and hands on the data of each event. Comments keep it alive and say nothing. */
export function reader(take: (data: string) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const events = (rest + piece).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trimStart()] : []));
      if (data.length) take(data.join('\n'));
    }
  };
}

/** What a refusal says. */
export async function reasonIn(answer: Response): Promise<string> {
  const said: unknown = await answer.json().catch(() => null);
  const error = typeof said === 'object' && said !== null ? (said as { error?: unknown }).error : null;
  return typeof error === 'string' ? error : `The relay says ${answer.status}.`;
}
