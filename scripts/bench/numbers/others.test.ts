import { expect, it } from 'vitest';
import { busyShare } from './others.ts';

const cpu = (user: number, idle: number) => ({ times: { user, idle, nice: 0, sys: 10, irq: 0 } });

it('others take what the processors were not idle for', () => {
  expect(busyShare([cpu(50, 100), cpu(0, 100)], [cpu(50, 300), cpu(0, 300)])).toBe(0);
  expect(busyShare([cpu(50, 100), cpu(0, 100)], [cpu(150, 200), cpu(0, 300)])).toBe(0.25);
  expect(busyShare([cpu(0, 100)], [cpu(200, 100)])).toBe(1);
});

it('nobody is said to take anything when no time has passed', () => {
  expect(busyShare([cpu(50, 100)], [cpu(50, 100)])).toBe(0);
});
