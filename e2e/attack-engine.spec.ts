/**
 * The engine's frame against an attacker who runs JavaScript in a process: no network, no storage, no page, and no voice but
 * its own towards the kernel and other processes. Each attempt is a test.
 */
import { expect, test } from '@playwright/test';
import type { TraceEvent } from '../sandboxes/host/events.ts';
import { bundle } from '../scripts/engine/bundle.ts';
import type { EngineFrame } from '../src/runtime/engine-frame.ts';
import type { Outcome } from './attack/engine.ts';

const SITE = 'https://site.example';
const strays: string[] = [];
let stolen: Readonly<Record<string, Outcome>>;
let lies: { output: string; after: string; events: readonly TraceEvent[] };
let heard: readonly string[];

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  const script = async (entry: string, format: 'es' | 'iife'): Promise<string> =>
    (await bundle(entry, { format, platform: 'browser' })) ?? '';
  const frame = await script('sandboxes/host/worker/frame.ts', 'iife');
  const programs = await script('e2e/attack/engine.ts', 'es');
  const client = await script('src/runtime/engine-frame.ts', 'es');
  await page.route('**/*', (route) => {
    const url = route.request().url();
    if (!url.startsWith(SITE) || url.includes('stray')) strays.push(url);
    return url.endsWith('engine-frame.js')
      ? route.fulfill({ contentType: 'text/javascript', body: client })
      : route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>secret title</title>' });
  });
  await page.goto(SITE);
  const run = await page.evaluate(
    async ([frame, bundle, site]) => {
      const address = '/engine-frame.js';
      const engine = ((await import(address)) as { EngineFrame: typeof EngineFrame }).EngineFrame;
      localStorage.setItem('secret', 'of the page');
      const heard: string[] = [];
      new BroadcastChannel('page').onmessage = ({ data }) => heard.push(String(data));
      window.addEventListener('message', ({ data }) => data !== 'engine ready' && heard.push(JSON.stringify(data)));
      const outputs = new Map<number, string>();
      const exits = new Map<number, PromiseWithResolvers<void>>();
      const exit = (pid: number): PromiseWithResolvers<void> => {
        const known = exits.get(pid) ?? Promise.withResolvers<void>();
        exits.set(pid, known);
        return known;
      };
      const events: TraceEvent[] = [];
      const decoder = new TextDecoder();
      const sandbox = await engine.open(frame, { kernel: bundle, python: bundle, plain: bundle }, (notice) => {
        if (notice.op === 'output') outputs.set(notice.pid, (outputs.get(notice.pid) ?? '') + decoder.decode(notice.data));
        if (notice.op === 'trace') events.push(...notice.events);
        if (notice.op === 'exited') exit(notice.pid).resolve();
      });
      await sandbox.call('mount', [{}]);
      const thief = await sandbox.call('spawn', ['thief', [site], '/', null]);
      await exit(thief).promise;
      const victim = await sandbox.call('spawn', ['victim', [], '/', null]);
      // The liar is the victim's child: it has ended when its exit is in the trace.
      const ended = (): boolean => {
        const liar = events.find((event) => event.type === 'process.start' && event.program === 'liar');
        return events.some((event) => event.type === 'process.exit' && event.pid === liar?.pid);
      };
      while (!ended()) await new Promise((resolve) => setTimeout(resolve, 20));
      const witness = await sandbox.call('spawn', ['witness', [], '/', null]);
      await exit(witness).promise;
      sandbox.close();
      return {
        stolen: outputs.get(thief) ?? '',
        heard,
        lies: { output: outputs.get(victim) ?? '', after: outputs.get(witness) ?? '', events },
      };
    },
    [frame, programs, SITE] as const,
  );
  stolen = JSON.parse(run.stolen) as typeof stolen;
  ({ lies, heard } = run);
  await page.close();
});

const ATTEMPTS = [
  ...['fetch the site', 'fetch elsewhere', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'WebTransport'],
  ...['import from the site', 'importScripts', 'code from text', 'a worker from the site'],
  ...['indexedDB', 'cache storage', 'file storage', 'service worker', 'a lock of the page'],
  ...['document', 'parent window', 'opener', 'localStorage'],
];

for (const attempt of ATTEMPTS) {
  test(`a process is refused: ${attempt}`, () => {
    expect(stolen[attempt]?.refused).toMatch(/\w/);
    expect(stolen[attempt]).not.toHaveProperty('got');
  });
}

test('a process has an opaque origin', () => {
  expect(stolen['origin']?.got).toBe('null');
});

test('every attempt is listed here', () => {
  expect(Object.keys(stolen).sort()).toEqual(['origin', ...ATTEMPTS].sort());
});

test('no request left the frame, no message reached the page', () => {
  expect(strays).toEqual([]);
  expect(heard).toEqual([]);
});

test('nobody can speak in another connection’s name', () => {
  expect(lies.output).toContain('true\n'.repeat(10));
  expect(lies.output).not.toContain('forged');
});

test('nobody can signal another user’s process, become root or connect in another’s name', () => {
  expect(lies.output).toContain('uid 33');
  expect(lies.events.filter(({ type }) => type === 'process.signal')).toEqual([]);
  expect(JSON.stringify(lies.events)).not.toMatch(/"\d+\.77"/);
});

test('nobody can forge what the kernel or another process says', () => {
  const text = JSON.stringify(lies.events);
  expect(text).not.toContain('forged:99');
  expect(lies.events.filter((event) => event.type === 'process.exit' && event.code === 66)).toEqual([]);
  const liar = lies.events.find((event) => event.type === 'process.start' && event.program === 'liar')?.pid;
  const forged = lies.events.find((event) => event.type === 'log' && event.text === 'forged log');
  expect(forged?.pid).toBe(liar);
});

test('nonsense ends at most the process that speaks it: the victim still answers', () => {
  expect(lies.after).toBe('true\n'.repeat(10));
});
