/** Small things that the browser pane says and draws. Pure. */
import type { Exchange } from '../answer.ts';

const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  script: ['script', 'scripts'],
  iframe: ['frame', 'frames'],
  frame: ['frame', 'frames'],
  object: ['plug-in', 'plug-ins'],
  embed: ['plug-in', 'plug-ins'],
  video: ['video', 'videos'],
  audio: ['sound', 'sounds'],
  canvas: ['drawing of a script', 'drawings of scripts'],
};

/** What of a page is not shown, in a sentence; empty when all of it is. */
export function leftOut(left: Readonly<Record<string, number>>): string {
  const counts = new Map<string, { count: number; words: readonly [string, string] }>();
  for (const [tag, count] of Object.entries(left)) {
    const words = NAMES[tag];
    if (words) counts.set(words[0], { count: count + (counts.get(words[0])?.count ?? 0), words });
  }
  const parts = [...counts.values()].map(({ count, words }) => `${count} ${words[count === 1 ? 0 : 1]}`);
  return parts.length ? `Not shown: ${parts.join(', ')}. Scripts of a page do not run in this browser.` : '';
}

/** Where the bar of a request stands among those that were sent with it, in parts of one. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Null while it is under way. */
export function spanOf(exchange: Exchange, all: readonly Exchange[]): Span | null {
  const { response, began, at } = exchange;
  if (!response) return null;
  const ends = all.flatMap((one) => (one.began === began && one.response ? [one.at + one.response.ms] : []));
  const whole = Math.max(1, Math.max(...ends) - began);
  return { from: (at - began) / whole, to: Math.min(1, (at + response.ms - began) / whole) };
}
