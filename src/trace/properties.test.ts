/** What holds for every log, tried on simulated runs. */
import { expect, test } from 'vitest';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { random, randomLog, shuffled } from './fixtures/random.ts';
import type { Frame, ProcessFrame } from './frame.ts';
import { frameAt } from './frame.ts';
import { TraceLog } from './log.ts';
import { markersOf } from './markers.ts';
import { ringOf } from './ring.ts';
import { Story } from './story.ts';
import { indexOf, longestQueue, OUTCOMES } from './trace-index.ts';
import { REAL } from './vocabulary.ts';

/** Thousands of comparisons, on a machine that may be busy. */
const SLOW = { timeout: 30_000 };

/** Frames compared by what is in them; `trace` is the join itself and compared elsewhere, the number depends on what came first. */
const plain = (frame: Frame) => {
  const bare = ({ trace: _, ...process }: ProcessFrame) => process;
  return {
    ...frame,
    requests: frame.requests.map(({ trace: _, number: __, ...rest }) => rest),
    processes: frame.processes.map(bare),
    workers: frame.workers.map(bare),
    gate: frame.gate && bare(frame.gate),
    master: frame.master && bare(frame.master),
  };
};
const momentsOf = (log: TraceLog, from = Number.NEGATIVE_INFINITY) =>
  indexOf(log)
    .moments.filter(({ t }) => t >= from)
    .map(({ t, request, hop, late, event }) =>
      request
        ? `${t} ${request.key} ${hop === undefined ? `late ${late}` : request.hops[hop]?.stage}`
        : `${t} ${event?.type} ${event?.pid}`,
    );
const marksOf = (log: TraceLog, from = Number.NEGATIVE_INFINITY) =>
  markersOf(log, REAL)
    .filter(({ t }) => t >= from)
    .map((marker) => ({ ...marker, text: marker.text.replace(/request \d+/, 'request') }));

/** The longest listen queue, looked for at every time at which one more came. */
function longestOf(log: TraceLog): number {
  const waits = indexOf(log).requests.list.flatMap(({ hops }) =>
    hops.flatMap(({ stage, t }, at) => (stage === 'queued' ? [{ from: t, to: hops[at + 1]?.t ?? Number.POSITIVE_INFINITY }] : [])),
  );
  return waits.reduce((most, { from: t }) => Math.max(most, waits.filter(({ from, to }) => from <= t && t < to).length), 0);
}

/** Batches of all sizes; some are handed over twice. */
function inBatches(events: readonly TraceEvent[], next: () => number, add: (batch: readonly TraceEvent[]) => void): void {
  for (let at = 0; at < events.length; ) {
    const size = 1 + Math.floor(next() ** 3 * 80);
    const batch = events.slice(at, at + size);
    add(batch);
    if (next() < 0.2) add(batch);
    at += size;
  }
}

test('every request that has begun is in exactly one place, or answered', SLOW, () => {
  for (let seed = 1; seed <= 6; seed++) {
    const log = new TraceLog(randomLog(seed, 50));
    const { requests } = indexOf(log);
    expect(requests.list).toHaveLength(50);
    for (let t = 0; t <= log.end + 1; t += 1.7) {
      const frame = frameAt(log, t);
      const keys = frame.requests.map((request) => request.key);
      expect(new Set(keys).size).toBe(keys.length);
      const over = OUTCOMES.reduce((sum, outcome) => sum + frame.answers[outcome], 0);
      expect(keys.length + over).toBe(requests.list.filter((request) => request.start <= t).length);
      const waiting = frame.listeners.flatMap((listener) => listener.waiting);
      expect([...waiting].sort()).toEqual(frame.requests.flatMap((request) => (request.stage === 'queued' ? [request.key] : [])).sort());
      for (const { waiting: line } of frame.listeners)
        expect(line.map((key) => frame.requests.find((request) => request.key === key)?.place)).toEqual(line.map((_, place) => place + 1));
      const inRooms = frame.requests.filter((request) => request.stage === 'room');
      for (const request of inRooms) {
        const room = frame.workers.find((process) => process.pid === request.pid);
        // A worker that has just died still shows what it was doing until nginx notices.
        expect(room?.state === 'dead' ? request.key : room?.request).toBe(request.key);
      }
      expect(new Set(inRooms.map((request) => request.pid)).size).toBe(inRooms.length);
      for (const request of frame.requests) {
        expect(request.progress).toBeGreaterThanOrEqual(0);
        expect(request.progress).toBeLessThan(1);
      }
    }
    expect(frameAt(log, log.end + 1).requests).toEqual([]);
  }
});

test('any order of arrival, in batches of any size, some of them twice, gives the same frames, markers and moments', SLOW, () => {
  for (let seed = 1; seed <= 8; seed++) {
    const next = random(seed);
    const events = randomLog(seed, 60);
    const straight = new TraceLog(events);
    const mixed = new TraceLog();
    inBatches(shuffled(events, next), next, (batch) => {
      mixed.add(batch);
      frameAt(mixed, next() * straight.end);
      markersOf(mixed, REAL);
    });
    expect(mixed.events).toEqual(straight.events);
    expect(longestOf(straight)).toBeGreaterThan(1);
    expect([mixed, straight].map(longestQueue)).toEqual([longestOf(straight), longestOf(straight)]);
    expect(momentsOf(mixed)).toEqual(momentsOf(straight));
    expect(marksOf(mixed)).toEqual(marksOf(straight));
    expect(indexOf(mixed).requests.list.map(({ number: _, ...rest }) => rest)).toEqual(
      indexOf(straight).requests.list.map(({ number: _, ...rest }) => rest),
    );
    for (let i = 0; i < 40; i++) {
      const t = next() * straight.end;
      expect(plain(frameAt(mixed, t))).toEqual(plain(frameAt(straight, t)));
    }
  }
});

test('a log that grew is one that was there at once: frames, numbers, moments, markers, story', SLOW, () => {
  for (let seed = 1; seed <= 8; seed++) {
    const next = random(seed);
    const events = new TraceLog(randomLog(seed, 60)).events;
    const grown = new TraceLog();
    const story = new Story(grown);
    inBatches(events, next, (batch) => {
      grown.add(batch);
      story.update();
      if (next() > 0.2) return;
      const fresh = new TraceLog(grown.events);
      const freshStory = new Story(fresh);
      expect(momentsOf(grown)).toEqual(momentsOf(fresh));
      expect(marksOf(grown)).toEqual(marksOf(fresh));
      expect(longestQueue(grown)).toBe(longestOf(grown));
      for (let i = 0; i < 10; i++) {
        const t = next() * grown.end;
        expect(plain(frameAt(grown, t))).toEqual(plain(frameAt(fresh, t)));
        expect(story.screenTime(t)).toBeCloseTo(freshStory.screenTime(t), 6);
      }
    });
  }
});

test('a ring shows of what it keeps what a log shows that keeps everything', SLOW, () => {
  for (let seed = 1; seed <= 3; seed++) {
    const next = random(seed);
    const events = new TraceLog(randomLog(seed, 240)).events;
    const all = new TraceLog();
    const ring = new TraceLog([], null, ringOf(600));
    const story = new Story(ring);
    inBatches(events, next, (batch) => {
      all.add(batch);
      ring.add(batch);
      story.update();
      expect(ring.events.length).toBeLessThanOrEqual(600);
      if (ring.dropped === 0 || next() > 0.05) return;
      const from = ring.whole;
      for (let i = 0; i < 8; i++) {
        const t = from + next() * (ring.end - from);
        expect(plain(frameAt(ring, t))).toEqual(plain(frameAt(all, t)));
        expect(story.traceTime(story.screenTime(t))).toBeCloseTo(t, 6);
      }
      expect(momentsOf(ring, from)).toEqual(momentsOf(all, from));
      const [kept, known] = [marksOf(ring), marksOf(all, from)];
      expect(kept.filter(({ kind }) => kind !== 'full')).toEqual(known.filter(({ kind }) => kind !== 'full'));
      // a queue that was full before is marked from where the ring is whole
      expect(kept).toEqual(expect.arrayContaining(known));
      expect(longestQueue(ring)).toBe(longestOf(ring));
      const index = indexOf(ring);
      expect(index.moments.length).toBeLessThanOrEqual(600);
      expect(index.requests.byKey.size).toBeLessThan(150);
      expect(index.processes.byPid.size).toBeLessThan(40);
    });
    expect(ring.dropped).toBeGreaterThan(events.length / 2);
    expect(frameAt(ring, ring.end).workers.length).toBe(3);
  }
});
