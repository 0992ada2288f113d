/** The same measurements of every uWSGI behind its nginx, wherever they run. */
import { type Figure, over } from '../../lib/figures.ts';
import type { LoadResult } from '../engine/programs.ts';
import { CLIENTS, MEASURED_MS, MOST_WORKERS, ROUTES, request, WAITING_CLIENTS, WARM_UP_MS, WORKERS } from './setting.ts';

/** Nginx in front of uWSGI with so many workers. */
export interface Pool {
  load(clients: number, warmUp: number, measured: number, request: string): Promise<LoadResult>;
  close(): Promise<void>;
}

/** Where pools can be started: `tab`, `Node host`, `uWSGI 2.0.21-debian`. */
export interface Place {
  readonly name: string;
  pool(workers: number): Promise<Pool>;
}

/** Requests a second by what was asked and how many workers there were: `/json 2`. */
export type Rates = ReadonlyMap<string, number>;

const ROUNDS = 3;

/** Each rate is the middle of several: the machine is often busy with something else for a second. */
async function rate(pool: Pool, path: string, clients: number): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) rates.push((await pool.load(clients, WARM_UP_MS, MEASURED_MS, request(path))).rate);
  return over(rates).value;
}

export async function rates(place: Place): Promise<Rates> {
  const all = new Map<string, number>();
  for (const workers of [...WORKERS, MOST_WORKERS]) {
    const pool = await place.pool(workers);
    try {
      const measure = async (path: string, clients = CLIENTS): Promise<void> =>
        void all.set(`${path} ${workers}`, await rate(pool, path, clients));
      if (workers !== MOST_WORKERS) for (const route of ROUTES) await measure(route);
      if (workers <= 2) await measure('/cpu');
      await measure('/slow', WAITING_CLIENTS);
    } finally {
      await pool.close();
    }
  }
  return all;
}

/** Budgets: two processors do half as much again as one, and what only waits grows with the workers. */
const TWO_PROCESSORS = 1.5;
const OF_LINEAR = 0.85;

const NAMES: Readonly<Record<string, string>> = {
  '/': 'trivial',
  '/json': 'JSON',
  '/stream': 'ten pieces',
  '/cpu': 'CPU-bound',
  '/slow': 'waiting 50 ms',
};

/** `held`: whether the budgets count here. */
export function figures(name: string, all: Rates, held: boolean): Figure[] {
  const at = (path: string, workers: number): number => all.get(`${path} ${workers}`) ?? Number.NaN;
  return [
    ...[...all].map(([what, value]) => {
      const [path = '', workers = ''] = what.split(' ');
      return { name: `${name}: ${NAMES[path]}, ${workers} ${workers === '1' ? 'worker' : 'workers'}`, unit: 'req/s', value };
    }),
    {
      name: `${name}: CPU-bound, 2 workers of 1`,
      unit: '',
      value: at('/cpu', 2) / at('/cpu', 1),
      ...(held ? { min: TWO_PROCESSORS } : {}),
    },
    {
      name: `${name}: waiting, ${MOST_WORKERS} workers of ${MOST_WORKERS} times one`,
      unit: '',
      value: at('/slow', MOST_WORKERS) / at('/slow', 1) / MOST_WORKERS,
      ...(held ? { min: OF_LINEAR } : {}),
    },
  ];
}

/** How much of the real one's rate the sandbox's reaches. */
export const ratios = (name: string, ours: Rates, real: Rates): Figure[] =>
  ROUTES.map((route) => ({
    name: `${name}: ${NAMES[route]}, 4 workers, of the real one`,
    unit: '',
    value: (ours.get(`${route} 4`) ?? Number.NaN) / (real.get(`${route} 4`) ?? Number.NaN),
  }));
