import { expect, test } from 'vitest';
import { random, randomLog } from './fixtures/random.ts';
import { small } from './fixtures/small.ts';
import { TraceLog } from './log.ts';
import { Story } from './story.ts';
import { indexOf } from './trace-index.ts';

test('property: both clocks only go forward and lead back to where they came from', () => {
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

test('property: the end on the screen is the end of the log to the last bit, so that what happened last is seen', () => {
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

test('property: what was shown is never mapped anew while the log grows, in any order', () => {
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
      for (let screen = 0; screen <= shown; screen += 50) past.set(screen, story.traceTime(screen));
      past.set(shown, story.traceTime(shown));
    }
    expect(story.end).toBeGreaterThanOrEqual(shown - 200);
  }
});
