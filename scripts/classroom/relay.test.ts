import { afterEach, describe, expect, test, vi } from 'vitest';
import { pauseBefore, reader } from '../../src/classroom/stream.ts';
import { addressesOf } from './addresses.ts';
import { MemoryBus } from './bus.ts';
import { Allowance } from './limits.ts';
import { Relay } from './relay.ts';
import { closing, Learner, openRelay, place, teach } from './testing.ts';

afterEach(closing);

describe('a class', () => {
  test('follows, and who comes late gets where it is, with the time that has passed since', async () => {
    const { address } = await openRelay();
    const early = new Learner(address);
    await early.open;
    expect(await teach(address, { place: place(1) })).toMatchObject({ here: 1, following: 1 });
    await vi.waitFor(() => expect(early.last).toMatchObject({ lesson: 'gil', step: 1, moment: { t: 10, playing: true, speed: 0.5 } }));
    await new Promise((resolve) => setTimeout(resolve, 60));
    const late = new Learner(address);
    await vi.waitFor(() => expect(late.last?.step).toBe(1));
    expect(late.last?.ago).toBeGreaterThanOrEqual(50);
    expect(early.last?.ago).toBeLessThan(50);
    // what the teacher says late is older
    await teach(address, { place: { ...place(2), ago: 5000 } });
    await vi.waitFor(() => expect(late.last?.step).toBe(2));
    expect(late.last?.ago).toBeGreaterThanOrEqual(5000);
  });

  test('says how many follow and how many passed each check of the lesson it is in, without a name', async () => {
    const { address } = await openRelay();
    const [one, other] = [new Learner(address), new Learner(address)];
    await Promise.all([one.open, other.open]);
    await teach(address, { place: place(1) });
    expect(await one.report({ following: true, passed: ['a', 'b', 'a'] })).toBe(204);
    expect(await other.report({ following: false, passed: ['a'] })).toBe(204);
    const count = await teach(address, {});
    expect(count).toEqual({ here: 2, following: 1, passed: { a: 2, b: 1 }, address: `${address}/r/room1`, placed: true });
    await teach(address, { place: { ...place(1), lesson: 'tls' } });
    expect(await teach(address, {})).toMatchObject({ passed: {} });
  });

  test('counts the checks that most have passed, whatever else pages report', async () => {
    const { address } = await openRelay({ checks: 2 });
    const [one, other] = [new Learner(address), new Learner(address)];
    await Promise.all([one.open, other.open]);
    await teach(address, { place: place(1) });
    await one.report({ following: true, passed: ['x', 'y', 'a', 'constructor'] });
    await other.report({ following: true, passed: ['a', 'constructor'] });
    expect(await teach(address, {})).toMatchObject({ passed: { a: 2, constructor: 2 } });
    expect(Object.keys(((await teach(address, {})) as { passed: object }).passed)).toEqual(['a', 'constructor']);
  });

  test('hears nothing that makes no sense from the bus', async () => {
    const bus = new MemoryBus();
    const { address } = await openRelay({}, bus);
    for (const text of ['{', 'null', '{"lesson":"../x","step":1,"ago":1}', JSON.stringify({ place: place(1) })]) {
      await bus.publish('place', 'room1', text);
      await bus.publish('count', 'room1', text);
    }
    expect(await teach(address, {})).toMatchObject({ placed: false, here: 0 });
  });

  test('is told between relays with its age: their clocks may differ', async () => {
    const bus = new MemoryBus();
    const { address } = await openRelay({}, bus);
    await teach(address, { place: { ...place(2), ago: 5000 } });
    expect(JSON.parse((await bus.last('room1'))?.text ?? '')).toEqual({ ...place(2), ago: 5000 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const far = await openRelay({}, bus);
    const late = new Learner(far.address);
    await vi.waitFor(() => expect(late.last?.step).toBe(2));
    expect(late.last?.ago).toBeGreaterThanOrEqual(5050);
  });

  test('tells the teacher when it does not know where the class is', async () => {
    const { address } = await openRelay();
    expect(await teach(address, {})).toMatchObject({ placed: false });
    expect(await teach(address, { place: place(1) })).toMatchObject({ placed: true });
  });

  test('forgets who has gone', async () => {
    const { address } = await openRelay();
    const one = new Learner(address);
    await one.open;
    one.close();
    await vi.waitFor(async () => expect(await teach(address, {})).toMatchObject({ here: 0 }));
  });

  test('begins at a short address, which leads to the lesson it is in', async () => {
    const { address } = await openRelay();
    const lead = async (path = '/r/room1') => (await fetch(`${address}${path}`, { redirect: 'manual' })).headers.get('location');
    // counted from where it is: the site may lie below a path
    expect(await lead()).toBe('../lessons/?room=room1');
    expect(await lead('/r/room1/')).toBe('../../lessons/?room=room1');
    await teach(address, { place: place(2) });
    expect(await lead()).toBe('../lessons/gil/?room=room1');
  });
});

describe('what is refused', () => {
  const post = (address: string, path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${address}${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body });
  const key = { 'X-Presenter-Key': 'the-presenters-key' };

  test.each([
    ['a key that is missing', '/room/room1', '{}', {}, 403, 'the key is missing or wrong'],
    ['a wrong key', '/room/room1', '{}', { 'X-Presenter-Key': 'the-presenters-kez' }, 403, 'the key is missing or wrong'],
    ['another room', '/room/room2', '{}', key, 404, 'There is no such class'],
    ['what is no JSON', '/room/room1', '{', key, 400, 'no JSON'],
    ['a form', '/room/room1', 'a=1', { ...key, 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'application/json'],
    ['a lesson that is no name', '/room/room1', '{"place":{"lesson":"../x","step":1}}', key, 400, 'lesson is the name of a lesson'],
    ['a step that is none', '/room/room1', '{"place":{"lesson":"gil","step":1.5}}', key, 400, 'step is a whole number'],
    [
      'a speed nobody has',
      '/room/room1',
      '{"place":{"lesson":"gil","step":1,"moment":{"t":1,"playing":true,"speed":99}}}',
      key,
      400,
      'speed',
    ],
    ['a report of nobody', '/room/room1/me', '{"me":"x","following":true,"lesson":"gil","passed":[]}', {}, 400, 'me is'],
    [
      'too many checks',
      '/room/room1/me',
      `{"me":"abcdefghijkl","following":true,"lesson":"gil","passed":${JSON.stringify(Array(41).fill('a'))}}`,
      {},
      400,
      'at most 40',
    ],
    ['too much', '/room/room1', JSON.stringify({ place: place(1), more: 'x'.repeat(3000) }), key, 413, 'at most 2048 bytes'],
    ['another way', '/room/room1/nothing', '{}', key, 405, 'POST'],
  ] as const)('%s', async (_what, path, body, headers, status, why) => {
    const { address } = await openRelay();
    const answer = await post(address, path, body, headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.stringContaining(why) });
  });

  test('a code that is none, in a browser: a page that asks for it again and leads there', async () => {
    const { address } = await openRelay();
    const answer = await fetch(`${address}/r/zzzz99`, { headers: { Accept: 'text/html,*/*' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    const page = await answer.text();
    expect(page).toContain('There is no such class.');
    expect(page).toContain('<form action="../r/">');
    const join = async (code: string) => (await fetch(`${address}/r/?code=${code}`, { redirect: 'manual' })).headers.get('location');
    expect(page).toContain('name="code"');
    expect(await join('Room1+')).toBe('../r/room1');
    expect(await join('//elsewhere.example')).toBeNull();
  });

  test('more pages than it takes, and more messages than anybody needs', async () => {
    const { address } = await openRelay({ clients: 1, reportsPerSecond: 2, placesPerSecond: 3 });
    const one = new Learner(address);
    await one.open;
    expect((await fetch(`${address}/room/room1/events?me=abcdefghijkl`)).status).toBe(503);
    const reports = await Promise.all(Array.from({ length: 6 }, () => one.report({ following: true, passed: [] })));
    expect(reports.filter((status) => status === 429).length).toBeGreaterThan(0);
    const places = await Promise.all(Array.from({ length: 8 }, () => post(address, '/room/room1', '{}', key)));
    expect(places.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  });

  test('more pages from one address than a class has', async () => {
    const { address } = await openRelay({ clientsPerAddress: 1 });
    const one = new Learner(address);
    await one.open;
    const status = async () => {
      const abort = new AbortController();
      const answer = await fetch(`${address}/room/room1/events?me=abcdefghijkl`, { signal: abort.signal });
      abort.abort();
      return answer.status;
    };
    expect(await status()).toBe(429);
    one.close();
    await vi.waitFor(async () => expect(await status()).toBe(200));
  });

  test('not who comes back before it was noticed that they went: they are one, also where a class is full', async () => {
    const { address } = await openRelay({ clients: 1, clientsPerAddress: 1 });
    const one = new Learner(address);
    await one.open;
    const abort = new AbortController();
    const again = await fetch(`${address}/room/room1/events?me=${one.me}`, { signal: abort.signal });
    expect(again.status).toBe(200);
    one.close();
    expect(await teach(address, {})).toMatchObject({ here: 1 });
    abort.abort();
    await vi.waitFor(async () => expect(await teach(address, {})).toMatchObject({ here: 0 }));
  });

  test('an address that is none of the relay’s is for the files', async () => {
    const { address } = await openRelay();
    for (const path of ['/rooms/', '//']) expect(await (await fetch(`${address}${path}`)).text()).toBe('a file');
  });
});

test('a broker that is away is said to the teacher', async () => {
  class Broken extends MemoryBus {
    override async publish(): Promise<void> {
      throw new Error('ECONNREFUSED 10.0.0.1');
    }
  }
  const { address } = await openRelay({}, new Broken());
  await expect(teach(address, { place: place(1) })).rejects.toThrow('503');
});

test('events are read from pieces of any size, and comments say nothing', () => {
  const taken: string[] = [];
  const read = reader((data) => taken.push(data));
  for (const piece of [': welcome\n', '\nda', 'ta: {"a":1}\n', '\ndata: x\ndata: y\n\n: beat\n\ndata: half']) read(piece);
  expect(taken).toEqual(['{"a":1}', 'x\ny']);
});

test('pauses grow, up to a quarter of a minute, and differ from page to page', () => {
  expect(pauseBefore(0, 1)).toBe(500);
  expect(pauseBefore(3, 0)).toBe(2000);
  expect(pauseBefore(40, 1)).toBe(15_000);
});

test('an allowance lets through so many a second, and twice as many at once', () => {
  const allowance = new Allowance(2, 0);
  expect([0, 0, 0, 0, 0].map((now) => allowance.take(now))).toEqual([true, true, true, true, false]);
  expect(allowance.take(499)).toBe(false);
  expect(allowance.take(1000)).toBe(true);
});

test('the address of the local network comes first, that of a bridge last', () => {
  const one = (address: string, internal = false) => ({ address, internal, family: 'IPv4' as const, netmask: '', mac: '', cidr: null });
  expect(
    addressesOf({ lo: [one('127.0.0.1', true)], docker0: [one('172.17.0.1')], wan: [one('93.184.216.34')], wlan0: [one('192.168.1.5')] }),
  ).toEqual(['192.168.1.5', '93.184.216.34', '172.17.0.1']);
});

test('a room that nobody could type is refused', () => {
  expect(() => new Relay({ bus: new MemoryBus(), rooms: { 'Room 1': 'key' }, address: '' })).toThrow('small letters and digits');
});
