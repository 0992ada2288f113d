/**
 * uWSGI at work behind nginx: in a tab, on the Node host, and beside the latter the machine's real one under the same
 * client. Requests a second for three kinds of work with 1 to 4 workers, whether two processors do more than one, and
 * whether what only waits grows with the workers.
 */
import { chromium } from '@playwright/test';
import type { BenchContext, Figure } from '../lib/figures.ts';
import { freePort } from '../lib/static-server.ts';
import { serverFiles } from './engine/files.ts';
import { openNodeSandbox, startServers, Tabs } from './engine/sandbox.ts';
import { loadFromMachine } from './nginx/machine.ts';
import { figures, type Place, rates, ratios } from './uwsgi/measure.ts';
import { realPlace } from './uwsgi/real.ts';
import { APP } from './uwsgi/setting.ts';

const files = (workers: number): Record<string, string> => ({ ...serverFiles(workers), '/srv/shop/app/wsgi.py': APP });

/** A new tab for each pool, in one visitor's browser. */
function inTab(tabs: Tabs): Place {
  const visitor = tabs.visitor();
  return {
    name: 'tab',
    async pool(workers) {
      const sandbox = await tabs.open(await visitor, files(workers));
      await startServers(sandbox, workers);
      // Under load the trace is received, as in a lesson, but not kept.
      await sandbox.keepTrace(false);
      return {
        load: async (...args) => JSON.parse(await sandbox.run('load', [80, ...args].map(String))),
        close: () => sandbox.close(),
      };
    },
  };
}

const onNode: Place = {
  name: 'Node host',
  async pool(workers) {
    const sandbox = await openNodeSandbox(files(workers));
    await startServers(sandbox, workers);
    await sandbox.keepTrace(false);
    const port = await freePort();
    await sandbox.publish(port, 80);
    return { load: (...args) => loadFromMachine(port, ...args), close: () => sandbox.close() };
  },
};

export default async function uwsgi({ site, browser: { path, env }, browserArgs }: BenchContext): Promise<Figure[]> {
  const browser = await chromium.launch({ executablePath: path, env: { ...process.env, ...env }, args: [...browserArgs] });
  const all: Figure[] = [];
  try {
    const place = inTab(await Tabs.of(browser, site));
    all.push(...figures(place.name, await rates(place), true));
  } finally {
    await browser.close();
  }
  const ours = await rates(onNode);
  all.push(...figures(onNode.name, ours, false));
  const real = realPlace();
  if (typeof real === 'string') console.log(`skipped: the real uWSGI (${real})`);
  else {
    const theirs = await rates(real);
    all.push(...figures(real.name, theirs, false), ...ratios(onNode.name, ours, theirs));
  }
  return all;
}
