import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TraceHeader } from '../../sandboxes/host/events.ts';
import { random, randomLog, shuffled } from './fixtures/random.ts';
import { small } from './fixtures/small.ts';
import { compareEvents, TraceLog } from './log.ts';

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
  expect(() => TraceLog.parse(`${first}\n\n{"type":"log","t":"soon","pid":1,"seq":1}`)).toThrow('trace, line 3: t must be a number');
});

test('the fixture of eight requests on four workers can be read', () => {
  const log = TraceLog.parse(readFileSync(new URL('./fixtures/eight-on-four.ndjson', import.meta.url), 'utf8'));
  expect(log.events).toHaveLength(171);
});
