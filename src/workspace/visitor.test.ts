import { expect, it } from 'vitest';
import type { HttpResponse } from '../runtime/runtime.ts';
import { Visitor } from './visitor.ts';

const response: HttpResponse = { status: 200, statusText: 'OK', headers: [], body: new Uint8Array(), conn: 'c', n: 1, ms: 1, failed: null };

it('tells of every answer, also of those that are no longer kept', async () => {
  const visitor = new Visitor();
  let [sent, answered] = [0, 0];
  visitor.listener = { sent: () => sent++, answered: () => answered++ };
  const open = new AbortController().signal;
  await Promise.all(Array.from({ length: 64 }, () => visitor.send({ request: async () => response }, '/', {}, open)));
  expect([sent, answered]).toEqual([64, 64]);
  expect(visitor.exchanges.length).toBeLessThan(64);
  expect(visitor.exchanges.every((one) => one.response !== null)).toBe(true);
});

it('has an answer also when the sandbox is gone, or the visitor leaves', async () => {
  const visitor = new Visitor();
  const open = new AbortController();
  const failing = visitor.send({ request: () => Promise.reject(new Error('The sandbox was closed.')) }, '/', {}, open.signal);
  const hanging = visitor.send({ request: () => new Promise(() => {}) }, '/', {}, open.signal);
  visitor.exchanges[0]?.cancel();
  await Promise.all([failing, hanging]);
  expect(visitor.exchanges.map((one) => one.response?.failed)).toEqual(['cancelled', 'The sandbox was closed.']);
});
