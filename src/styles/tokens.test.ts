/** The promises in the head comment of tokens.css, calculated from the file itself. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LINE, WORDS } from '../workspace/editor/tint.ts';
import { codeTheme } from './code-themes.mjs';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** Custom properties of the first block that follows `selector`. */
function block(selector: string): Map<string, string> {
  const from = css.indexOf(`${selector} {`);
  if (from < 0) throw new Error(`tokens.css has no block ${selector}`);
  const body = css.slice(from, css.indexOf('}', from));
  return new Map([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

const day = block(':root');
const night = block(':root:not([data-theme="light"])');
const nightByHand = block('\n[data-theme="dark"]');

const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** So many percent of a colour over another one. */
function over(hex: string, percent: number, ground: string): string {
  const below = channels(ground);
  const mixed = channels(hex).map((value, at) => Math.round((value * percent + (below[at] ?? 0) * (100 - percent)) / 100));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Relative luminance of `#rrggbb` as WCAG 2 defines it. */
function luminance(hex: string): number {
  const [r, g, b] = channels(hex).map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const strokes = ['--line', '--status-dead'];
const texts = [
  '--ink',
  '--ink-soft',
  '--accent',
  ...[...day.keys()].filter((name) => name.startsWith('--status-') && !strokes.includes(name)),
];

/** The colours of code, in lessons and in the editor. */
const ofCode = [...JSON.stringify(codeTheme).matchAll(/var\((--[\w-]+)\)/g)]
  .map((match) => match[1] ?? '')
  .filter((name) => name !== '--paper-raised');

describe.each([
  ['day', day],
  ['night', night],
])('%s', (_, theme) => {
  const colour = (name: string) => theme.get(name) ?? `no ${name}`;

  test.each(texts)('%s is readable as text', (name) => {
    expect(contrast(colour(name), colour('--paper'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour(name), colour('--paper-raised'))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(strokes)('%s can be seen as a stroke', (name) => {
    expect(contrast(colour(name), colour('--paper'))).toBeGreaterThanOrEqual(3);
    expect(contrast(colour(name), colour('--paper-raised'))).toBeGreaterThanOrEqual(3);
  });

  test.each(['--status-server-error', '--status-ok'])('code can be read where a difference lies under it in %s', (tint) => {
    const words = over(colour(tint), WORDS, over(colour(tint), LINE, colour('--paper-raised')));
    const unreadable = ofCode.filter((name) => contrast(colour(name), words) < 4.5);
    expect(unreadable).toEqual([]);
  });

  test('the label of a filled button is readable', () => {
    expect(contrast(colour('--on-accent'), colour('--accent'))).toBeGreaterThanOrEqual(4.5);
  });
});

test('night by the system and night by hand are the same', () => {
  expect([...nightByHand]).toEqual([...night]);
});

test('the code theme uses readable tokens only', () => {
  expect(ofCode.length).toBeGreaterThan(5);
  expect(ofCode.filter((name) => !texts.includes(name))).toEqual([]);
});
