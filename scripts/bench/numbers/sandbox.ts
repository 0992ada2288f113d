/** The sandbox's nginx and uWSGI, on the Node host and in a tab. The client is a program of the sandbox. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@playwright/test';
import type { TraceEvent } from '../../../sandboxes/host/events.ts';
import type { Files } from '../../../src/runtime/runtime.ts';
import { childrenOf, megabytes } from '../../lib/processes.ts';
import { serverFiles } from '../engine/files.ts';
import { rendererMegabytes } from '../engine/memory.ts';
import { type BenchSandbox, openNodeSandbox, Tabs } from '../engine/sandbox.ts';
import { untilKept } from '../engine/start.ts';
import type { Asked, Asking, Watched, Watching } from './client.ts';
import { filesFor, INSIDE, iniOf, NGINX_CONF, OTHER_DOORS, type Way, wayOf } from './setting.ts';
import { type Memory, START_WITHIN_MS, type Stand, type Stands, seenBy, sum, type WatchOptions } from './stand.ts';

/** A tab's memory settles when what is over has been collected. */
const SETTLE_MS = 1500;

const files = (workers: number): Files => ({ ...serverFiles(workers), ...filesFor(INSIDE, workers) });

const rolePids = (all: readonly TraceEvent[], server: 'uwsgi', role: 'master' | 'worker'): number[] =>
  all.flatMap((event) => (event.type === 'process.role' && event.server === server && event.role === role ? [event.pid] : []));

/** Starts the servers in an open sandbox. `all` says what its processes take together, in megabytes. */
async function standIn(sandbox: BenchSandbox, workers: number, all: () => Promise<number | null>): Promise<Stand> {
  const client = async (task: Asking | Watching): Promise<unknown> => JSON.parse(await sandbox.run('numbers', [JSON.stringify(task)]));
  const asked = async (task: Asking): Promise<Asked> => (await client(task)) as Asked;
  const watch = async (way: Way, options: WatchOptions): Promise<Watched> =>
    (await client({ kind: 'watch', ...wayOf(way, INSIDE), ...options })) as Watched;
  const at = (file: string): string => `${INSIDE.run}/${file}`;

  await sandbox.spawn('nginx', ['-c', at(NGINX_CONF), '-g', 'daemon off;']);
  await sandbox.until('process.role', 2);
  const { first: answered } = await seenBy(
    () => watch('unix', { lasts: START_WITHIN_MS, untilFirst: true }),
    async () => void (await sandbox.spawn('uwsgi', ['--ini', at(iniOf('unix'))])),
  );
  // The first worker answers while others are still starting.
  await sandbox.until('uwsgi.ready', workers);
  const events = await sandbox.events();
  const began = events.find((event) => event.type === 'process.start' && event.program === 'uwsgi')?.t;
  if (answered === null || began === undefined) throw new Error('the sandbox’s uWSGI does not answer');
  const [master = 0] = rolePids(events, 'uwsgi', 'master');
  // Under load the trace is received, as in a lesson, but not kept.
  await sandbox.keepTrace(false);
  return {
    started: answered - began,
    ask: (way, options) => asked({ kind: 'ask', ...wayOf(way, INSIDE), ...options }),
    watch,
    async openDoors() {
      for (const door of OTHER_DOORS) {
        await sandbox.spawn('uwsgi', ['--ini', at(iniOf(door))]);
        await watch(door, { lasts: START_WITHIN_MS, untilFirst: true });
      }
    },
    reload: async () => void (await sandbox.run('kill', ['-HUP', String(master)])),
    kill: async () => {
      const [worker = 0] = rolePids(await sandbox.events(), 'uwsgi', 'worker');
      await sandbox.run('kill', ['-KILL', String(worker)]);
    },
    work: () => null,
    memory: async (): Promise<Memory> => {
      const said = (await sandbox.events()).flatMap((event) => (event.type === 'process.memory' ? [event.bytes / 1024 ** 2] : []));
      return { worker: said.length > 0 ? Math.max(...said) : null, all: await all() };
    },
    close: () => sandbox.close(),
  };
}

export const nodeStands: Stands = {
  place: 'node',
  async open(workers) {
    const others = new Set(childrenOf(process.pid));
    const sandbox = await openNodeSandbox(files(workers));
    const all = async (): Promise<number | null> =>
      sum(
        childrenOf(process.pid)
          .filter((pid) => !others.has(pid))
          .map((pid) => megabytes(pid)),
      );
    return standIn(sandbox, workers, all).catch(async (error) => {
      await sandbox.close();
      throw error;
    });
  },
};

/** One visitor's browser, who has been here before: Python's memory image is kept. */
export async function tabStands(browser: Browser, site: string): Promise<Stands> {
  const tabs = await Tabs.of(browser, site);
  const visitor = await tabs.visitor();
  const open = async (workers: number): Promise<Stand & { readonly page: Parameters<typeof untilKept>[0] }> => {
    const sandbox = await tabs.open(visitor, files(workers));
    const all = async (): Promise<number | null> => {
      await sleep(SETTLE_MS);
      return rendererMegabytes(browser).catch(() => null);
    };
    const stand = await standIn(sandbox, workers, all).catch(async (error) => {
      await sandbox.close();
      throw error;
    });
    return { ...stand, page: sandbox.page };
  };
  const before = await open(1);
  await untilKept(before.page);
  await before.close();
  return { place: 'tab', open };
}
