/** The same measurements of every nginx, wherever it runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, over } from '../../lib/figures.ts';
import type { LoadResult } from '../engine/programs.ts';
import { CLIENTS, LARGE_BYTES, MEASURED_MS, ROUNDS, request, WARM_UP_MS } from './setting.ts';

/** One nginx, with the bare echo beside it where there is one. */
export interface Subject {
  /** `tab`, `Node host`, `nginx/1.22.1`. */
  readonly name: string;
  /** Ports: nginx, the server behind it, and an echo of the same bytes as small.txt. */
  readonly port: number;
  readonly behind: number;
  readonly echo: number | null;
  load(port: number, clients: number, warmUp: number, measured: number, request: string): Promise<LoadResult>;
}

interface Round {
  readonly small: LoadResult;
  readonly echo: LoadResult | null;
  readonly behind: LoadResult;
  /** Milliseconds. */
  readonly hop: number;
  /** Megabytes a second. */
  readonly large: number;
}

async function measure({ port, behind, echo, load }: Subject): Promise<Round> {
  const busy = (at: number, path: string, clients = CLIENTS): Promise<LoadResult> =>
    load(at, clients, WARM_UP_MS, MEASURED_MS, request(path));
  const small = await busy(port, '/small.txt');
  const bare = echo === null ? null : await busy(echo, '/small.txt');
  const proxied = await busy(port, '/behind');
  const [through, direct] = [await busy(port, '/behind', 1), await busy(behind, '/behind', 1)];
  const large = await busy(port, '/large.bin', 1);
  return { small, echo: bare, behind: proxied, hop: through.p50 - direct.p50, large: (large.rate * LARGE_BYTES) / 1e6 };
}

/** Measures all in turn, so that a machine that is busy with something else is so for each. */
export async function inTurn(subjects: readonly Subject[]): Promise<Map<string, Round[]>> {
  const rounds = new Map<string, Round[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const subject of subjects) rounds.get(subject.name)?.push(await measure(subject));
    await sleep(200);
  }
  return rounds;
}

/** `least`: requests a second for small files that the subject must reach. */
export function figures(name: string, rounds: readonly Round[], least: Pick<Figure, 'min'> = {}): Figure[] {
  const echoes = rounds.flatMap(({ echo }) => (echo === null ? [] : [echo.rate]));
  return [
    { name: `${name}: small file, ${CLIENTS} clients`, unit: 'req/s', ...least, ...over(rounds.map(({ small }) => small.rate)) },
    { name: `${name}: middle request`, unit: 'ms', ...over(rounds.map(({ small }) => small.p50)) },
    ...(echoes.length === 0 ? [] : [{ name: `${name}: bare echo of the same bytes`, unit: 'req/s', ...over(echoes) }]),
    { name: `${name}: proxied, ${CLIENTS} clients`, unit: 'req/s', ...over(rounds.map(({ behind }) => behind.rate)) },
    { name: `${name}: time added by the hop, 1 client`, unit: 'ms', ...over(rounds.map(({ hop }) => hop)) },
    { name: `${name}: 50 MB files, 1 client`, unit: 'MB/s', ...over(rounds.map(({ large }) => large)) },
  ];
}
