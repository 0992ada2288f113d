import { expect, test, vi } from 'vitest';
import { pictureNow } from './wishes.ts';

const page = new EventTarget();
vi.stubGlobal('window', page);

/** An embed whose picture is drawn, and brought to life or not. */
const embed = (alive: boolean): ParentNode =>
  ({
    querySelector: (which: string) => (alive && which.includes('[ssr]') ? null : { dataset: { start: '1930.5' } }),
  }) as unknown as ParentNode;

test('where the picture stands fetches nothing before somebody has turned to it', async () => {
  const asked = vi.fn();
  page.addEventListener('ftr:figure', asked, { once: true });
  expect(await pictureNow(embed(false), 0.5)).toEqual({ t: 1930.5, playing: false, speed: 0.5 });
  expect(asked).not.toHaveBeenCalled();
});

test('after that the picture itself says it', async () => {
  const now = { t: 2000, playing: true, speed: 2 };
  page.addEventListener('ftr:figure', (event) => (event as CustomEvent).detail({ now: async () => now }), { once: true });
  vi.useFakeTimers();
  expect(await pictureNow(embed(true), 1)).toEqual(now);
  vi.useRealTimers();
});
