/** The measurements of a round, the same for every place; all places in turn, so that a machine that is busy with something else is so for each. */
import { type Measure, type Place, tooMuch, WORKERS } from '../../../src/numbers/measured.ts';
import { percent } from '../../../src/numbers/units.ts';
import { othersShare } from './others.ts';
import { ASKED_MS, CLIENTS, MEASURED_MS, ROUNDS, USUAL_WORKERS, WAITING_CLIENTS, WARM_UP_MS, type Way } from './setting.ts';
import { LEAD_MS, type Stand, type Stands, seenBy } from './stand.ts';

export type Samples = Partial<Record<Place, Partial<Record<Measure, number[]>>>>;
type Add = (measure: Measure, value: number | null) => void;

/** A reload and a respawn have begun and mostly ended by then: each waits for at most one tick of the master, a second. */
const RELOAD_MS = 1500;
const RESPAWN_MS = 1300;

async function rates(stand: Stand, workers: (typeof WORKERS)[number], add: Add): Promise<void> {
  for (const [way, clients] of [['wait', WAITING_CLIENTS] as const, ['compute', CLIENTS] as const])
    add(`${way} ${workers}`, (await stand.ask(way, { kept: true, clients, warmUp: WARM_UP_MS, measured: MEASURED_MS })).rate);
}

/** One client, one request after the other: how long each takes, and what it costs the servers. */
async function ways(stand: Stand, add: Add): Promise<void> {
  const one = async (way: Way, kept: boolean, time: Measure, work: Measure | null): Promise<void> => {
    const before = stand.work();
    const { middle, sent } = await stand.ask(way, { kept, clients: 1, warmUp: WARM_UP_MS, measured: ASKED_MS });
    const after = stand.work();
    add(time, middle);
    if (work !== null) add(work, before === null || after === null ? null : (after - before) / sent);
  };
  await one('file', false, 'file', 'file work');
  await one('direct', false, 'direct', null);
  await one('unix', false, 'unix', 'unix work');
  await one('tcp', false, 'tcp', 'tcp work');
  await one('http', false, 'http', 'http work');
  await one('file', true, 'file kept', 'file kept work');
  await one('sealed file', false, 'sealed file', 'sealed file work');
  await one('sealed file', true, 'sealed file kept', 'sealed file kept work');
}

/** Somebody asks all the time; what happens then shows in how long no answer comes. */
async function without(stand: Stand, lasts: number, what: () => Promise<void>, time: Measure, lost: Measure, add: Add): Promise<void> {
  const seen = await seenBy(() => stand.watch('unix', { lasts: LEAD_MS + lasts, untilFirst: false }), what);
  add(time, seen.gap);
  add(lost, seen.lost);
}

async function round({ open }: Stands, add: Add): Promise<void> {
  const [few, many] = [WORKERS[0], WORKERS.at(-1) ?? WORKERS[0]];
  const memory = new Map<number, number | null>();
  for (const workers of WORKERS) {
    const stand = await open(workers);
    try {
      await rates(stand, workers, add);
      if (workers === few || workers === many) {
        const { worker, all } = await stand.memory();
        memory.set(workers, all);
        if (workers === many) add('worker seen', worker);
      }
      if (workers === USUAL_WORKERS) {
        add('start', stand.started);
        await without(stand, RELOAD_MS, stand.reload, 'reload', 'reload lost', add);
      }
      if (workers === few) {
        // A lone worker: with others beside it nobody would notice.
        await without(stand, RESPAWN_MS, stand.kill, 'respawn', 'respawn lost', add);
        await stand.openDoors();
        await ways(stand, add);
      }
    } finally {
      await stand.close();
    }
  }
  const [least, most] = [memory.get(few) ?? null, memory.get(many) ?? null];
  add('worker more', least === null || most === null ? null : (most - least) / (many - few));
}

export interface Measured {
  readonly samples: Samples;
  /** What others took of the machine before each round, from 0 to 1. */
  readonly others: readonly number[];
}

/** Errors name the place. */
export async function inTurn(places: readonly Stands[], told: (text: string) => void): Promise<Measured> {
  const samples: Samples = {};
  const others: number[] = [];
  for (let n = 1; n <= ROUNDS; n++) {
    const taken = await othersShare();
    others.push(taken);
    if (tooMuch(taken)) told(`WARNING: others take ${percent(taken)} of this machine: end them, or the figures are worth little`);
    for (const stands of places) {
      const began = performance.now();
      const own = samples[stands.place] ?? {};
      samples[stands.place] = own;
      await round(stands, (measure, value) => {
        if (value !== null) own[measure] = [...(own[measure] ?? []), value];
      }).catch((error: Error) => {
        throw new Error(`${stands.place}, round ${n}: ${error.message}`);
      });
      told(`round ${n} of ${ROUNDS}, ${stands.place}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
    }
  }
  return { samples, others };
}
