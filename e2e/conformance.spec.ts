/**
 * The conformance suite on the browser's host: the real frame without network, kernel and processes in Web Workers, in a
 * real browser. The same cases run on the Node host (sandboxes/host/node) and on the unit tests' (sandboxes/host).
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { cases, type Result, resultsOf } from '../sandboxes/host/conformance/suite.ts';
import { keptFaults, traceFaults } from '../sandboxes/host/conformance/trace.ts';
import type { TraceEvent } from '../sandboxes/host/events.ts';
import { buildForBrowser } from '../scripts/build-conformance.ts';
import type { EngineFrame } from '../src/runtime/engine-frame.ts';

const ALL_CASES_MS = 300_000;
const PAGE = 'https://conformance.example/';

test.describe('conformance: browser host', () => {
  let results = new Map<string, Result>();
  let events: TraceEvent[] = [];

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(ALL_CASES_MS);
    const files = await buildForBrowser();
    const page = await browser.newPage();
    const module = (path: string) => ({ contentType: 'text/javascript', body: readFileSync(path, 'utf8') });
    await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Conformance</title>' }));
    await page.route('**/engine-frame.js', (route) => route.fulfill(module(files.engineFrame)));
    await page.goto(PAGE);
    const run = await page.evaluate(
      async ([frame, bundle]) => {
        const address = '/engine-frame.js';
        const engine = ((await import(address)) as { EngineFrame: typeof EngineFrame }).EngineFrame;
        let output = '';
        const events: unknown[] = [];
        const decoder = new TextDecoder();
        const { promise: exited, resolve } = Promise.withResolvers<void>();
        const sandbox = await engine.open(frame, { kernel: bundle, python: bundle, plain: bundle }, (notice) => {
          if (notice.op === 'output') output += decoder.decode(notice.data, { stream: true });
          if (notice.op === 'trace') events.push(...notice.events);
          if (notice.op === 'exited') resolve();
        });
        await sandbox.call('mount', [{}]);
        await sandbox.call('spawn', ['conformance', [], '/', null]);
        await exited;
        // The last events follow a moment later.
        await new Promise((later) => setTimeout(later, 200));
        sandbox.close();
        return { output, events };
      },
      [readFileSync(files.frame, 'utf8'), readFileSync(files.process, 'utf8')] as const,
    );
    await page.close();
    results = resultsOf(run.output);
    events = run.events as TraceEvent[];
  });

  for (const { name } of cases) {
    test(name, () => {
      expect(results.get(name)?.why).toBe('');
    });
  }

  test('trace: every process that started has ended, once, and events are numbered', () => {
    expect(traceFaults(events)).toEqual([]);
  });

  test('trace: bytes are kept as they were written', () => {
    expect(keptFaults(events)).toEqual([]);
  });
});
