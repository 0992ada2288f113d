import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { random, randomLog, shuffled } from '../trace/fixtures/random.ts';
import { small } from '../trace/fixtures/small.ts';
import { TraceLog } from '../trace/log.ts';
import { ringOf } from '../trace/ring.ts';
import { DEFAULTS } from './application-host.ts';
import { loadOf } from './arrivals.ts';
import { Iis } from './iis.ts';
import { NEVER } from './records.ts';
import { stateAt } from './state.ts';

const recording = (lesson: string): TraceLog => TraceLog.parse(readFileSync(`lessons/en/${lesson}/recording.ndjson`, 'utf8'));

describe('the load that the model takes from a log', () => {
  it('has arrival, service time and fate of each request', () => {
    const { arrivals, deeds } = loadOf(new TraceLog(small));
    expect(arrivals).toMatchObject([
      { number: 1, t: 11, service: 5, fate: 'answers', file: false, guessed: false },
      // it died in its worker
      { number: 2, service: 7, fate: 'dies' },
    ]);
    expect(deeds).toEqual([]);
  });

  it('does not know how long something takes that has not ended', () => {
    const { arrivals } = loadOf(new TraceLog(small.filter((event) => event.t < 18)));
    expect(arrivals.map((one) => one.service)).toEqual([NEVER, NEVER]);
  });

  it('follows a log that grows', () => {
    const log = new TraceLog(small.filter((event) => event.t < 18));
    const before = loadOf(log);
    expect(loadOf(log)).toBe(before);
    log.add(small);
    expect(loadOf(log)).toEqual(loadOf(new TraceLog(small)));
  });

  it('tells a file from the app', () => {
    const { arrivals } = loadOf(recording('11-which-worker'));
    expect(arrivals.filter((one) => one.file).map((one) => new URL(one.url).pathname)).toEqual(['/static/site.css']);
    expect(arrivals.filter((one) => one.fate === 'dies')).toHaveLength(1);
  });

  it('lets hang what harakiri ended, crash what crashed, and recycles where uWSGI was restarted', () => {
    const { arrivals, deeds } = loadOf(recording('07-one-fails'));
    const ends = (path: string): string[] =>
      arrivals.filter((one) => one.url.endsWith(path)).map((one) => `${one.fate} ${Number.isFinite(one.service)}`);
    expect(ends('/crash')).toEqual(['dies true']);
    expect(new Set(ends('/stuck'))).toEqual(new Set(['answers false']));
    expect(deeds).toMatchObject([{ do: 'recycle' }]);
  });

  it('lets hang what ended with a server that was asked to end, however it ended', () => {
    const unseen = small.flatMap((event) =>
      event.type === 'process.exit' && event.pid === 3 ? [{ ...event, code: null, signal: null }] : [event],
    );
    const fate = (events: typeof small): unknown => loadOf(new TraceLog(events)).arrivals[1];
    expect(fate(unseen)).toMatchObject({ fate: 'dies' });
    const asked = { type: 'process.signal' as const, t: 29, pid: 2, seq: 999, signal: 'SIGTERM', from: 0 };
    expect(fate([...unseen, asked])).toMatchObject({ fate: 'answers', service: NEVER });
  });

  it.each([1, 2, 3, 4, 5, 6])('leads to the same states whether the log came at once or in pieces, in any order (seed %i)', (seed) => {
    const events = randomLog(seed, 200);
    const whole = new Iis({ ...DEFAULTS, maxProcesses: 2 });
    whole.feed(loadOf(new TraceLog(events)));
    const log = new TraceLog();
    const grown = new Iis({ ...DEFAULTS, maxProcesses: 2 });
    for (let i = 0; i < events.length; i += 37) {
      log.add(shuffled(events.slice(i, i + 37), random(seed + i)));
      grown.feed(loadOf(log));
      stateAt(grown, log.end);
    }
    const end = log.end + 1000;
    for (const iis of [whole, grown]) stateAt(iis, end);
    const plain = (iis: Iis, t: number): string =>
      JSON.stringify(stateAt(iis, t), (name, value: unknown) => (name === 'number' ? undefined : value));
    const differ = Array.from({ length: 50 }, (_, i) => (end * i) / 50).filter((t) => plain(grown, t) !== plain(whole, t));
    expect(differ).toEqual([]);
  });

  it.each([1, 2, 3])('keeps the past that a live log has dropped (seed %i)', (seed) => {
    const whole = new TraceLog(randomLog(seed, 300));
    const ring = new TraceLog([], null, ringOf(600));
    const settings = { ...DEFAULTS, maxProcesses: 2 };
    const [one, other] = [new Iis(settings), new Iis(settings)];
    loadOf(ring);
    for (let i = 0; i < whole.events.length; i += 37) {
      ring.add(whole.events.slice(i, i + 37));
      // nobody looks for long
      if (i % (37 * 40) === 0) other.feed(loadOf(ring));
      stateAt(other, ring.end);
    }
    expect(ring.dropped).toBeGreaterThan(600);
    one.feed(loadOf(whole));
    other.feed(loadOf(ring));
    expect(loadOf(ring).deeds).toEqual(loadOf(whole).deeds);
    const plain = (iis: Iis, t: number): string =>
      JSON.stringify(stateAt(iis, t), (name, value: unknown) => (name === 'number' ? undefined : value));
    const end = whole.end + 1000;
    for (const iis of [one, other]) stateAt(iis, end);
    const differ = Array.from({ length: 50 }, (_, i) => (end * i) / 50).filter((t) => plain(other, t) !== plain(one, t));
    expect(differ).toEqual([]);
    expect(stateAt(other, end).over).toEqual(stateAt(one, end).over);
  });
});
