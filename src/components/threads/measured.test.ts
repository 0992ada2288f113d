/** The recording beside the lesson says what the lesson says of it. */
import { expect, test } from 'vitest';
import recorded from '../../../lessons/en/06-gil/threads.json' with { type: 'json' };
import { measured, mostAtOnce } from './measured.ts';

const { setups, runs, switchInterval } = measured.parse(recorded);
const [alone, threads, processes] = setups;
if (!alone || !threads || !processes) throw new Error('a setup is missing');

test('it has one process alone, with threads, and four processes, of several runs each', () => {
  expect(setups.map((setup) => [setup.processes, setup.threads])).toEqual([
    [1, 1],
    [1, 4],
    [4, 1],
  ]);
  expect(runs).toBeGreaterThanOrEqual(5);
  for (const { wait, burn } of setups) for (const run of [wait, burn]) expect(run.requests).toHaveLength(4);
  expect(new Set(threads.burn.requests.map(({ thread }) => thread)).size).toBe(4);
  expect(new Set(processes.burn.requests.map(({ worker }) => worker)).size).toBe(4);
});

test('waiting: four seconds in turn, one with threads and with processes', () => {
  expect(alone.wait.wall).toBeGreaterThan(4000);
  for (const { wait } of [threads, processes]) expect(wait.wall).toBeLessThan(1100);
  for (const { wait } of setups) expect(wait.cores).toBe(0);
});

test('computing: threads use one core, processes almost two', () => {
  expect(threads.burn.cores).toBeGreaterThan(0.9);
  for (const { burn } of [alone, threads]) expect(burn.allCores[1]).toBeLessThanOrEqual(1.01);
  expect(processes.burn.cores).toBeGreaterThan(1.6);
  expect(threads.burn.wall).toBeGreaterThan(alone.burn.wall * 0.9);
  expect(processes.burn.wall).toBeLessThan(alone.burn.wall * 0.75);
});

test('seen close: one at a time has the stick, for about 5 ms; of four processes two compute at once', () => {
  expect(switchInterval).toBe(0.005);
  expect(mostAtOnce(alone.close)).toBe(1);
  expect(mostAtOnce(threads.close)).toBe(1);
  expect(mostAtOnce(processes.close)).toBe(2);
  const turns = threads.close.turns.flat().map(([from, to]) => to - from);
  expect(turns.length).toBeGreaterThan(6);
});

test('counts those that overlap', () => {
  expect(mostAtOnce({ from: 0, to: 10, turns: [[[0, 5]], [[5, 10]], [[4, 6]]] })).toBe(2);
  expect(mostAtOnce({ from: 0, to: 10, turns: [[], []] })).toBe(0);
});
