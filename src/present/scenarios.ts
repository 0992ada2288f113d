/**
 * The prepared scenarios of a lesson, for the presenter's number keys: the acts of its scenario.json, found again in the recording
 * that was made of them, so that a key plays exactly that part. What can be done live as well says how. Runs at build time only.
 */
import type { TraceEvent } from '../../sandboxes/host/events.ts';

/** A step of scenario.json, see scripts/lib/scenario.ts, which has checked it. */
export interface ScenarioStep {
  readonly send?: string;
  readonly count?: number;
  readonly wait?: number;
  readonly kill?: string;
  readonly run?: string;
  readonly restart?: true;
  readonly use?: 'solution';
}

/** What the workspace is asked for, by the event of that name. */
export type Live =
  | { readonly type: 'ftr:send'; readonly detail: { readonly url: string; readonly count: number; readonly inTurn: boolean } }
  | { readonly type: 'ftr:run'; readonly detail: { readonly command: string } };

export interface Scenario {
  readonly label: string;
  /** The part of the recording, in trace time (ms). */
  readonly from: number;
  readonly until: number;
  /** The same on the running server; empty for what can only be played. */
  readonly live: readonly Live[];
}

/** A label that the lesson itself has for some requests. */
export interface Known {
  readonly url: string;
  readonly count: number;
  readonly label: string;
}

interface Act {
  readonly t: number;
  readonly label: string;
  /** Null: cannot be done by a wish. */
  readonly live: Live | null;
  /** Follows so soon on the one before that both are one scenario. */
  readonly joins: boolean;
}

/** Acts with less time (ms) between them belong together. */
const APART = 450;
/** After a command or a restart, which has taken its time, any wait parts them. */
const TAKES_TIME = APART - 1;
/** So long (ms) before an act its part begins. */
const BEFORE = 30;
const LONGEST = 56;

/** Of a lesson's recording. Throws when an act is not to be found in it: then it was not made from this scenario. */
export function scenariosOf(steps: readonly ScenarioStep[], events: readonly TraceEvent[], known: readonly Known[]): Scenario[] {
  const acts = actsOf(steps, events, known);
  const groups: Act[][] = [];
  for (const act of acts) {
    const last = groups.at(-1);
    if (last && (act.joins || isAgain(last, act))) last.push(act);
    else groups.push([act]);
  }
  const end = events.at(-1)?.t ?? 0;
  return groups.map((group, index) => ({
    label: labelOf(group.map(({ label }) => label)),
    from: Math.max(0, (group[0]?.t ?? 0) - BEFORE),
    until: (groups[index + 1]?.[0]?.t ?? end + BEFORE + 1) - BEFORE - 1,
    live: liveOf(group),
  }));
}

/** The same thing once more is no scenario of its own. */
const isAgain = (group: readonly Act[], act: Act): boolean => group.every(({ label }) => label === act.label);

function actsOf(steps: readonly ScenarioStep[], events: readonly TraceEvent[], known: readonly Known[]): Act[] {
  const acts: Act[] = [];
  const usesFirst = steps[0]?.use !== undefined;
  let cursor = 0;
  let waited = Number.POSITIVE_INFINITY;
  let solution = false;

  /** The time of the next event that fits, and on from the `count`th of them. */
  function find(what: string, fits: (event: TraceEvent) => boolean, count = 1): number {
    let first: number | undefined;
    for (let found = 0; found < count; cursor++) {
      const event = events[cursor];
      if (!event) throw new Error(`The recording has no ${what}: record the lesson anew`);
      if (!fits(event)) continue;
      first ??= event.t;
      found++;
    }
    return first ?? 0;
  }

  function add(t: number, label: string, live: Live | null): void {
    acts.push({ t, label, live, joins: waited < APART });
    waited = 0;
  }

  for (const [index, step] of steps.entries()) {
    if (step.wait !== undefined) waited += step.wait;
    else if (step.use !== undefined) solution = index > 0 || !usesFirst;
    else if (step.send !== undefined) {
      const { send: url, count = 1 } = step;
      const label = known.find((one) => one.url === url && one.count === count)?.label ?? sendLabel(url, count);
      const asks = (event: TraceEvent): boolean =>
        (event.type === 'client.request' || event.type === 'client.failed') && event.url !== undefined && pathIn(event.url) === url;
      add(find(`request to ${url}`, asks, count), label, { type: 'ftr:send', detail: { url, count, inTurn: false } });
    } else if (step.run !== undefined) {
      const { run } = step;
      const starts = (event: TraceEvent): boolean => event.type === 'process.start' && event.program === 'sh' && event.args[1] === run;
      add(find(`command ${run}`, starts), `Run \`${shortened(run)}\``, { type: 'ftr:run', detail: { command: run } });
      waited = TAKES_TIME;
    } else if (step.kill !== undefined) {
      const label = step.kill === 'busy worker' ? 'Kill a busy worker' : `Kill ${step.kill}`;
      add(
        find('kill', (event) => event.type === 'process.signal' && event.signal === 'SIGKILL'),
        label,
        null,
      );
    } else if (step.restart) {
      const t = find('restart', ({ type }) => type === 'process.signal');
      add(t, solution ? 'Restart with the solution’s files' : 'Restart the servers', null);
      solution = false;
      waited = TAKES_TIME;
    }
  }
  return acts;
}

const pathIn = (url: string): string => url.replace(/^https?:\/\/[^/]*/, '');

const sendLabel = (url: string, count: number): string => (count === 1 ? `Send a request to ${url}` : `Send ${count} at once to ${url}`);

const shortened = (command: string): string => (command.length > LONGEST ? `${command.slice(0, LONGEST - 1).trimEnd()}…` : command);

/** One after another, in a line; the same several times is said once. */
function labelOf(labels: readonly string[]): string {
  const runs: { label: string; times: number }[] = [];
  for (const label of labels) {
    const last = runs.at(-1);
    if (last?.label === label) last.times++;
    else runs.push({ label, times: 1 });
  }
  const [first = '', second] = runs.map(({ label, times }) => `${label}${times === 1 ? '' : times === 2 ? ', twice' : `, ${times} times`}`);
  if (second === undefined) return first;
  const more = runs.length - 2;
  return `${first}, then ${second.charAt(0).toLowerCase()}${second.slice(1)}${more > 0 ? ` and ${more} more` : ''}`;
}

/** All of a scenario, as wishes; nothing when a part of it is none. The same request once more waits for the answer to the one before. */
function liveOf(group: readonly Act[]): Live[] {
  const wishes: Live[] = [];
  for (const { live } of group) {
    if (live === null) return [];
    const last = wishes.at(-1);
    const again = last?.type === 'ftr:send' && live.type === 'ftr:send' && last.detail.url === live.detail.url && live.detail.count === 1;
    if (again) wishes[wishes.length - 1] = { type: 'ftr:send', detail: { ...last.detail, count: last.detail.count + 1, inTurn: true } };
    else wishes.push(live);
  }
  return wishes;
}
