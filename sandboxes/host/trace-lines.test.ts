/** Whatever a process writes for the trace, it is recorded under its own name, in the kernel's order, and not as the kernel's word. */
import { expect, test } from 'vitest';
import { numbers } from '../programs/fuzzing.ts';
import type { TraceEvent } from './events.ts';
import { eventsOf, kernelLine, processLines } from './trace-lines.ts';

const PID = 42;
const heard = (lines: string): TraceEvent[] => {
  let seq = 0;
  return eventsOf(processLines(lines, PID, () => ++seq));
};

test('what kernel and processes say comes back as events, in order', () => {
  const exit = { type: 'process.exit', t: 1.5, pid: 7, seq: 1, code: 0, signal: null } as const;
  let seq = 1;
  const said = processLines('{"type":"log","t":2,"text":"one"}\n{"type":"log","t":3,"text":"}\\n="}\n', PID, () => ++seq);
  expect(eventsOf(kernelLine(exit) + said)).toEqual([
    exit,
    { type: 'log', t: 2, text: 'one', pid: PID, seq: 2 },
    { type: 'log', t: 3, text: '}\n=', pid: PID, seq: 3 },
  ]);
});

test.each([
  ['another pid', '{"type":"log","t":1,"pid":1,"seq":-1}', 1],
  ['a pid with another spelling', '{"type":"log","t":1,"p\\u0069d":1}', 1],
  ['what only the kernel says', '{"type":"process.exit","t":1,"code":0}', 0],
  ['the same, spelled twice', '{"type":"log","t":1,"type":"process.exit"}', 0],
  ['the mark of the kernel', '={"type":"process.exit","t":1}', 0],
  ['no time', '{"type":"log"}', 0],
  ['a time that is none', '{"type":"log","t":1e999}', 0],
  ['an object that stays open', '{"type":"log","t":1,"pid":1,"x":{"a":1}', 0],
  ['two objects', '{"type":"log","t":1,"pid":1},{"a":1}', 0],
  ['a text that stays open', '{"type":"log","t":1,"pid":1,"x":"', 0],
  ['nothing', '{}', 0],
  ['null', 'null', 0],
])('a process that writes %s', (_, line, count) => {
  const events = heard(line);
  expect(events).toHaveLength(count);
  for (const event of events) expect(event).toMatchObject({ pid: PID, seq: 1, type: 'log' });
});

test('garbage made of pieces of events', () => {
  const pieces = [
    '{',
    '}',
    '"',
    '\\',
    ',',
    ':',
    '"pid"',
    '"seq"',
    '"type"',
    '"log"',
    '"t"',
    '1',
    '[',
    ']',
    '\n',
    '=',
    '-',
    '"process.exit"',
    ' ',
  ];
  const next = numbers(7);
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: 1 + next(14) }, () => pieces[next(pieces.length)]).join('');
    for (const event of heard(`{"type":"log","t":1,${text}`))
      expect([event.pid, event.type]).toEqual([PID, expect.not.stringContaining('process')]);
  }
});
