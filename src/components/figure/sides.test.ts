import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TraceLog } from '../../trace/log.ts';
import { indexOf, momentsOf } from '../../trace/trace-index.ts';
import { captionOf } from './caption.ts';
import { Player } from './player.ts';
import { aboutReal, onClockOf } from './sides.ts';

const read = (file: string): TraceLog => TraceLog.parse(readFileSync(`lessons/en/11-which-worker/${file}`, 'utf8'));
const sandbox = read('recording.ndjson');
const real = onClockOf(sandbox, read('real.ndjson'));
const first = (log: TraceLog): number => indexOf(log).requests.list[0]?.start ?? -1;

test('both begin with their first request, and what lies between is not stretched', () => {
  expect(first(real)).toBeCloseTo(first(sandbox), 6);
  const raw = read('real.ndjson');
  expect(real.end - first(real)).toBeCloseTo(raw.end - first(raw), 6);
  expect(real.header?.real).toEqual(raw.header?.real);
});

test('one clock for both: it gets to the end of either, and never goes back', () => {
  const player = new Player(sandbox, false, 0, real);
  player.playing = true;
  let last = { t: player.t, screen: player.screen };
  while (player.tick(500, 0)) {
    expect(player.t).toBeGreaterThanOrEqual(last.t);
    expect(player.screen).toBeGreaterThan(last.screen);
    last = { t: player.t, screen: player.screen };
  }
  expect(player.t).toBe(Math.max(sandbox.end, real.end));
});

test('it steps through what happens in both', () => {
  const player = new Player(sandbox, false, first(sandbox) - 1, real);
  const seen: number[] = [];
  for (let i = 0; i < 20; i++) {
    player.step(1);
    seen.push(player.t);
  }
  const list = momentsOf(sandbox, real).map(({ t }) => t);
  const from = list.findIndex((t) => t > first(sandbox) - 1);
  expect(seen).toEqual([...new Set(list.slice(from))].slice(0, 20));
});

test('the sentence says whose it is', () => {
  const player = new Player(sandbox, false, 0, real);
  const at = (t: number): string =>
    captionOf({ log: sandbox, t, frame: undefined as never, followed: null, names: 'python' }, player, false).sentence;
  const ends = [sandbox, real].map((log) => indexOf(log).requests.list[0]?.end ?? 0);
  expect(ends.map(at).sort()).toEqual([
    'Real servers: request 1: 200, and the visitor has the answer',
    'Sandbox: request 1: 200, and the visitor has the answer',
  ]);
});

test('what it is, and what is not to be seen in it', () => {
  const { header } = real;
  expect(aboutReal({ nginx: '1.22.1', uwsgi: '2.0.21', python: '3.11.2', machine: 'Linux with 2 cores' }, header?.made ?? '')).toMatch(
    /^Recording of the real nginx 1\.22\.1 and uWSGI 2\.0\.21 on Linux with 2 cores, \d+ November 2026\. Who waits in the queue, and who accepts when, nobody can see there: it is left out\. Starts and ends of processes are good to about 10 ms\.$/,
  );
});
