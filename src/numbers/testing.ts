/** A measurement for tests: a quiet machine where everything was measured, with figures that can be told apart. */
import { MEASURES, type Measure, type Numbers, PLACES, type Place } from './measured.ts';

/** Three rounds around each value, the middle one first. */
const around = (value: number): number[] => [value, value * 0.9, value * 1.2];

const REAL: Partial<Record<Measure, number>> = {
  'wait 1': 19,
  'wait 8': 152,
  'compute 1': 71,
  'compute 8': 129,
  file: 0.31,
  direct: 0.42,
  unix: 0.53,
  tcp: 0.55,
  http: 0.56,
  'sealed file': 2.3,
  'file kept': 0.13,
  'sealed file kept': 0.14,
  'unix work': 0.061,
  'http work': 0.11,
  'worker seen': 24,
  'worker more': 4.7,
  start: 170,
  reload: 1070,
  'reload lost': 0,
  respawn: 610,
};

/** `own` replaces values of the real servers; everything else is ten, and each further place takes twice as long as the one before. */
export function measuredFor(own: Partial<Record<Measure, number>> = {}, places: readonly Place[] = PLACES): Numbers {
  const values = { ...REAL, ...own };
  const slower: Readonly<Record<Place, number>> = { real: 1, node: 2, tab: 4 };
  const samplesOf = (place: Place): Partial<Record<Measure, number[]>> =>
    Object.fromEntries(
      MEASURES.map((measure) => [measure, around((values[measure] ?? 10) * (/^(wait|compute)/.test(measure) ? 1 : slower[place]))]),
    );
  return {
    format: 1,
    measured: '2026-11-23T12:00:00.000Z',
    seconds: 173,
    machine: {
      processor: 'A processor',
      cores: 2,
      gigabytes: 8,
      system: 'A system',
      load: { before: 0.1, after: 1.9 },
      others: [0.01, 0.02, 0],
    },
    versions: {
      node: '22.1.0',
      pyodide: '314.0.0',
      nginx: '1.22.1',
      uwsgi: '2.0.21',
      python: '3.11.2',
      openssl: '3.0.1',
      browser: '153.0',
    },
    setting: { rounds: 3, clients: 8, waitingClients: 16, waitMs: 50, measuredMs: 900, askedMs: 400, workers: 4, fileBytes: 1024 },
    skipped: [],
    samples: Object.fromEntries(places.map((place) => [place, samplesOf(place)])),
  };
}
