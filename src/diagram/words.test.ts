import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { frameAt } from '../trace/frame.ts';
import { TraceLog } from '../trace/log.ts';
import { account } from '../trace/text.ts';
import { layoutFor } from './layout.ts';
import { nodesSvg } from './svg.ts';
import { valuesOf } from './values.ts';
import { WORDS } from './words.ts';

const log = TraceLog.parse(readFileSync(new URL('../trace/fixtures/eight-on-four.ndjson', import.meta.url), 'utf8'));
const frame = frameAt(log, 5700);

/** The map's words, as they are drawn. */
function drawn(width: number, height: number, names: 'python' | 'iis'): string[] {
  const layout = layoutFor(width, height, 4);
  const svg = nodesSvg(layout, valuesOf(frame, layout, null, names), names);
  return [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map((match) => match[1] as string);
}

test('both vocabularies name every part, and no part by the name of the other', () => {
  expect(Object.keys(WORDS.iis)).toEqual(Object.keys(WORDS.python));
  expect(Object.keys(WORDS.iis.spoken)).toEqual(Object.keys(WORDS.python.spoken));
  for (const part of ['host', 'gate', 'master', 'worker'] as const) expect(WORDS.iis[part]).not.toEqual(WORDS.python[part]);
});

test('the map in IIS words says that it is the same run, on every layout', () => {
  for (const [width, height] of [
    [840, 424],
    [520, 300],
    [344, 524],
    [352, 172],
  ] as const) {
    const words = drawn(width, height, 'iis');
    expect(words).toContain('same run, IIS words');
    expect(words).toContain('WAS');
    expect(words.join(' ')).toMatch(/request queue/);
    expect(words.join(' ')).not.toMatch(/nginx|master|worker|shop\.sock|Ubuntu/);
    expect(drawn(width, height, 'python').join(' ')).not.toMatch(/HTTP\.sys|WAS|w3wp|IIS|StaticFile/);
  }
  expect(drawn(840, 424, 'iis')).toEqual(
    expect.arrayContaining(['HTTP.sys', 'w3wp 1', 'w3wp 4', "the pool's request queue", 'StaticFileModule']),
  );
  // where the gate is small
  for (const width of [352, 520]) expect(drawn(width, width === 352 ? 172 : 300, 'iis')).toContain('IIS');
});

test('the names for assistive technology change too, begin with what is seen, and say what really runs', () => {
  const layout = layoutFor(840, 424, 4);
  const values = valuesOf(frame, layout, null, 'iis');
  expect(values['w1.name']).toMatch(/^w3wp 1 busy/);
  expect(values['gate.name']).toMatch(/^HTTP\.sys .*here nginx.*pid \d+/);
  expect(values['master.name']).toMatch(/^WAS, here the uWSGI master/);
  expect(values['queue.name']).toMatch(/request queue, here the listen queue of unix:.*: 4 waiting, limit 100$/);
  expect(nodesSvg(layout, values, 'iis')).toContain('no IIS runs here');
});

test('the account speaks in the same words as the map', () => {
  const lines = account(log, WORDS.iis.told);
  const text = lines.join('\n');
  expect(text).toMatch(/request 1 is at the gate, HTTP\.sys has read it/);
  expect(text).toMatch(/w3wp \d takes request 7 from the request queue/);
  expect(text).toMatch(/WAS puts a new w3wp \d in the place/);
  expect(text).not.toMatch(/nginx|worker \d|master/);
  expect(account(log, WORDS.python.told).join('\n')).not.toMatch(/HTTP\.sys|WAS|w3wp|IIS|StaticFile|request queue/);
});

test('only names are chosen: what the visitor wrote stays as it is', () => {
  const path = '/the master/worker 1/nginx takes/to the socket';
  const program = 'nginx worker 1';
  const made = new TraceLog([
    { type: 'process.start', t: 1, pid: 9, seq: 1, ppid: 1, program, args: [], uid: 0 },
    { type: 'client.request', t: 2, pid: 9, seq: 2, conn: 'c', n: 1, method: 'GET', url: `http://localhost${path}` },
    { type: 'nginx.file', t: 3, pid: 3, seq: 1, conn: 'c', n: 1, path, found: true },
  ]);
  for (const names of ['python', 'iis'] as const)
    expect(account(made, WORDS[names].told)).toEqual([
      `0.001 s: ${program} (pid 9) starts`,
      `0.002 s: request 1 leaves the visitor: GET ${path}`,
      `0.003 s: request 1: ${WORDS[names].told.shelf} takes ${path} from the shelf, no Python needed`,
    ]);
});
