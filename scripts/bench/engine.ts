/**
 * The engine at work: how long from Run to the first answer, how fast four workers are ready and what one weighs, and how
 * many requests go through. The machine's other business goes into these figures: each is the middle of several runs.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium } from '@playwright/test';
import type { Files } from '../../src/runtime/runtime.ts';
import { type BenchContext, type Figure, over } from '../lib/figures.ts';
import { noWheels } from '../lib/wheelhouse.ts';
import { flaskFiles, serverFiles } from './engine/files.ts';
import { rendererMegabytes } from './engine/memory.ts';
import { openNodeSandbox, startServers, Tabs } from './engine/sandbox.ts';
import { starts, untilKept } from './engine/start.ts';
import { nodeThroughput, tabThroughput } from './engine/throughput.ts';

const RUNS = 3;
/** A renderer's memory after a start settles when its garbage has been collected and its spare workers have ended (10 s). */
const SETTLE_MS = 12_000;

async function startFigures(launch: () => Promise<Browser>, site: string): Promise<Figure[]> {
  const browser = await launch();
  try {
    const { download, first, later } = await starts(browser, site, RUNS);
    return [
      { name: 'Run to first answer: with the download', value: download, unit: 'ms' },
      { name: 'Run to first answer: first visit', unit: 'ms', max: 2500, ...over(first) },
      { name: 'Run to first answer: later visit', unit: 'ms', max: 1500, ...over(later) },
    ];
  } finally {
    await browser.close();
  }
}

/** How long the master's first fork is before the last of four workers is ready, and what one more worker weighs, on a later visit. */
async function workerFigures(launch: () => Promise<Browser>, site: string): Promise<Figure[]> {
  const plain = await pools(launch, site, serverFiles);
  const missing = await noWheels();
  const flask = missing === null ? await pools(launch, site, flaskFiles) : null;
  if (missing !== null) console.log(`skipped: a worker with Flask (this build has no wheels: ${missing})`);
  if (plain.weight.length === 0) console.log('skipped: memory of a worker (only Linux says, of processes that may be asked)');
  const weight = (name: string, max: number, samples: readonly number[]): Figure[] =>
    samples.length > 0 ? [{ name, unit: 'MB', max, ...over(samples) }] : [];
  return [
    { name: 'four workers ready, from the first fork', unit: 'ms', max: 1400, ...over(plain.ready) },
    ...weight('memory of one more worker', 60, plain.weight),
    ...(flask === null ? [] : [{ name: 'four workers with Flask ready, from the first fork', unit: 'ms', ...over(flask.ready) }]),
    ...weight('memory of one more worker with Flask', 85, flask?.weight ?? []),
  ];
}

type FilesFor = (workers: number) => Files | Promise<Files>;

async function pools(launch: () => Promise<Browser>, site: string, files: FilesFor): Promise<{ ready: number[]; weight: number[] }> {
  const ready: number[] = [];
  const weight: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const [four, one] = [await pool(launch, site, 4, files), await pool(launch, site, 1, files)];
    ready.push(four.ready);
    if (four.megabytes !== null && one.megabytes !== null) weight.push((four.megabytes - one.megabytes) / 3);
  }
  return { ready, weight };
}

async function pool(
  launch: () => Promise<Browser>,
  site: string,
  workers: number,
  files: FilesFor,
): Promise<{ ready: number; megabytes: number | null }> {
  const browser = await launch();
  try {
    const tabs = await Tabs.of(browser, site);
    const visitor = await tabs.visitor();
    const before = await tabs.open(visitor, 1);
    await startServers(before, 1);
    await untilKept(before.page);
    await before.close();
    const sandbox = await tabs.open(visitor, await files(workers));
    await startServers(sandbox, workers);
    const events = await sandbox.events();
    const master = events.find((event) => event.type === 'process.role' && event.server === 'uwsgi' && event.role === 'master')?.pid;
    const began = events.find((event) => event.type === 'process.start' && event.ppid === master)?.t ?? Number.NaN;
    const ended = Math.max(...events.filter(({ type }) => type === 'uwsgi.ready').map(({ t }) => t));
    await sleep(SETTLE_MS);
    return { ready: ended - began, megabytes: await rendererMegabytes(browser).catch(() => null) };
  } finally {
    await browser.close();
  }
}

export default async function engine({ site, browser: { path, env }, browserArgs }: BenchContext): Promise<Figure[]> {
  const launch = (): Promise<Browser> => chromium.launch({ executablePath: path, env: { ...process.env, ...env }, args: [...browserArgs] });
  const figures = [...(await startFigures(launch, site)), ...(await workerFigures(launch, site))];
  const browser = await launch();
  try {
    const tabs = await Tabs.of(browser, site);
    figures.push(...(await tabThroughput(await tabs.open(await tabs.visitor()))));
  } finally {
    await browser.close();
  }
  const node = await openNodeSandbox();
  try {
    figures.push(...(await nodeThroughput(node)));
  } finally {
    await node.close();
  }
  return figures;
}
