import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TraceEvent, TraceHeader } from '../../sandboxes/host/events.ts';
import { random, randomLog, shuffled } from './fixtures/random.ts';
import { small } from './fixtures/small.ts';
import { frameAt } from './frame.ts';
import { compareEvents, TraceLog } from './log.ts';
import { ringOf } from './ring.ts';
import { indexOf } from './trace-index.ts';

const header: TraceHeader = { v: 1, kind: 'recording', lesson: 'x', scenario: 'y', inputs: 'z', made: '2026-01-01T00:00:00Z' };

test('batches merge by time, pid and sequence, whatever order they arrive in', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const events = randomLog(seed);
    const mixed = shuffled(events, random(seed));
    const log = new TraceLog();
    for (let i = 0; i < mixed.length; i += 7) log.add(mixed.slice(i, i + 7));
    expect(log.events).toEqual([...events].sort(compareEvents));
    expect(log.end).toBe(Math.max(...events.map((event) => event.t)));
  }
});

test('an event that comes twice is kept once, and nobody is told of it again', () => {
  const log = new TraceLog(small);
  const told: number[] = [];
  const stop = log.subscribe((added) => told.push(added.length));
  log.add(small.slice(3, 9));
  expect(log.events).toHaveLength(small.length);
  log.add([{ type: 'log', t: 3, pid: 99, seq: 1, text: 'late' }]);
  stop();
  log.add([{ type: 'log', t: 4, pid: 99, seq: 2, text: 'later' }]);
  expect(told).toEqual([1]);
});

test('the version grows by one with every batch that changes anything', () => {
  const log = new TraceLog([], null, ringOf(20));
  const versions = [log.version];
  const add = (...events: TraceEvent[]): void => {
    log.add(events);
    versions.push(log.version);
  };
  const said = (t: number, seq = t): TraceEvent => ({ type: 'log', t, pid: 1, seq, text: '' });
  add();
  add(said(1));
  add(said(1));
  add(said(2), said(3));
  for (let t = 4; t <= 100; t++) add(said(t));
  expect(log.dropped).toBeGreaterThan(0);
  add(said(5, 500));
  add(said(6, 501), said(101));
  expect(versions).toEqual([0, 0, 1, 1, ...Array.from({ length: 100 }, (_, i) => i + 2)]);
});

test('the stored form reads back the same', () => {
  const text = new TraceLog(small).serialise(header);
  const log = TraceLog.parse(text);
  expect(log.header).toEqual(header);
  expect(log.events).toEqual(new TraceLog(small).events);
  expect(log.serialise(header)).toBe(text);
});

test('a stored trace that is wrong says at which line', () => {
  const first = JSON.stringify(header);
  expect(() => TraceLog.parse('')).toThrow('trace, line 1: the header is missing');
  expect(() => TraceLog.parse('{"t":1}')).toThrow('trace, line 1: the first line must be the header');
  expect(() => TraceLog.parse(first.replace('"v":1', '"v":7'))).toThrow('trace, line 1: version 7');
  expect(() => TraceLog.parse(`${first}\n{"type":"log"`)).toThrow('trace, line 2: not JSON');
  expect(() => TraceLog.parse(`${first}\nnull`)).toThrow('trace, line 2: not an object');
  expect(() => TraceLog.parse(`${first}\n\n{"type":"log","t":"soon","pid":1,"seq":1}`)).toThrow('trace, line 3: t of log must be a number');
});

test('the fixture of eight requests on four workers can be read', () => {
  const log = TraceLog.parse(readFileSync(new URL('./fixtures/eight-on-four.ndjson', import.meta.url), 'utf8'));
  expect(log.events).toHaveLength(171);
});

test('a ring drops finished requests first and counts them; who lives stays', () => {
  const request = (i: number): TraceEvent[] => [
    { type: 'client.request', t: 100 + i, pid: 5, seq: 100 + 2 * i, conn: `x${i}`, n: 1, method: 'GET', url: '/' },
    { type: 'client.response', t: 100.5 + i, pid: 5, seq: 101 + 2 * i, conn: `x${i}`, n: 1, status: 200, bytes: 0, server: 'nginx' },
  ];
  const waits = { type: 'client.request', t: 60, pid: 5, seq: 50, conn: 'w', n: 1, method: 'GET', url: '/wait' } as const;
  const ring = new TraceLog([...small, waits], null, ringOf(100));
  let last = 0;
  for (let i = 0; i < 500; i++) {
    ring.add(request(i));
    expect(ring.events.length).toBeLessThanOrEqual(100);
    expect(ring.dropped + ring.events.length).toBe(small.length + 1 + 2 * (i + 1));
    expect(ring.dropped).toBeGreaterThanOrEqual(last);
    last = ring.dropped;
  }
  const { workers, master, requests, answers } = frameAt(ring, ring.end);
  expect(workers).toMatchObject([{ pid: 6, state: 'idle' }]);
  expect(master).toMatchObject({ pid: 2 });
  expect(requests.map(({ key }) => key)).toEqual(['w/1']);
  expect(answers).toMatchObject({ ok: 501, 'server-error': 1 });
  expect(ring.events.filter(({ t }) => t < ring.whole).map(({ type }) => type)).toContain('socket.listen');
});

test('a ring in which nothing is ever over is bounded too, and what lives is the last to go', () => {
  const ring = new TraceLog(small, null, ringOf(200));
  for (let i = 0; i < 2000; i++) {
    ring.add([{ type: 'client.request', t: 100 + i, pid: 5, seq: 100 + i, conn: `x${i}`, n: 1, method: 'GET', url: '/' }]);
    expect(ring.events.length).toBeLessThanOrEqual(200);
  }
  expect(indexOf(ring).requests.byKey.size).toBeLessThanOrEqual(200);
  expect(frameAt(ring, ring.end).workers).toMatchObject([{ pid: 6, state: 'idle' }]);
});

test('what comes too late for a ring is dropped', () => {
  const ring = new TraceLog([], null, ringOf(20));
  for (let t = 0; t < 100; t++) ring.add([{ type: 'log', t, pid: 1, seq: t, text: '' }]);
  const { dropped, events } = ring;
  ring.add([{ type: 'log', t: 3.5, pid: 1, seq: 500, text: 'late' }]);
  expect(ring.dropped).toBe(dropped + 1);
  expect(ring.events).toEqual(events);
});
