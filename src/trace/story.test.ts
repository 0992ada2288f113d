import { expect, test } from 'vitest';
import { random, randomLog } from './fixtures/random.ts';
import { small } from './fixtures/small.ts';
import { TraceLog } from './log.ts';
import { Story } from './story.ts';
import { indexOf } from './trace-index.ts';

/** Thousands of comparisons, on a machine that may be busy. */
const SLOW = { timeout: 30_000 };

test('property: both clocks only go forward and lead back to where they came from', SLOW, () => {
  for (let seed = 1; seed <= 10; seed++) {
    const log = new TraceLog(randomLog(seed));
    const story = new Story(log);
    let before = -1;
    for (let t = 0; t <= log.end; t += 0.25) {
      const screen = story.screenTime(t);
      expect(screen).toBeGreaterThan(before);
      expect(story.traceTime(screen)).toBeCloseTo(t, 6);
      before = screen;
    }
  }
});

test('property: the end on the screen is the end of the log to the last bit, so that what happened last is seen', SLOW, () => {
  for (let seed = 1; seed <= 50; seed++) {
    const log = new TraceLog(randomLog(seed));
    const story = new Story(log);
    expect(story.traceTime(story.end)).toBe(indexOf(log).moments.at(-1)?.t);
  }
});

test('every hop on the way between two places can be seen, when few are under way', () => {
  const log = new TraceLog(small);
  const story = new Story(log);
  for (const request of indexOf(log).requests.list) {
    request.hops.slice(0, -1).forEach((hop, i) => {
      const shown = story.screenTime(request.hops[i + 1]?.t ?? 0) - story.screenTime(hop.t);
      expect(shown, `${request.number} ${hop.stage}`).toBeGreaterThanOrEqual(
        ['gate', 'queued'].includes(hop.stage) ? 60 - 1e-6 : 250 - 1e-6,
      );
    });
  }
});

test('an idle minute is short, a second of work is a second', () => {
  const request = (t: number, conn: string, ms: number) => [
    { type: 'client.request' as const, t, pid: 5, seq: t, conn, n: 1, method: 'GET', url: '/' },
    { type: 'client.response' as const, t: t + ms, pid: 5, seq: t + 1, conn, n: 1, status: 200, bytes: 0, server: 'nginx' },
  ];
  const story = new Story(new TraceLog([...request(0, 'a', 1000), ...request(61_000, 'b', 2)]));
  expect(story.screenTime(1000) - story.screenTime(0)).toBeCloseTo(1000, 3);
  expect(story.screenTime(61_000) - story.screenTime(1000)).toBeLessThan(4000);
});

test('property: what was shown is never mapped anew while the log grows, in any order', SLOW, () => {
  for (let seed = 1; seed <= 8; seed++) {
    const next = random(seed);
    const events = randomLog(seed);
    const log = new TraceLog();
    const story = new Story(log);
    let shown = 0;
    const past = new Map<number, number>();
    for (let at = 0; at < events.length; at += 6) {
      // Batches come late: the first event of the next one is often older than what was shown.
      log.add([...events.slice(at, at + 6), ...events.slice(Math.max(0, at - 3), at)].reverse());
      story.update();
      for (const [screen, t] of past) expect(story.traceTime(screen)).toBeCloseTo(t, 6);
      shown = Math.min(shown + next() * 900, story.end + 200);
      story.freeze(shown);
      for (let screen = 0; screen <= shown; screen += 150) past.set(screen, story.traceTime(screen));
      past.set(shown, story.traceTime(shown));
    }
    expect(story.end).toBeGreaterThanOrEqual(shown - 200);
  }
});

/** One request to a worker that takes `ms`, sent at `t`; the rest is quick. */
const alone = (t: number, ms: number, conn = 'a') => [
  { type: 'client.request' as const, t, pid: 5, seq: t * 100, conn, n: 1, method: 'GET', url: '/' },
  { type: 'nginx.request' as const, t: t + 0.1, pid: 4, seq: t * 100, conn, n: 1, method: 'GET', uri: '/', host: 'x' },
  { type: 'conn.queued' as const, t: t + 0.2, pid: 4, seq: t * 100 + 1, conn: `u${conn}`, listener: 1, waiting: 1 },
  { type: 'nginx.upstream' as const, t: t + 0.3, pid: 4, seq: t * 100 + 2, conn, n: 1, upstream: `u${conn}`, address: 'unix:/s' },
  { type: 'conn.accepted' as const, t: t + 0.3, pid: 3, seq: t * 100, conn: `u${conn}`, listener: 1, waiting: 0, client: 4 },
  { type: 'wsgi.call' as const, t: t + 0.4, pid: 3, seq: t * 100 + 1, conn: `u${conn}`, worker: 1, method: 'GET', uri: '/' },
  {
    type: 'wsgi.return' as const,
    t: t + ms,
    pid: 3,
    seq: t * 100 + 2,
    conn: `u${conn}`,
    worker: 1,
    status: 200,
    bytes: 2,
    ms,
    error: false,
  },
  { type: 'nginx.response' as const, t: t + ms + 0.1, pid: 4, seq: t * 100 + 3, conn, n: 1, status: 200, bytes: 2, seconds: 0 },
  { type: 'client.response' as const, t: t + ms + 0.2, pid: 5, seq: t * 100 + 1, conn, n: 1, status: 200, bytes: 2, server: 'nginx' },
];
const shownOf = (log: TraceLog, key: string): number => {
  const story = new Story(log);
  const request = indexOf(log).requests.byKey.get(key);
  return story.screenTime(request?.end ?? 0) - story.screenTime(request?.start ?? 0);
};

test('a request of two milliseconds can be watched, also when it only takes a file', () => {
  expect(shownOf(new TraceLog(alone(0, 2)), 'a/1')).toBeGreaterThanOrEqual(1500);
  const file = [
    ...alone(0, 2).filter(({ type }) => type.startsWith('client.') || type === 'nginx.request' || type === 'nginx.response'),
    { type: 'nginx.file' as const, t: 0.2, pid: 4, seq: 90, conn: 'a', n: 1, path: '/x', found: true },
  ];
  expect(shownOf(new TraceLog(file), 'a/1')).toBeGreaterThanOrEqual(1500);
});

test('property: however long a request waits for nothing else, it is over in eight seconds; a longer one takes longer', () => {
  const next = random(3);
  let before = 0;
  for (const ms of Array.from({ length: 40 }, () => 2 + next() * 59_998).sort((a, b) => a - b)) {
    const shown = shownOf(new TraceLog(alone(0, ms)), 'a/1');
    expect(shown).toBeGreaterThanOrEqual(Math.max(1500, before));
    expect(shown).toBeLessThanOrEqual(8000 + 1e-6);
    before = shown;
  }
  // the wait itself, in the room while the next one stands in the line
  expect(shownOf(new TraceLog([...alone(0, 60_000), ...alone(1, 60_001, 'b')]), 'b/1')).toBeLessThanOrEqual(9000);
});

test('property: a live story, read batch by batch, is the one that is read at once', SLOW, () => {
  for (let seed = 1; seed <= 10; seed++) {
    const next = random(seed);
    const events = new TraceLog(randomLog(seed, 60)).events;
    const log = new TraceLog();
    const story = new Story(log);
    for (let at = 0; at < events.length; ) {
      const size = 1 + Math.floor(next() * 30);
      // a few come late
      log.add(events.slice(at, at + size).filter((_, i) => i % 7 !== 3));
      story.update();
      log.add(events.slice(at, at + size));
      story.update();
      at += size;
    }
    const fresh = new Story(new TraceLog(events));
    expect(story.end).toBeCloseTo(fresh.end, 6);
    for (let t = 0; t <= log.end; t += 1) expect(story.screenTime(t)).toBeCloseTo(fresh.screenTime(t), 6);
  }
});
