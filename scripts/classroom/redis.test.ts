import { spawn } from 'node:child_process';
import { createClient } from '@redis/client';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '../lib/static-server.ts';
import { MemoryBus } from './bus.ts';
import { KEPT_S, openRedisBus } from './redis-bus.ts';
import { closing, Learner, openRelay, place, teach } from './testing.ts';

const ends: (() => void)[] = [];
let redis: string | null = null;
/** Why there is none. */
let missing = '';

/** A Redis of this test's own, which keeps nothing on disk. */
async function startRedis(): Promise<string> {
  const port = await freePort();
  const server = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  ends.push(() => server.kill());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => reject(new Error('redis-server ended by itself')));
    server.stdout.on('data', (text: Buffer) => text.includes('Ready to accept') && resolve());
  });
  return `redis://127.0.0.1:${port}`;
}

beforeAll(async () => {
  try {
    redis = await startRedis();
  } catch (error) {
    missing = `no redis-server on this machine (apt install redis-server): ${error instanceof Error ? error.message : error}`;
  }
  return () => {
    for (const end of ends) end();
  };
});

afterEach(closing);

/** The same for any bus: it is what joins two machines. */
async function twoRelays(open: () => Promise<MemoryBus | Awaited<ReturnType<typeof openRedisBus>>>): Promise<void> {
  const [one, other] = [await openRelay({}, await open()), await openRelay({}, await open())];
  const [here, there] = [new Learner(one.address), new Learner(other.address)];
  await Promise.all([here.open, there.open]);
  await teach(one.address, { place: place(3) });
  await vi.waitFor(() => expect([here.last?.step, there.last?.step]).toEqual([3, 3]), { timeout: 3000 });
  await there.report({ following: false, passed: ['one'] });
  await vi.waitFor(async () => expect(await teach(one.address, {})).toMatchObject({ here: 2, following: 1, passed: { one: 1 } }), {
    timeout: 6000,
    interval: 250,
  });
  // a machine that joins late knows where the class is
  const third = await openRelay({}, await open());
  const late = new Learner(third.address);
  await vi.waitFor(() => expect(late.last?.step).toBe(3), { timeout: 3000 });
}

test('two relays on one bus are one class', { timeout: 15_000 }, async () => {
  const bus = new MemoryBus();
  await twoRelays(async () => bus);
});

test('two relays over Redis are one class', { timeout: 15_000 }, async ({ skip }) => {
  if (redis === null) skip(missing);
  else await twoRelays(() => openRedisBus(redis as string));
});

/** Somebody else at that Redis. */
async function besides(url: string) {
  const other = createClient({ url });
  await other.connect();
  ends.push(() => other.destroy());
  return other;
}

test('a place that was told while the connection that hears was lost is found when it is back', { timeout: 15_000 }, async ({ skip }) => {
  if (redis === null) return skip(missing);
  const one = await openRelay({}, await openRedisBus(redis));
  const there = new Learner(one.address);
  await there.open;
  await teach(one.address, { place: place(1) });
  await vi.waitFor(() => expect(there.last?.step).toBe(1));
  const other = await besides(redis);
  await other.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
  await teach(one.address, { place: place(7) });
  await vi.waitFor(() => expect(there.last?.step).toBe(7), { timeout: 5000 });
});

test('a class is forgotten soon after its last relay, with the age of what it was told', async ({ skip }) => {
  if (redis === null) return skip(missing);
  const bus = await openRedisBus(redis);
  const other = await besides(redis);
  await bus.publish('place', 'room9', 'here');
  await new Promise((resolve) => setTimeout(resolve, 60));
  const last = await bus.last('room9');
  expect(last?.text).toBe('here');
  expect(last?.ago).toBeGreaterThanOrEqual(55);
  expect(last?.ago).toBeLessThan(5000);
  expect(await other.ttl('ftr:room:room9')).toBeGreaterThan(KEPT_S - 10);
  // a relay that counts keeps it
  await other.expire('ftr:room:room9', 5);
  await bus.publish('count', 'room9', '{}');
  expect(await other.ttl('ftr:room:room9')).toBeGreaterThan(KEPT_S - 10);
  await other.pExpire('ftr:room:room9', 1);
  await vi.waitFor(async () => expect(await bus.last('room9')).toBeNull());
  await bus.close();
});

test('a Redis that is not there is an error at once', { timeout: 8000 }, async () => {
  await expect(openRedisBus(`redis://127.0.0.1:${await freePort()}`)).rejects.toThrow();
});
