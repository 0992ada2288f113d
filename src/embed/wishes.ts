/** What an embed asks of its work area, which is fetched for it when it is not there yet (components/engage.ts). */
import type { Moment, Remote } from '../components/figure/steering.ts';
import type { Outcome } from '../workspace/outcome.ts';
import { Refusal } from './protocol.ts';

/** On a slow line the work area takes its time. */
const HERE_WITHIN_MS = 30_000;

function ask<T>(type: string): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Refusal('not-running', 'The work area could not be loaded. Is the reader online?')), HERE_WITHIN_MS);
    window.dispatchEvent(new CustomEvent(type, { detail: resolve }));
  });
}

export const askFigure = (): Promise<Remote> => ask<Remote>('ftr:figure');

/**
 * Where the picture is. As long as its script has not been fetched it stands where the page drew it: nothing is fetched for the answer,
 * which a reader who is offline gets, too.
 */
export async function pictureNow(root: ParentNode, speed: number): Promise<Moment> {
  const still = root.querySelector<HTMLElement>('astro-island[ssr] .figure');
  if (still) return { t: Number(still.dataset['start'] ?? 0), playing: false, speed };
  return (await askFigure()).now();
}

/** Makes the checks; may start the server first. */
export const askOutcome = (): Promise<Outcome> => ask<Outcome>('ftr:outcome');
