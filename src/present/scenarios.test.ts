import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { at } from '../../scripts/lib/paths.ts';
import { readScenario } from '../../scripts/lib/scenario.ts';
import { TraceLog } from '../trace/log.ts';
import { scenariosOf } from './scenarios.ts';

let seq = 0;
const asked = (t: number, url: string): TraceEvent => ({
  type: 'client.request',
  t,
  pid: 1,
  seq: seq++,
  conn: 'c',
  n: 1,
  method: 'GET',
  url: `http://localhost${url}`,
});
const killed = (t: number): TraceEvent => ({ type: 'process.signal', t, pid: 2, seq: seq++, signal: 'SIGKILL', from: 0 });

test('every act has its part of the recording, with the label that the lesson has for it', () => {
  const events = [asked(100, '/'), asked(1000, '/slow'), asked(1001, '/slow')];
  const found = scenariosOf([{ send: '/', count: 1 }, { wait: 900 }, { send: '/slow', count: 2 }, { wait: 500 }], events, [
    { url: '/', count: 1, label: 'Send one' },
  ]);
  expect(found).toEqual([
    { label: 'Send one', from: 70, until: 969, live: [{ type: 'ftr:send', detail: { url: '/', count: 1, inTurn: false } }] },
    {
      label: 'Send 2 at once to /slow',
      from: 970,
      until: 1001,
      live: [{ type: 'ftr:send', detail: { url: '/slow', count: 2, inTurn: false } }],
    },
  ]);
});

test('what comes at once, and the same once more, is one scenario; one with a kill is a recording only', () => {
  const steps = [
    { send: '/', count: 1 },
    { wait: 500 },
    { send: '/', count: 1 },
    { wait: 500 },
    { send: '/slow', count: 1 },
    { wait: 400 },
    { kill: 'busy worker' },
  ];
  const found = scenariosOf(steps, [asked(1, '/'), asked(500, '/'), asked(1000, '/slow'), killed(1400)], []);
  expect(found.map(({ label }) => label)).toEqual(['Send a request to /, twice', 'Send a request to /slow, then kill a busy worker']);
  expect(found.map(({ live }) => live)).toEqual([[{ type: 'ftr:send', detail: { url: '/', count: 2, inTurn: true } }], []]);
});

test('a recording of something else is refused', () => {
  expect(() => scenariosOf([{ send: '/other', count: 1 }], [asked(1, '/')], [])).toThrow('no request to /other: record the lesson anew');
});

const folders = readdirSync(at('lessons/en'));
test.each(folders)('%s has scenarios, in order and inside its recording', (name) => {
  const folder = at('lessons/en', name);
  const { events } = TraceLog.parse(readFileSync(`${folder}/recording.ndjson`, 'utf8'));
  const found = scenariosOf(readScenario(folder), events, []);
  expect(found.length).toBeGreaterThan(1);
  expect(found.every(({ from, until }) => from < until && until <= (events.at(-1)?.t ?? 0) + 1)).toBe(true);
  expect(found.every(({ from }, index) => index === 0 || from > (found[index - 1]?.until ?? 0))).toBe(true);
});
