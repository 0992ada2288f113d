import { afterEach, expect, test, vi } from 'vitest';
import { MemoryBus } from './bus.ts';
import { closing, KEY, Learner, openRelay, place, teach } from './testing.ts';

afterEach(closing);

test('200 students follow, lose the relay, come back by themselves and are where the class is', { timeout: 20_000 }, async () => {
  const bus = new MemoryBus();
  const relay = await openRelay({}, bus);
  const { address } = relay;
  const students = Array.from({ length: 200 }, () => new Learner(address));
  await Promise.all(students.map(({ open }) => open));
  for (let step = 1; step <= 8; step++) await teach(address, { place: place(step) });
  await vi.waitFor(() => expect(students.filter(({ last }) => last?.step === 8).length).toBe(200), { timeout: 5000 });
  // the connections of all break at once, and the class goes on meanwhile
  relay.dropAll();
  await teach(address, { place: place(9) });
  await vi.waitFor(() => expect(students.filter(({ last, opened }) => last?.step === 9 && opened === 2).length).toBe(200), {
    timeout: 8000,
  });
  // still the same 200, and not 400
  expect(await teach(address, {})).toMatchObject({ here: 200, following: 200 });
  await Promise.all(students.slice(0, 50).map((student) => student.report({ following: false, passed: ['one'] })));
  expect(await teach(address, {})).toMatchObject({ here: 200, following: 150, passed: { one: 50 } });
  // the key is in nothing that a student gets
  expect(students.map(({ heard }) => heard).join('')).not.toContain(KEY);
  const led = await fetch(`${address}/r/room1`, { redirect: 'manual' });
  expect(`${JSON.stringify([...led.headers])}${await led.text()}`).not.toContain(KEY);
});

test('a class that is over is said, and not asked for again', async () => {
  const { address } = await openRelay();
  const stranger = new Learner(address, 'room2');
  await vi.waitFor(() => expect(stranger.refused).toContain('There is no such class'));
});
