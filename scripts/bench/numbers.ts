/**
 * The figures of the page `/numbers/`: the machine's own nginx and uWSGI beside the sandbox's on the Node host and in a tab, with the
 * same files and the same client. Writes bench/numbers.json, which the page is made from; take it while the machine has nothing else to do.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { chromium } from '@playwright/test';
import { MEASURES, type Numbers, numbers as schema, takenByOthers, wasBusy } from '../../src/numbers/measured.ts';
import { percent, unitOf } from '../../src/numbers/units.ts';
import { type BenchContext, type Figure, over, table } from '../lib/figures.ts';
import { at } from '../lib/paths.ts';
import { realStands, realVersions, systemName } from './numbers/real.ts';
import { inTurn } from './numbers/rounds.ts';
import { nodeStands, tabStands } from './numbers/sandbox.ts';
import { ASKED_MS, CLIENTS, FILE_BYTES, MEASURED_MS, ROUNDS, USUAL_WORKERS, WAITING_CLIENTS, waitMs } from './numbers/setting.ts';

const NAMES = { real: 'real', node: 'Node host', tab: 'tab' } as const;

export default async function numbers({ site, browser: { path, env }, browserArgs }: BenchContext): Promise<Figure[]> {
  const began = performance.now();
  const [before = 0] = loadavg();
  const real = realStands();
  const skipped: Numbers['skipped'] = typeof real === 'string' ? [{ place: 'real', why: real }] : [];
  if (typeof real === 'string') console.log(`skipped: the real servers (${real})`);
  const browser = await chromium.launch({ executablePath: path, env: { ...process.env, ...env }, args: [...browserArgs] });
  try {
    const tab = await tabStands(browser, site);
    const { samples, others } = await inTurn([...(typeof real === 'string' ? [] : [real]), nodeStands, tab], console.log);
    const [after = 0] = loadavg();
    const pyodide: { version: string } = JSON.parse(readFileSync(at('node_modules/pyodide/package.json'), 'utf8'));
    const made = schema.parse({
      format: 1,
      measured: new Date().toISOString(),
      seconds: Math.round((performance.now() - began) / 1000),
      machine: {
        processor: cpus()[0]?.model.trim() ?? 'unknown',
        cores: availableParallelism(),
        gigabytes: Math.round(totalmem() / 1e9),
        system: systemName(),
        load: { before, after },
        others: others.map((share) => Number(share.toFixed(3))),
      },
      versions: { node: process.version.slice(1), pyodide: pyodide.version, ...realVersions(), browser: browser.version() },
      setting: {
        rounds: ROUNDS,
        clients: CLIENTS,
        waitingClients: WAITING_CLIENTS,
        waitMs: waitMs(),
        measuredMs: MEASURED_MS,
        askedMs: ASKED_MS,
        workers: USUAL_WORKERS,
        fileBytes: FILE_BYTES,
      },
      skipped,
      samples: rounded(samples),
    } satisfies Numbers);
    mkdirSync(at('bench'), { recursive: true });
    writeFileSync(at('bench/numbers.json'), `${JSON.stringify(made, null, 2)}\n`);
    console.log(`bench/numbers.json is written; others took up to ${percent(takenByOthers(made))} of the machine`);
    if (wasBusy(made)) console.log('WARNING: that is too much: the page will say that its figures are worth little');
    console.log(`\n${table(figuresOf(made))}`);
    // bench/numbers.json has them, and none has a budget
    return [];
  } finally {
    await browser.close();
  }
}

/** Four digits are more than any of them is good for. */
const rounded = (samples: Numbers['samples']): Numbers['samples'] =>
  JSON.parse(JSON.stringify(samples, (_key, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)));

const figuresOf = ({ samples }: Numbers): Figure[] =>
  (Object.keys(NAMES) as (keyof typeof NAMES)[]).flatMap((place) =>
    MEASURES.flatMap((measure): Figure[] => {
      const values = samples[place]?.[measure];
      return values === undefined ? [] : [{ name: `${NAMES[place]}: ${measure}`, unit: unitOf(measure), ...over(values) }];
    }),
  );
