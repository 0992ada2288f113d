// What the engine needs of a WebContainer, how fast it is, and what the course says of it. With `npm run test:webcontainer` of the real one.

import { expect, type Page } from '@playwright/test';
import type { WebContainer } from '@webcontainer/api';
import addresses from '../src/runtime/generated/engine.json' with { type: 'json' };
import { LESSON } from './support.ts';
import { REAL, test, withDouble } from './webcontainer/container.ts';
import { findings, MAY_FAIL, SMOKE } from './webcontainer/smoke.ts';

const PINGS = 20;

/** Boots a container in the page, runs the script in it and sends it lines; gives all that it showed. */
function inContainer(page: Page): Promise<{ booted: number; shown: string; roundTrip: number; memory: (number | null)[] }> {
  const run = async ({ client, script, pings, weigh }: { client: string; script: string; pings: number; weigh: boolean }) => {
    const memory = async (): Promise<number | null> => {
      const measure = (performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> }).measureUserAgentSpecificMemory;
      return measure === undefined || !weigh ? null : (await measure.call(performance)).bytes;
    };
    const before = await memory();
    const { WebContainer: Client } = (await import(client)) as { WebContainer: { boot(options: object): Promise<WebContainer> } };
    const began = performance.now();
    const container = await Client.boot({ coep: 'require-corp' });
    const booted = performance.now() - began;
    await container.fs.writeFile('smoke.cjs', script);
    const process = await container.spawn('node', ['smoke.cjs']);
    let shown = '';
    let look = (): void => {};
    const until = (text: string): Promise<void> =>
      new Promise((resolve) => {
        look = () => {
          if (shown.includes(text)) resolve();
        };
        look();
      });
    void process.output.pipeTo(
      new WritableStream({
        write: (chunk) => {
          shown += chunk;
          look();
        },
      }),
    );
    await until('"name":"over"');
    const input = process.input.getWriter();
    const sent = performance.now();
    for (let ping = 0; ping < pings; ping++) {
      await input.write(`ping ${ping}\n`);
      await until(`"name":"pong","ok":true,"detail":"${ping}"`);
    }
    const roundTrip = (performance.now() - sent) / pings;
    const after = await memory();
    container.teardown();
    return { booted, shown, roundTrip, memory: [before, after] };
  };
  return page.evaluate(run, { client: addresses.container, script: SMOKE, pings: PINGS, weigh: REAL });
}

test('smoke: processes, ports, signals, lines there and back', async ({ page }) => {
  test.setTimeout(180_000);
  const host = REAL ? null : await withDouble(page);
  await page.goto(LESSON);
  const { booted, shown, roundTrip, memory } = await inContainer(page);
  await host?.close();
  const found = findings(shown).filter(({ name }) => name !== 'pong' && name !== 'over');
  if (REAL) {
    for (const { name, ok, detail } of found) console.log(`${ok ? 'yes' : 'NO '}  ${name}${detail && ` (${detail})`}`);
    console.log(
      `booted in ${Math.round(booted)} ms; a line there and back ${roundTrip.toFixed(1)} ms; memory before and after: ${memory.join(', ')}`,
    );
  }
  expect(found.filter(({ name, ok }) => !ok && !(REAL && MAY_FAIL.includes(name)))).toEqual([]);
  expect(found.length).toBe(9);
});
