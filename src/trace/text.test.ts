import { expect, test } from 'vitest';
import { small } from './fixtures/small.ts';
import { TraceLog } from './log.ts';
import { account, duration, pathOf } from './text.ts';
import { REAL } from './vocabulary.ts';

test('the account of a log reads as what happened', () => {
  const lines = account(new TraceLog(small), REAL);
  expect(lines).toContain('0.017 s: request 2 waits, place 1: the only worker is busy');
  expect(lines).toContain('0.023 s: worker 1 takes request 2 from the listen queue');
  expect(lines).toContain('0.031 s: worker 1 (pid 3) is dead, killed by SIGKILL');
  expect(lines).toContain('0.032 s: request 2: nginx gets no answer (upstream prematurely closed connection) and will say 502');
  expect(lines).toContain('0.034 s: request 2: 502, and the visitor has the answer');
  expect(lines).toContain('0.040 s: the master puts a new worker 1 in the place of the dead one: pid 6 after 3');
  expect(lines.every((line) => /^\d+\.\d{3} s: \S/.test(line))).toBe(true);
});

test('a path is what follows the host', () => {
  expect(pathOf('http://localhost/slow?ms=1')).toBe('/slow?ms=1');
  expect(pathOf('http://localhost')).toBe('/');
  expect(pathOf('/x')).toBe('/x');
  expect(pathOf('')).toBe('');
});

test('of a refused connection nothing is told that nobody knows', () => {
  const log = new TraceLog([{ type: 'client.failed', t: 5, pid: 2, seq: 1, conn: '', n: 0, reason: 'refused' }]);
  expect(account(log, REAL)).toEqual(['0.005 s: request 1: the visitor tries to connect', '0.005 s: request 1 gets no answer: refused']);
});

test('a duration is as fine as it matters; parts can be rounded down and the whole up', () => {
  const read = (ms: number, round?: (value: number) => number) => duration(ms, round).replace('\u00a0', ' ');
  expect([0.04, 0.4, 9.96, 38.2, 999.4, 999.6, 1034, 8012].map((ms) => read(ms))).toEqual([
    '0.0 ms',
    '0.4 ms',
    '10.0 ms',
    '38 ms',
    '999 ms',
    '1.00 s',
    '1.03 s',
    '8.01 s',
  ]);
  expect([0.49, 28.9, 999.6, 1999].map((ms) => read(ms, Math.floor))).toEqual(['0.4 ms', '28 ms', '999 ms', '1.99 s']);
  expect([0.41, 27.1, 999.6, 1004].map((ms) => read(ms, Math.ceil))).toEqual(['0.5 ms', '28 ms', '1.00 s', '1.01 s']);
  expect(duration(5)).toBe('5.0\u00a0ms');
});
