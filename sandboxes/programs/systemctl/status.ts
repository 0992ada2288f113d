/** What `systemctl status` prints (systemctl 252): a block a unit, its processes as a tree, its last lines in the journal. */
import type { ProcessInfo } from '../../host/host.ts';
import { ended, endText } from '../systemd/ended.ts';
import { type Entry, entryLine, longDate } from '../systemd/journal.ts';
import type { UnitView } from '../systemd/protocol.ts';
import { spanText } from '../systemd/words.ts';

export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  doubtful(text: string): string;
}
const painted = (code: string) => (text: string) => `\x1b[0;1;${code}m${text}\x1b[0m`;
const plain = (text: string): string => text;
export const COLOURS: Paint = { good: painted('32'), bad: painted('31'), doubtful: painted('33') };
export const PLAIN: Paint = { good: plain, bad: plain, doubtful: plain };

export interface Shown {
  readonly view: UnitView;
  readonly enabled: string;
  /** What the distribution or the administrator had in mind for it. */
  readonly preset: 'enabled' | 'disabled';
  readonly processes: readonly ProcessInfo[];
  readonly entries: readonly Entry[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly paint: Paint;
}

const paintOf = ({ active }: UnitView, paint: Paint): ((text: string) => string) => {
  if (active === 'active' || active === 'reloading') return paint.good;
  if (active === 'failed') return paint.bad;
  return active === 'inactive' ? plain : paint.doubtful;
};
const MARKS = { active: '●', reloading: '↻', inactive: '○', failed: '×', activating: '●', deactivating: '●' } as const;

export function statusText(shown: Shown): string {
  const { view, entries, paint } = shown;
  const mark = paintOf(view, paint)(MARKS[view.active]);
  const title = view.description === view.name ? view.name : `${view.name} - ${view.description}`;
  const lines = [`${mark} ${title}`, ...fields(shown).map(([name, text]) => `${name.padStart(11)}: ${text}`), ...tree(shown)];
  if (entries.length > 0) lines.push('', ...entries.map(entryLine));
  return `${lines.join('\n')}\n`;
}

function fields({ view, enabled, preset, processes, now, paint }: Shown): [string, string][] {
  const { main } = view;
  const found: [string, string][] = [
    ['Loaded', loadedText(view, { enabled, preset }, paint)],
    ['Active', activeText(view, now, paint)],
  ];
  if (view.active === 'inactive' || view.active === 'failed') {
    if (view.activeSince !== null && view.since !== null) found.push(['Duration', spanText(view.since - view.activeSince)]);
  }
  for (const { pid, what, exit } of view.ran) found.push(['Process', `${pid === null ? '' : `${pid} `}${what} ${ended(exit)}`]);
  if (main?.exit) found.push(['Main PID', main.pid === null ? `(${endText(main.exit)})` : `${main.pid} (${endText(main.exit)})`]);
  else if (main?.pid && processes.some(({ pid }) => pid === main.pid)) found.push(['Main PID', `${main.pid} (${main.command})`]);
  if (view.status !== '') found.push(['Status', `"${view.status}"`]);
  if (processes.length > 0) found.push(['Tasks', String(processes.length)]);
  return found;
}

function loadedText({ load, name, path, problem }: UnitView, { enabled, preset }: Pick<Shown, 'enabled' | 'preset'>, paint: Paint): string {
  if (load === 'not-found') return `not-found (Reason: Unit ${name} not found.)`;
  if (load === 'bad-setting')
    return `${paint.bad('bad-setting')} (Reason: Unit ${name} has a bad unit file setting.)\n             ${problem ?? ''}`;
  const shown = (state: string): string => (state === 'enabled' ? paint.good(state) : state === 'disabled' ? paint.doubtful(state) : state);
  return `loaded (${path}; ${shown(enabled)}; preset: ${shown(preset)})`;
}

function activeText(view: UnitView, now: number, paint: Paint): string {
  const { active, sub, result, since } = view;
  const state =
    active === 'failed' || result !== 'success'
      ? `${active}${sub === 'failed' ? '' : ` (${sub})`} (Result: ${result})`
      : `${active} (${sub})`;
  const when = since === null ? '' : ` since ${longDate(since)}; ${spanText(now - since)} ago`;
  return paintOf(view, paint)(state) + when;
}

/** The unit's processes below its control group, children below their parents as in systemd's flat list. */
function tree({ view, processes }: Shown): string[] {
  if (processes.length === 0) return [];
  const indent = ' '.repeat(13);
  const width = String(processes.at(-1)?.pid ?? 0).length;
  return [
    `     CGroup: /system.slice/${view.name}`,
    ...processes.map(
      ({ pid, title }, i) =>
        `${indent}${i < processes.length - 1 ? '├─' : '└─'}${String(pid).padStart(width)} ${JSON.stringify(title).slice(1, -1)}`,
    ),
  ];
}
