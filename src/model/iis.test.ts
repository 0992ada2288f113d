import { describe, expect, it } from 'vitest';
import { random } from '../trace/fixtures/random.ts';
import { DEFAULTS } from './application-host.ts';
import type { Arrival, Load } from './arrivals.ts';
import { Iis } from './iis.ts';
import { NEVER } from './records.ts';
import type { IisState } from './state.ts';
import { stateAt } from './state.ts';
import { CORES, START_TIME } from './steps.ts';

const came = (number: number, t: number, service: number, more: Partial<Arrival> = {}): Arrival => ({
  key: `k${number}`,
  number,
  url: '/',
  t,
  service,
  fate: 'answers',
  file: false,
  guessed: false,
  ...more,
});

const same = (count: number, t: number, service: number): Arrival[] => Array.from({ length: count }, (_, i) => came(i + 1, t, service));

function modelOf(arrivals: readonly Arrival[], settings: Partial<typeof DEFAULTS> = {}, deeds: Load['deeds'] = []): Iis {
  const iis = new Iis({ ...DEFAULTS, ...settings });
  iis.feed({ arrivals, deeds });
  return iis;
}

const counts = ({ waiting, running, over }: IisState): Record<string, number> => ({
  waiting: waiting.length,
  running: running.length,
  ...over,
});

describe('the model of IIS', () => {
  it('runs many requests in one process, on threads, and adds a thread every half second', () => {
    const iis = modelOf(same(8, 1000, 1000), { alwaysRunning: true });
    expect(counts(stateAt(iis, 1000))).toMatchObject({ running: CORES, waiting: 4 });
    expect(counts(stateAt(iis, 1500))).toMatchObject({ running: CORES + 1, waiting: 3 });
    expect(stateAt(iis, 1500).processes).toMatchObject([{ state: 'busy', threads: CORES + 1 }]);
    expect(counts(stateAt(iis, 2000))).toMatchObject({ running: 4, done: 4, waiting: 0 });
    expect(counts(stateAt(iis, 3001))).toMatchObject({ running: 0, done: 8 });
  });

  it('starts the first process when the first request comes, and that one waits', () => {
    const iis = modelOf([came(1, 1000, 50)]);
    expect(stateAt(iis, 999).processes).toEqual([]);
    expect(stateAt(iis, 1000)).toMatchObject({ processes: [{ state: 'starting' }], waiting: [{ arrival: { number: 1 } }] });
    expect(stateAt(iis, 1000 + START_TIME)).toMatchObject({ processes: [{ state: 'busy' }], waiting: [] });
  });

  it('is a web garden with maxProcesses', () => {
    const iis = modelOf(same(8, 1000, 1000), { maxProcesses: 4 });
    const state = stateAt(iis, 1000 + START_TIME);
    expect(state.processes.map((process) => process.running.length)).toEqual([2, 2, 2, 2]);
    expect(state.waiting).toEqual([]);
  });

  it('answers 503 when the queue is full', () => {
    const iis = modelOf(same(30, 1000, 1000), { queueLength: 10, alwaysRunning: true });
    expect(counts(stateAt(iis, 1000))).toMatchObject({ running: 4, waiting: 10, full: 16 });
  });

  it('replaces a process after so many requests, with overlap', () => {
    const arrivals = [...same(5, 1000, 100), came(6, 1000, 2000), came(7, 3000, 100)];
    const iis = modelOf(arrivals, { recycleAfterRequests: 5, alwaysRunning: true });
    // the fifth is done at 1200: the new process starts while the sixth request runs on in the old one
    expect(stateAt(iis, 1250).processes).toMatchObject([
      { id: 1, state: 'busy' },
      { id: 2, state: 'starting' },
    ]);
    expect(stateAt(iis, 1200 + START_TIME).processes).toMatchObject([
      { id: 1, state: 'draining' },
      { id: 2, state: 'idle' },
    ]);
    expect(stateAt(iis, 3000).processes).toMatchObject([
      { id: 1, state: 'draining' },
      { id: 2, state: 'busy', room: 2 },
    ]);
    expect(stateAt(iis, 3200).processes).toMatchObject([{ id: 2, state: 'idle' }]);
    expect(counts(stateAt(iis, 3200))).toMatchObject({ done: 7, lost: 0 });
  });

  it('lets the old process end first when overlapping is switched off', () => {
    const arrivals = [came(1, 1000, 100), came(2, 1000, 1000), came(3, 1500, 100)];
    const iis = modelOf(arrivals, { recycleAfterRequests: 1, overlap: false, alwaysRunning: true });
    expect(stateAt(iis, 1600)).toMatchObject({ processes: [{ id: 1, state: 'draining' }], waiting: [{ arrival: { number: 3 } }] });
    expect(stateAt(iis, 2000).processes).toMatchObject([{ id: 2, state: 'starting' }]);
    expect(counts(stateAt(iis, 2400))).toMatchObject({ done: 3 });
  });

  it('kills a process that does not end in time', () => {
    const iis = modelOf([came(1, 1000, NEVER)], { shutdownTimeLimit: 5000, alwaysRunning: true }, [{ t: 2000, do: 'recycle', worker: 0 }]);
    expect(stateAt(iis, 2000 + START_TIME + 4999).processes).toMatchObject([{ id: 1, state: 'draining' }, { id: 2 }]);
    expect(counts(stateAt(iis, 2000 + START_TIME + 5000))).toMatchObject({ running: 0, lost: 1 });
  });

  it('loses everything that runs in a process that crashes', () => {
    const iis = modelOf([came(1, 1000, 1000), came(2, 1100, 100, { fate: 'dies' }), came(3, 1300, 10)], { alwaysRunning: true });
    expect(stateAt(iis, 1200)).toMatchObject({ processes: [{ state: 'dead', record: { lost: 2 } }], over: { lost: 2 } });
    expect(counts(stateAt(iis, 2000))).toMatchObject({ lost: 2, done: 1 });
  });

  it('stops the pool after five crashes', () => {
    const arrivals = Array.from({ length: 7 }, (_, i) => came(i + 1, 1000 * (i + 1), 10, { fate: 'dies' }));
    const iis = modelOf(arrivals);
    expect(stateAt(iis, 5000).stopped).toBe(false);
    expect(stateAt(iis, 8000)).toMatchObject({ stopped: true, over: { lost: 5, stopped: 2 }, running: [], waiting: [] });
    expect(counts(stateAt(modelOf(arrivals, { rapidFail: false }), 8000))).toMatchObject({ lost: 7, stopped: 0 });
  });

  it('ends a process that has nothing to do', () => {
    const iis = modelOf([came(1, 1000, 10), came(2, 30_000, 10)], { idleTimeout: 5000 });
    expect(stateAt(iis, 6309).processes).toMatchObject([{ state: 'idle' }]);
    expect(stateAt(iis, 6310).processes).toEqual([]);
    expect(stateAt(iis, 30_000).processes).toMatchObject([{ id: 2, state: 'starting' }]);
  });

  it('simulates 5,000 requests in a moment', () => {
    const next = random(7);
    const arrivals = Array.from({ length: 5000 }, (_, i) => came(i + 1, i * 4, next() * 25));
    const started = performance.now();
    expect(counts(stateAt(modelOf(arrivals), 60_000))).toMatchObject({ done: 5000 });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

/** A load with all that can happen, from a seed. */
function anyLoad(seed: number): { load: Load; settings: typeof DEFAULTS } {
  const next = random(seed);
  const pick = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  let t = 0;
  const arrivals = Array.from({ length: pick(1, 400) }, (_, i) => {
    t += pick(0, 60);
    const fate = next() < 0.02 ? 'dies' : 'answers';
    return came(i + 1, t, next() < 0.01 ? NEVER : pick(0, 900), { fate });
  });
  const deeds = Array.from({ length: pick(0, 4) }, () => ({
    t: pick(0, t),
    do: next() < 0.5 ? ('recycle' as const) : ('kill' as const),
    worker: pick(1, 4),
  }));
  const settings = {
    ...DEFAULTS,
    queueLength: pick(10, 40),
    maxProcesses: pick(1, 4),
    alwaysRunning: next() < 0.5,
    overlap: next() < 0.7,
    recycleAfterRequests: next() < 0.5 ? pick(1, 30) : 0,
    recycleAfterTime: next() < 0.3 ? pick(1000, 4000) : 0,
    idleTimeout: next() < 0.5 ? pick(100, 3000) : 0,
    shutdownTimeLimit: pick(0, 3000),
    rapidFailCrashes: pick(1, 10),
  };
  return { load: { arrivals, deeds: deeds.sort((a, b) => a.t - b.t) }, settings };
}

const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);
const times = (load: Load): number[] => Array.from({ length: 40 }, (_, i) => ((load.arrivals.at(-1)?.t ?? 0) + 5000) * (i / 39));

describe('whatever happens in it', () => {
  it.each(SEEDS)('nobody is in two places or lost, and no process runs more than it has threads (seed %i)', (seed) => {
    const { load, settings } = anyLoad(seed);
    const iis = new Iis(settings);
    iis.feed(load);
    for (const t of times(load)) {
      const state = stateAt(iis, t);
      const over = Object.values(state.over).reduce((sum, one) => sum + one, 0);
      expect(state.waiting.length + state.running.length + over).toBe(load.arrivals.filter((one) => one.t <= t).length);
      expect(state.waiting.length).toBeLessThanOrEqual(settings.queueLength);
      expect(state.processes.reduce((sum, one) => sum + one.running.length, 0)).toBe(state.running.length);
      for (const process of state.processes) {
        const seats = process.running.map((one) => one.seat);
        expect(new Set(seats).size).toBe(seats.length);
        expect(Math.max(0, ...seats)).toBeLessThanOrEqual(process.threads);
      }
      expect(new Set(state.processes.map((one) => one.room)).size).toBe(state.processes.length);
    }
  });

  it.each(SEEDS)('first come, first served (seed %i)', (seed) => {
    const { load, settings } = anyLoad(seed);
    const iis = new Iis(settings);
    iis.feed(load);
    stateAt(iis, times(load).at(-1) as number);
    const starts = iis.requests.filter((one) => one.start !== NEVER).map((one) => one.start);
    expect(starts.length).toBeGreaterThan(0);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it.each(SEEDS)('a load that grows and is corrected gives what the whole load gives (seed %i)', (seed) => {
    const { load, settings } = anyLoad(seed);
    const whole = new Iis(settings);
    whole.feed(load);
    const grown = new Iis(settings);
    const next = random(seed);
    for (let known = 0; known <= load.arrivals.length; known += 1 + Math.floor(next() * 50)) {
      const arrivals = load.arrivals.slice(0, known);
      const end = arrivals.at(-1)?.t ?? 0;
      // of those that came last the end is not known yet
      grown.feed({
        arrivals: arrivals.map((one) => (one.t + one.service > end ? { ...one, service: NEVER, fate: 'answers' } : one)),
        deeds: load.deeds.filter((deed) => deed.t <= end),
      });
      stateAt(grown, end + next() * 100);
    }
    grown.feed(load);
    for (const t of times(load).reverse()) expect(stateAt(grown, t)).toEqual(stateAt(whole, t));
  });
});
