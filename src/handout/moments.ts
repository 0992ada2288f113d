/**
 * Which moment of a lesson's recording stands beside which step on paper. The recording does what the text asks for, in the same
 * order, so the steps are laid along it: each gets a telling moment of what it sends or runs, none goes back in time.
 */
import { WORDS } from '../diagram/words.ts';
import { tagsIn } from '../lesson/tags.ts';
import { frameAt } from '../trace/frame.ts';
import type { TraceLog } from '../trace/log.ts';
import { markersOf } from '../trace/markers.ts';
import type { RequestTrace } from '../trace/requests.ts';
import { indexOf } from '../trace/trace-index.ts';

/** What a step asks the learner to do. */
export interface Deeds {
  /** Addresses it sends requests to, as `/slow?ms=400`. */
  readonly sends: readonly string[];
  /** Command lines. */
  readonly runs: readonly string[];
  readonly restarts: boolean;
  /** Somebody is killed in it: by a command that it runs, or by one that is to be typed. */
  readonly kills: boolean;
}

/** A moment that is worth a picture. */
interface Scene {
  readonly t: number;
  readonly kind: 'quiet' | 'ready' | 'requests' | 'crash';
  /** Addresses of the requests under way. */
  readonly paths: readonly string[];
}

/** Requests that begin within so many milliseconds of one another are one burst. */
const BURST_MS = 150;
/** Taken off for showing the same moment again. */
const AGAIN = 2;

/** What each step of a lesson's text asks for, in order. */
export function deedsOf(body: string): Deeds[] {
  const steps = tagsIn(body, 'Step');
  return steps.map(({ offset }, index) => {
    const text = body.slice(offset, steps[index + 1]?.offset);
    const tags = tagsIn(text, 'Do').map(({ attributes }) => attributes);
    const values = (name: string): string[] => tags.flatMap((tag) => new RegExp(`\\b${name}="([^"]*)`).exec(tag)?.[1] ?? []);
    const runs = values('run');
    const kills = runs.some((run) => /kill/.test(run)) || /`p?kill -/.test(text);
    return { sends: values('send'), runs, restarts: tags.some((tag) => /\brestart\b/.test(tag)), kills };
  });
}

/** A time of the recording for each step; never earlier than that of the step before. */
export function momentsFor(log: TraceLog, steps: readonly Deeds[]): number[] {
  const scenes = scenesOf(log);
  let rows: { readonly score: number; readonly chosen: readonly number[] }[] = scenes.map(() => ({ score: 0, chosen: [] }));
  for (const [n, deeds] of steps.entries()) {
    rows = scenes.map((scene, at) => {
      const before = rows
        .slice(0, at + 1)
        .map(({ score, chosen }, from) => ({ score: score - (n > 0 && from === at ? AGAIN : 0), chosen }))
        .reduce((best, one) => (one.score > best.score ? one : best));
      return { score: before.score + fit(deeds, scene), chosen: [...before.chosen, scene.t] };
    });
  }
  return [...rows.reduce((best, one) => (one.score > best.score ? one : best)).chosen];
}

/** How well a moment goes with what a step does. */
function fit({ sends, runs, restarts, kills }: Deeds, { kind, paths }: Scene): number {
  if (kind === 'quiet') return sends.length + runs.length === 0 ? 1 : 0;
  if (kind === 'ready') return restarts ? 3 : runs.some((run) => /systemctl (?:re)?start|reload|uwsgi /.test(run)) ? 2 : 0;
  if (kind === 'crash') return kills ? 6 : 0;
  const wanted = [...sends, ...runs.flatMap((run) => /localhost(\/[^\s'"]*)/.exec(run)?.[1] ?? [])];
  if (wanted.some((path) => paths.includes(path))) return 5;
  const bare = (path: string): string => path.replace(/\?.*/, '');
  return wanted.some((path) => paths.some((one) => bare(one) === bare(path))) ? 4 : 0;
}

/** The moments that are worth a picture, by time. */
function scenesOf(log: TraceLog): Scene[] {
  const index = indexOf(log);
  const requests = index.requests.list;
  const bursts: RequestTrace[][] = [];
  for (const request of requests) {
    const burst = bursts.at(-1);
    if (burst && startOf(request) - startOf(burst.at(-1) as RequestTrace) <= BURST_MS) burst.push(request);
    else bursts.push([request]);
  }
  const first = requests[0] ? Math.max(0, startOf(requests[0]) - 20) : 0;
  const ready = log.events.filter(({ type, t }) => type === 'uwsgi.ready' && t > first);
  const crashes = markersOf(log, WORDS.python.told).filter(({ kind }) => kind === 'crash');
  const list: Scene[] = [
    { t: first, kind: 'quiet', paths: [] },
    ...ready
      .filter(({ t }, at) => !ready[at + 1] || (ready[at + 1]?.t ?? 0) - t > BURST_MS)
      .map(({ t }): Scene => ({ t: t + 1, kind: 'ready', paths: [] })),
    ...crashes.map(({ t }): Scene => ({ t: t + 1, kind: 'crash', paths: [] })),
    ...bursts.flatMap((burst) => inBurst(log, burst)),
  ];
  return list.sort((a, b) => a.t - b.t);
}

/** The fullest moment of a burst; and, of one that is served little by little, one when half of it is done. */
function inBurst(log: TraceLog, burst: readonly RequestTrace[]): Scene[] {
  const paths = [...new Set(burst.map(({ url }) => pathOf(url)))];
  const times = burst.flatMap(({ hops }) => hops.map(({ t }) => t)).sort((a, b) => a - b);
  const between = times.slice(1).map((t, at) => ({ t: (t + (times[at] ?? t)) / 2, lasts: t - (times[at] ?? t) }));
  const weighed = between.map(({ t, lasts }) => ({ t, weight: interest(log, t) + Math.min(0.9, lasts / 1000) }));
  const best = (list: typeof weighed): Scene[] => {
    const one = list.reduce<(typeof weighed)[number] | undefined>((top, it) => (top && top.weight >= it.weight ? top : it), undefined);
    return one ? [{ t: one.t, kind: 'requests', paths }] : [];
  };
  const full = best(weighed);
  const half = ((times[0] ?? 0) + (times.at(-1) ?? 0)) / 2;
  return burst.length > 2 ? [...full, ...best(weighed.filter(({ t }) => t > half && t > (full[0]?.t ?? 0)))] : full;
}

/** How much there is to see. */
function interest(log: TraceLog, t: number): number {
  const { requests, listeners } = frameAt(log, t);
  const rooms = requests.filter(({ stage }) => stage === 'room' || stage === 'shelf').length;
  return 2 * rooms + requests.length + listeners.reduce((sum, { waiting }) => sum + waiting.length, 0);
}

const startOf = ({ hops }: RequestTrace): number => hops[0]?.t ?? 0;
const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]*/, '');
