/**
 * Requests a second through nginx and uWSGI, and through a bare echo of the same bytes over as many processes: once with the
 * same connections (the uwsgi protocol needs a new one for each request), once with all of them kept.
 */
import type { Page } from '@playwright/test';
import { type Figure, over } from '../../lib/figures.ts';
import { REQUEST } from './files.ts';
import type { LoadResult } from './programs.ts';
import { type BenchSandbox, startServers, type TabSandbox } from './sandbox.ts';
import { type Sizes, sizesOf } from './sizes.ts';

const CLIENTS = 8;
const WARM_UP_MS = 400;
const MEASURED_MS = 1200;
/** Many short ones: the machine is often busy with something else for a second or two. */
const ROUNDS = 15;
/** Before them: each of the four workers does a quarter of the work, so that its code is compiled late. */
const FIRST_MS = 2500;
/** As many as uWSGI has. */
const WORKERS = 4;
/** Where the echo listens: the relay with a connection for each request, the one that keeps them, and the processes behind. */
const RELAY = 7000;
const RELAY_KEPT = 7001;
const BEHIND = 7002;

interface Round {
  readonly server: LoadResult;
  readonly echo: LoadResult;
  readonly kept: LoadResult;
}

async function load(sandbox: BenchSandbox, port: number, warmUp: number, measured: number): Promise<LoadResult> {
  return JSON.parse(await sandbox.run('load', [port, CLIENTS, warmUp, measured, REQUEST].map(String)));
}

/** Server and echo in turn, in one sandbox, so that a machine that is busy with something else is so for both. */
async function rounds(sandbox: BenchSandbox): Promise<{ rounds: Round[]; sizes: Sizes }> {
  await startServers(sandbox);
  await load(sandbox, 80, 0, 500);
  // The last events are on their way for a few milliseconds.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const sizes = sizesOf(await sandbox.events());
  await sandbox.keepTrace(false);
  await sandbox.spawn('echo', [BEHIND, WORKERS, sizes.packet, sizes.reply].map(String));
  const relay = [1, sizes.request, sizes.answer, BEHIND, sizes.packet, sizes.reply];
  await sandbox.spawn('echo', [RELAY, ...relay].map(String));
  await sandbox.spawn('echo', [...[RELAY_KEPT, ...relay].map(String), 'kept']);
  await sandbox.until('process.start', 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const port of [80, RELAY, RELAY_KEPT]) await load(sandbox, port, 0, FIRST_MS);
  const done: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const measure = (port: number): Promise<LoadResult> => load(sandbox, port, WARM_UP_MS, MEASURED_MS);
    done.push({ server: await measure(80), echo: await measure(RELAY), kept: await measure(RELAY_KEPT) });
  }
  return { rounds: done, sizes };
}

export async function tabThroughput(sandbox: TabSandbox): Promise<Figure[]> {
  const { rounds: all, sizes } = await rounds(sandbox);
  const ports: number[] = [];
  for (let round = 0; round < ROUNDS; round++) ports.push(await portEcho(sandbox.page, sizes));
  return [
    { name: 'tab: nginx to Python, 8 clients', unit: 'req/s', ...over(all.map(({ server }) => server.rate)) },
    { name: 'tab: middle request', unit: 'ms', ...over(all.map(({ server }) => server.p50)) },
    { name: 'tab: slowest of 100', unit: 'ms', ...over(all.map(({ server }) => server.p99)) },
    { name: 'tab: bare echo, same bytes and connections', unit: 'req/s', ...over(all.map(({ echo }) => echo.rate)) },
    { name: 'tab: bare echo, all connections kept', unit: 'req/s', ...over(all.map(({ kept }) => kept.rate)) },
    { name: 'tab: nginx to Python, of the bare echo', unit: '', min: 0.5, ...over(all.map(({ server, echo }) => server.rate / echo.rate)) },
    { name: 'tab: MessagePort echo, three workers', unit: 'req/s', ...over(ports) },
  ];
}

export async function nodeThroughput(sandbox: BenchSandbox): Promise<Figure[]> {
  const { rounds: all } = await rounds(sandbox);
  return [
    { name: 'Node host: nginx to Python, 8 clients', unit: 'req/s', ...over(all.map(({ server }) => server.rate)) },
    { name: 'Node host: bare echo, same connections', unit: 'req/s', ...over(all.map(({ echo }) => echo.rate)) },
  ];
}

function portEcho(page: Page, sizes: Sizes): Promise<number> {
  return page.evaluate(([clients, ms, bytes]) => bench.portEcho(clients, ms, bytes), [CLIENTS, MEASURED_MS, sizes] as const);
}
