/** The recording of a lesson, for pages: where it is served, and where in it the first request comes. Runs at build time only. */

import type { FirstPaint } from '../diagram/first-paint.ts';
import { renderDiagram } from '../diagram/first-paint.ts';
import { frameAt } from '../trace/frame.ts';
import { TraceLog } from '../trace/log.ts';

const addresses = import.meta.glob<string>('../../lessons/en/*/recording.ndjson', { query: '?url', import: 'default', eager: true });
const texts = import.meta.glob<string>('../../lessons/en/*/recording.ndjson', { query: '?raw', import: 'default', eager: true });

const realOnes = import.meta.glob<string>('../../lessons/en/*/real.ndjson', { query: '?url', import: 'default', eager: true });

/** So much of the quiet before the first request is shown. */
const QUIET_MS = 20;

export interface Recording {
  readonly address: string;
  /** Where the recording of the real servers is served; null when the lesson has none. */
  readonly real: string | null;
  /** Trace time from which it is worth watching: the servers are up, the first request is about to come. */
  readonly start: number;
  /** The picture at that time, so that the page has it before any script runs. */
  readonly svg: string;
}

/** All that was recorded of a lesson. */
export const recordedLog = (slug: string): TraceLog => TraceLog.parse(texts[pathOf(slug)] ?? '');

/** The recording of the lesson `slug` (its folder's name without the number), its picture for the kinds of boxes it may stand in. */
export function recordingOf(slug: string, sizes: readonly FirstPaint[]): Recording {
  const path = pathOf(slug);
  const log = recordedLog(slug);
  const first = log.events.find(({ type }) => type === 'client.request' || type === 'client.failed');
  if (!first) throw new Error(`${path} has no request in it`);
  const start = Math.max(0, first.t - QUIET_MS);
  return {
    address: addresses[path] ?? '',
    real: realOnes[path.replace('recording.ndjson', 'real.ndjson')] ?? null,
    start,
    svg: renderDiagram(frameAt(log, start), sizes),
  };
}

function pathOf(slug: string): string {
  const path = Object.keys(addresses).find((one) => new RegExp(`/\\d+-${slug}/recording\\.ndjson$`).test(one));
  if (path === undefined) throw new Error(`The lesson ${slug} has no recording.ndjson in its folder`);
  return path;
}
