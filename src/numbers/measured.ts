/** What `npm run bench -- numbers` measured, as it lies in bench/numbers.json, and how one figure is read out of it. Pure. */
import { z } from 'astro/zod';
import { median } from './median.ts';

/** Where it was measured: the real servers, the sandbox on Node (processes of the machine), the sandbox in a browser's tab. */
export const PLACES = ['real', 'node', 'tab'] as const;
export type Place = (typeof PLACES)[number];

/** How many workers, for what grows with them. */
export const WORKERS = [1, 2, 4, 8] as const;

/** Everything that is measured. Rates are requests a second, memory is megabytes, `lost` are requests, all else is milliseconds. */
export const MEASURES = [
  ...(['wait', 'compute'] as const).flatMap((kind) => WORKERS.map((workers) => `${kind} ${workers}` as const)),
  // one client, a new connection for each request
  ...(['file', 'direct', 'unix', 'tcp', 'http', 'sealed file'] as const),
  // the same on a connection that is kept
  ...(['file kept', 'sealed file kept'] as const),
  // processor time of the servers for one such request
  ...(['unix work', 'tcp work', 'http work', 'file work', 'file kept work', 'sealed file work', 'sealed file kept work'] as const),
  ...(['worker seen', 'worker more', 'start', 'reload', 'reload lost', 'respawn', 'respawn lost'] as const),
] as const;
export type Measure = (typeof MEASURES)[number];

const count = z.number().int().positive();
const ms = z.number().positive();

export const numbers = z.strictObject({
  format: z.literal(1),
  measured: z.iso.datetime().describe('When the last round ended.'),
  seconds: z.number().positive().describe('How long it took.'),
  machine: z.strictObject({
    processor: z.string().min(1),
    cores: count,
    gigabytes: z.number().positive().describe('Memory.'),
    system: z.string().min(1),
    load: z
      .strictObject({ before: z.number().nonnegative(), after: z.number().nonnegative() })
      .describe('Load average of a minute, with what the benchmark itself did in it.'),
    others: z
      .array(z.number().min(0).max(1))
      .min(1)
      .optional()
      .describe('The part of the processors that was busy while the benchmark did nothing, before each round.'),
  }),
  versions: z.strictObject({
    node: z.string().min(1),
    pyodide: z.string().min(1),
    /** Null: not installed there. */
    nginx: z.string().nullable(),
    uwsgi: z.string().nullable(),
    python: z.string().nullable(),
    openssl: z.string().nullable(),
    browser: z.string().nullable(),
  }),
  setting: z.strictObject({
    rounds: count,
    clients: count.describe('For what computes.'),
    waitingClients: count.describe('For what waits.'),
    waitMs: ms.describe('How long a request that waits does so.'),
    measuredMs: ms.describe('Each rate in each round.'),
    askedMs: ms.describe('Each answering time in each round.'),
    workers: count.describe('When it starts and reloads.'),
    fileBytes: count,
  }),
  skipped: z.array(z.strictObject({ place: z.enum(PLACES), why: z.string().min(1) })),
  /** By place and measure: one value a round. */
  samples: z.partialRecord(z.enum(PLACES), z.partialRecord(z.enum(MEASURES), z.array(z.number().nonnegative()).min(1))),
});
export type Numbers = z.infer<typeof numbers>;

/** The middle of several rounds, and the smallest and the largest. */
export interface Reading {
  readonly middle: number;
  readonly least: number;
  readonly most: number;
}

/** Null when it was not measured there. */
export function reading({ samples }: Pick<Numbers, 'samples'>, place: Place, measure: Measure): Reading | null {
  const values = samples[place]?.[measure];
  return values === undefined ? null : { middle: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** More than this part of the processors for others, and figures are worth less. */
const TOO_MUCH = 0.15;
export const tooMuch = (share: number): boolean => share > TOO_MUCH;

/**
 * What others took of the machine at most, from 0 to 1. Where nobody looked, its load before has to do for it, which counts all that was done
 * in the minute before.
 */
export const takenByOthers = ({ machine: { others, load, cores } }: Pick<Numbers, 'machine'>): number =>
  Math.max(...(others ?? [Math.min(1, load.before / cores)]));

/** Whether the machine had so much else to do that its figures are worth less. */
export const wasBusy = (numbers: Pick<Numbers, 'machine'>): boolean => tooMuch(takenByOthers(numbers));
