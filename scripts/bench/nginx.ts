/**
 * nginx at work: the sandbox's in a tab and on the Node host, and beside the latter the machine's real one under the same
 * client. Small files over kept connections, requests to a server behind, a 50 MB file, and memory.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium } from '@playwright/test';
import { type BenchContext, type Figure, over } from '../lib/figures.ts';
import { childrenOf, megabytes } from '../lib/processes.ts';
import { freePort } from '../lib/static-server.ts';
import { rendererMegabytes } from './engine/memory.ts';
import type { LoadResult } from './engine/programs.ts';
import { type BenchSandbox, openNodeSandbox, type TabSandbox, Tabs } from './engine/sandbox.ts';
import { loadFromMachine, sipFromMachine } from './nginx/machine.ts';
import { figures, inTurn, type Subject } from './nginx/measure.ts';
import { openReal } from './nginx/real.ts';
import { BEHIND_BYTES, configuration, files, request, requestBehind, SIP_BYTES } from './nginx/setting.ts';

const PORT = 80;
const BEHIND = 9000;
/** The server behind with requests as a client sends them, and the bare echo of a small file. */
const BEHIND_DIRECT = 9001;
const ECHO = 9002;
/** Of the real one's rate: what its C and the machine's own sockets may be ahead. */
const OF_REAL = 1 / 6;
const IN_TAB = 5000;
/** A renderer's memory settles when its garbage has been collected. */
const SETTLE_MS = 5000;

const sandboxFiles = (): Record<string, string | Uint8Array> => ({
  ...Object.fromEntries(Object.entries(files()).map(([name, data]) => [`/srv/bench/${name}`, data])),
  '/etc/nginx/nginx.conf': configuration({
    port: PORT,
    behind: BEHIND,
    root: '/srv/bench',
    logs: '/var/log/nginx',
    main: 'user www-data;',
  }),
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n',
  '/etc/group': 'root:x:0:\nwww-data:x:33:\n',
  '/var/log/nginx/': '',
  '/run/': '',
});

/** Starts nginx, the server behind it in both forms, and an echo of as many bytes as nginx answers with. */
async function startServers(sandbox: BenchSandbox): Promise<void> {
  await sandbox.spawn('nginx', ['-g', 'daemon off;']);
  await sandbox.until('process.role', 2);
  await sandbox.spawn('echo', [BEHIND, 1, requestBehind(BEHIND).length, BEHIND_BYTES].map(String));
  await sandbox.spawn('echo', [BEHIND_DIRECT, 1, request('/behind').length, BEHIND_BYTES].map(String));
  const { size } = await loadInside(sandbox)(PORT, 1, 0, 200, request('/small.txt'));
  await sandbox.spawn('echo', [ECHO, 1, request('/small.txt').length, size].map(String));
  await sandbox.until('socket.listen', 4);
  // Under load the trace is received, as in a lesson, but not kept.
  await sandbox.keepTrace(false);
}

const loadInside =
  (sandbox: BenchSandbox): Subject['load'] =>
  async (...args): Promise<LoadResult> =>
    JSON.parse(await sandbox.run('load', args.map(String)));

async function inTab(sandbox: TabSandbox, browser: Browser): Promise<Figure[]> {
  const empty = await rendererMegabytes(browser).catch(() => null);
  await startServers(sandbox);
  const subject = { name: 'tab', port: PORT, behind: BEHIND_DIRECT, echo: ECHO, load: loadInside(sandbox) };
  const rounds = (await inTurn([subject])).get('tab') ?? [];
  await sleep(SETTLE_MS);
  const before = await rendererMegabytes(browser).catch(() => null);
  await sandbox.keepTrace(true);
  await sandbox.spawn('sip', [String(PORT), String(SIP_BYTES), request('/large.bin')]);
  await sandbox.until('progress', 1);
  await sleep(1000);
  const sipping = await rendererMegabytes(browser).catch(() => null);
  if (empty === null || before === null || sipping === null) console.log('skipped: memory in the tab (only Linux says)');
  return [
    ...figures('tab', rounds, { min: IN_TAB }),
    ...(before === null || empty === null
      ? []
      : [{ name: 'tab: memory of nginx and three echoes after load', unit: 'MB', value: before - empty }]),
    ...(before === null || sipping === null
      ? []
      : [{ name: 'tab: more while a client has 1 of 50 MB', unit: 'MB', value: sipping - before }]),
  ];
}

async function onMachine(): Promise<Figure[]> {
  const sandbox = await openNodeSandbox(sandboxFiles());
  const real = await openReal();
  try {
    const others = new Set(childrenOf(process.pid));
    await startServers(sandbox);
    // Master, worker and the echoes, in the order of their start.
    const worker = childrenOf(process.pid).filter((pid) => !others.has(pid))[1] ?? 0;
    const published = new Map<number, number>();
    for (const port of [PORT, BEHIND_DIRECT, ECHO]) {
      const open = await freePort();
      await sandbox.publish(open, port);
      published.set(port, open);
    }
    const at = (port: number): number => published.get(port) ?? 0;
    const ours: Subject = { name: 'Node host', port: at(PORT), behind: at(BEHIND_DIRECT), echo: at(ECHO), load: loadFromMachine };
    const theirs: readonly Subject[] = typeof real === 'string' ? [] : [{ ...real, name: real.version, echo: null, load: loadFromMachine }];
    if (typeof real === 'string') console.log(`skipped: the real nginx (${real})`);
    const rounds = await inTurn([ours, ...theirs]);
    const [our = [], their = []] = [...rounds.values()];
    const before = megabytes(worker);
    const stop = await sipFromMachine(at(PORT), SIP_BYTES, request('/large.bin'));
    await sleep(1000);
    const sipping = megabytes(worker);
    stop();
    return [
      ...figures('Node host', our),
      { name: 'Node host: memory of a worker after load', unit: 'MB', value: before },
      { name: 'Node host: more while a client has 1 of 50 MB', unit: 'MB', value: sipping - before },
      ...(typeof real === 'string'
        ? []
        : [
            ...figures(real.version, their),
            { name: `${real.version}: memory of a worker after load`, unit: 'MB', value: megabytes(real.worker) },
            {
              name: `Node host: small file, of ${real.version}`,
              unit: '',
              min: OF_REAL,
              ...over(our.map(({ small }, round) => small.rate / (their[round]?.small.rate ?? Number.NaN))),
            },
            {
              name: `Node host: proxied, of ${real.version}`,
              unit: '',
              ...over(our.map(({ behind }, round) => behind.rate / (their[round]?.behind.rate ?? Number.NaN))),
            },
          ]),
    ];
  } finally {
    await sandbox.close();
    if (typeof real !== 'string') await real.close();
  }
}

export default async function nginx({ site, browser: { path, env }, browserArgs }: BenchContext): Promise<Figure[]> {
  const browser = await chromium.launch({ executablePath: path, env: { ...process.env, ...env }, args: [...browserArgs] });
  const all: Figure[] = [];
  try {
    const tabs = await Tabs.of(browser, site);
    all.push(...(await inTab(await tabs.open(await tabs.visitor(), sandboxFiles()), browser)));
  } finally {
    await browser.close();
  }
  return [...all, ...(await onMachine())];
}
