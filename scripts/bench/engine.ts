/**
 * The engine at work: how long from Run to the first answer, how fast four workers are ready and what one weighs, and how
 * many requests go through. The machine's other business goes into these figures: each is the middle of several runs.
 */
import { type Browser, chromium } from '@playwright/test';
import { type BenchContext, type Figure, over } from '../lib/figures.ts';
import { rendererMegabytes } from './engine/memory.ts';
import { openNodeSandbox, startServers, Tabs } from './engine/sandbox.ts';
import { starts, untilKept } from './engine/start.ts';
import { nodeThroughput, tabThroughput } from './engine/throughput.ts';

const RUNS = 3;
/** A renderer's memory after a start settles when its garbage has been collected and its spare workers have ended (10 s). */
const SETTLE_MS = 12_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

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
  const ready: number[] = [];
  const weight: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const [four, one] = [await pool(launch, site, 4), await pool(launch, site, 1)];
    ready.push(four.ready);
    if (four.megabytes !== null && one.megabytes !== null) weight.push((four.megabytes - one.megabytes) / 3);
  }
  if (weight.length === 0) console.log('skipped: memory of a worker (only Linux says, of processes that may be asked)');
  console.log('skipped: memory of a worker with Flask (the project brings no Flask)');
  return [
    { name: 'four workers ready, from the first fork', unit: 'ms', max: 1400, ...over(ready) },
    ...(weight.length > 0 ? [{ name: 'memory of one more worker', unit: 'MB', max: 60, ...over(weight) }] : []),
  ];
}

async function pool(launch: () => Promise<Browser>, site: string, workers: number): Promise<{ ready: number; megabytes: number | null }> {
  const browser = await launch();
  try {
    const tabs = await Tabs.of(browser, site);
    const visitor = await tabs.visitor();
    const before = await tabs.open(visitor, 1);
    await startServers(before, 1);
    await untilKept(before.page);
    await before.close();
    const sandbox = await tabs.open(visitor, workers);
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
