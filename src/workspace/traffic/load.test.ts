import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Clock, FASTEST, Load, MOST, type Route } from './load.ts';

/** A clock that goes when it is told to, and a server that answers when it is told to. */
function bench(routes: readonly Route[] = [{ url: '/', parts: 1 }]) {
  let time = 0;
  let timer: { ms: number; what: () => void } | null = null;
  const clock: Clock = {
    now: () => time,
    every: (ms, what) => {
      timer = { ms, what };
      return () => {
        timer = null;
      };
    },
  };
  const sent: string[] = [];
  const open: (() => void)[] = [];
  const load = new Load((url) => {
    sent.push(url);
    return new Promise<void>((resolve, reject) => open.push(sent.length % 2 ? resolve : reject));
  }, clock);
  load.routes = routes;
  return {
    load,
    sent,
    ticks: () => timer !== null,
    /** Lets time pass, tick by tick, or in one leap as in a tab that sleeps. */
    pass(ms: number, step = timer?.ms ?? ms): void {
      for (let gone = 0; gone < ms; gone += step) {
        time += step;
        timer?.what();
      }
    },
    async answer(): Promise<void> {
      for (const over of open.splice(0)) over();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe('a steady load', () => {
  it('sends at once, and then so many a second', async () => {
    const { load, sent, pass, answer } = bench();
    load.rate = 10;
    expect(sent).toHaveLength(1);
    for (let i = 0; i < 20; i++) {
      pass(500);
      await answer();
    }
    expect(sent).toHaveLength(101);
    expect([load.sent, load.outstanding, load.missed, load.isBehind]).toEqual([101, 0, 0, false]);
  });

  it('never has more under way than it may, and says what it left out', async () => {
    const { load, pass, answer } = bench();
    load.rate = 1000;
    expect(load.rate).toBe(FASTEST);
    pass(3000);
    expect([load.outstanding, load.isBehind]).toEqual([MOST, true]);
    expect(load.missed).toBeGreaterThan(80);
    await answer();
    pass(1000);
    expect(load.isBehind).toBe(true);
    await answer();
    pass(1000);
    // two seconds after the last that it left out
    expect(load.isBehind).toBe(false);
  });

  it('does not make up for what it slept through', () => {
    const { load, sent, pass } = bench();
    load.rate = 20;
    pass(60_000, 60_000);
    expect(sent.length).toBeLessThanOrEqual(6);
  });

  it('stops, and leaves no timer', () => {
    const { load, sent, pass, ticks } = bench();
    load.rate = 20;
    load.rate = 0;
    expect(ticks()).toBe(false);
    pass(1000);
    expect(sent).toHaveLength(1);
  });
});

it('sends a burst at once', () => {
  const { load, sent } = bench();
  load.burst(40);
  load.burst(40);
  expect([sent.length, load.outstanding, load.missed]).toEqual([MOST, MOST, 20]);
});

describe('a mix', () => {
  it('is spread evenly', () => {
    const { load, sent } = bench([
      { url: 'a', parts: 3 },
      { url: 'b', parts: 1 },
      { url: 'c', parts: 0 },
    ]);
    load.burst(8);
    expect(sent.join('')).toBe('aabaaaba');
  });

  it('has of each what its parts say, in every whole round', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 6 }), (parts) => {
        const whole = parts.reduce((sum, one) => sum + one, 0);
        const { load, sent } = bench(parts.map((one, i) => ({ url: String(i), parts: one })));
        load.burst(whole);
        expect(parts.map((_, i) => sent.filter((url) => url === String(i)).length)).toEqual(parts);
      }),
    );
  });

  it('of nothing sends nothing', () => {
    const { load, sent } = bench([]);
    load.burst(5);
    expect([sent.length, load.sent]).toEqual([0, 0]);
  });
});
