/** `systemctl list-units` and `systemctl show`. */
import { longDate } from '../systemd/journal.ts';
import type { UnitView } from '../systemd/protocol.ts';
import type { Paint } from './status.ts';

export function listText(units: readonly UnitView[], all: boolean, paint: Paint): string {
  const shown = units.filter(({ active }) => all || active !== 'inactive');
  const rows = [
    ['UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION'],
    ...shown.map(({ name, load, active, sub, description }) => [name, load, active, sub, description]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row, i) => {
    const failed = shown[i - 1]?.active === 'failed';
    const text = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' ');
    return `${failed ? `${paint.bad('●')} ` : '  '}${text.trimEnd()}`;
  });
  return `${lines.join('\n')}

LOAD   = Reflects whether the unit definition was properly loaded.
ACTIVE = The high-level unit activation state, i.e. generalization of SUB.
SUB    = The low-level unit activation state, values depend on unit type.
${shown.length} loaded units listed.${all ? '' : ' Pass --all to see loaded but inactive units, too.'}
`;
}

/** `NAME=VALUE` lines of those properties that this sandbox knows; `only`: the names wanted, with commas between. */
export function showText(view: UnitView, enabled: string, only: string | null, bare: boolean): string {
  const when = (at: number | null): string => (at === null ? '' : longDate(at));
  const all: Readonly<Record<string, string>> = {
    Type: view.settings.type,
    Restart: view.settings.restart,
    User: view.settings.user,
    MainPID: String(view.pids.includes(view.main?.pid ?? 0) ? view.main?.pid : 0),
    NRestarts: String(view.restarts),
    Result: view.result,
    StatusText: view.status,
    Id: view.name,
    Description: view.description,
    LoadState: view.load,
    ActiveState: view.active,
    SubState: view.sub,
    FragmentPath: view.path,
    UnitFileState: enabled,
    StateChangeTimestamp: when(view.since),
    ActiveEnterTimestamp: when(view.activeSince),
    NeedDaemonReload: view.changed ? 'yes' : 'no',
    TasksCurrent: String(view.pids.length),
  };
  const names = only === null ? Object.keys(all) : only.split(',').filter((name) => Object.hasOwn(all, name));
  return names.map((name) => `${bare ? '' : `${name}=`}${all[name] ?? ''}\n`).join('');
}
