import { describe, expect, it } from 'vitest';
import { type Asking, ask, type Line, type Surroundings, type Watched, watch } from './client.ts';
import { INSIDE, waitMs, wayOf } from './setting.ts';
import { LEAD_MS, seenBy } from './stand.ts';

const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';

/** A server on a clock of its own: each answer takes `took` ms and is what `say` has for that moment; null refuses the connection. */
function server(took: number, say: (now: number) => string | null): Surroundings & { readonly connections: () => number } {
  let clock = 0;
  let connections = 0;
  const connect = async (): Promise<Line> => {
    if (say(clock) === null) throw new Error('refused');
    connections++;
    let left: Uint8Array[] = [];
    return {
      write: async () => {
        clock += took;
        const bytes = new TextEncoder().encode(say(clock) ?? '');
        // in two pieces, as a network may
        left = [bytes.subarray(0, 30), bytes.subarray(30)].filter(({ length }) => length > 0);
      },
      read: async () => left.shift() ?? null,
      close: () => {},
    };
  };
  const sleep = async (ms: number): Promise<void> => {
    clock += ms;
  };
  return { connect, now: () => clock, sleep, connections: () => connections };
}

const asking = (own: Partial<Asking> = {}): Asking => ({
  ...{ kind: 'ask', port: 80, sealed: false, path: '/', kept: true, clients: 1, warmUp: 100, measured: 1000 },
  ...own,
});

describe('who asks', () => {
  it('counts what ends in the time that is measured, after it has warmed up', async () => {
    const place = server(10, () => GOOD);
    expect(await ask(place, asking())).toEqual({ rate: 101, middle: 10, sent: 110 });
    expect(place.connections()).toBe(1);
  });

  it('opens a connection for each request when it is not to keep them', async () => {
    const place = server(10, () => GOOD);
    const { sent } = await ask(place, asking({ kept: false }));
    expect(place.connections()).toBe(sent);
  });

  it('goes on until there is a middle', async () => {
    expect(
      await ask(
        server(900, () => GOOD),
        asking(),
      ),
    ).toMatchObject({ middle: 900, rate: 1 });
  });

  it.each([
    ['an error', 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'],
    ['an answer without a length', 'HTTP/1.1 200 OK\r\n\r\nhello'],
    ['an answer that is cut off', GOOD.slice(0, -1)],
  ])('does not take %s', async (_, text) => {
    await expect(
      ask(
        server(10, () => text),
        asking(),
      ),
    ).rejects.toThrow();
  });
});

describe('who watches', () => {
  const watching = { kind: 'watch', port: 80, sealed: false, path: '/', lasts: 1000, untilFirst: false } as const;

  it('tells the longest time without a good answer, and what was lost in it', async () => {
    const away = (now: number): boolean => now > 300 && now < 500;
    const { gap, lost } = await watch(
      server(6, (now) => (away(now) ? null : GOOD)),
      watching,
    );
    expect(gap).toBeGreaterThan(190);
    expect(gap).toBeLessThan(230);
    expect(lost).toBeGreaterThan(10);
  });

  it('waits for the end of what is not over in time, but not for ever', async () => {
    const until = (back: number) =>
      watch(
        server(6, (now) => (now > 300 && now < back ? null : GOOD)),
        watching,
      );
    expect((await until(3000)).gap).toBeGreaterThan(2600);
    await expect(until(Number.POSITIVE_INFINITY)).rejects.toThrow('any more');
  });

  it('ends with the first good answer when that is all', async () => {
    const { first, lost, lasted } = await watch(
      server(6, (now) => (now < 200 ? null : GOOD)),
      { ...watching, untilFirst: true },
    );
    expect(first).toBeGreaterThanOrEqual(200);
    expect(first).toBeLessThan(220);
    expect(lost).toBe(50);
    expect(lasted).toBe((first ?? 0) + 4);
  });
});

it('does not believe a watcher that began after what it was to see', async () => {
  const watched = (lasted: number) => async (): Promise<Watched> => ({ first: 1, gap: 1, lost: 0, lasted });
  let happened = 0;
  const what = async (): Promise<void> => void happened++;
  expect(await seenBy(watched(LEAD_MS), what)).toMatchObject({ gap: 1 });
  await expect(seenBy(watched(-60_000), what)).rejects.toThrow(/the watcher needed up to 6\d{4} ms to begin/);
  expect(happened).toBe(2);
});

it('knows how long a request waits, and where each way leads', () => {
  expect(waitMs()).toBe(50);
  expect(wayOf('sealed file', INSIDE)).toEqual({ port: 443, sealed: true, path: '/file.txt' });
});
