/** journalctl [-u UNIT] [-n N] [-f] [-e] [-r]: what services printed and what systemd says of them. */
import type { Host } from '../../host/host.ts';
import { lastValue, readOwn } from '../coreutils.ts';
import { type Entry, entryLine, readJournal } from '../systemd/journal.ts';
import { unitName } from '../systemd/protocol.ts';

/** How often -f looks, in milliseconds. */
const LOOK_EVERY = 200;
const PRIORITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

export default async function journalctl(host: Host): Promise<number> {
  const flags = [
    '-f',
    '--follow',
    '-e',
    '--pager-end',
    '--no-pager',
    '-b',
    '-r',
    '--reverse',
    '-x',
    '-q',
    '--quiet',
    '-a',
    '--no-hostname',
  ];
  const parsed = await readOwn(host, { flags, values: ['-u', '--unit', '-n', '--lines', '-p', '--priority', '-o', '--output'] });
  if (typeof parsed === 'number') return parsed;
  const has = (...names: readonly string[]): boolean => names.some((name) => parsed.flags.has(name));
  const refused = await wrongValue(
    host,
    parsed.rest[0],
    lastValue(parsed, '-n', '--lines'),
    lastValue(parsed, '-p', '--priority'),
    lastValue(parsed, '-o', '--output'),
  );
  if (refused !== null) return refused;
  const units = parsed.values.filter(([option]) => option === '-u' || option === '--unit').map(([, name]) => unitName(name));
  const most = priorityOf(lastValue(parsed, '-p', '--priority') ?? 'debug') ?? PRIORITIES.length;
  const bare = lastValue(parsed, '-o', '--output') === 'cat';
  const wanted = (entry: Entry): boolean => (units.length === 0 || units.includes(entry.unit)) && entry.priority <= most;
  const print = (entries: readonly Entry[]): Promise<void> =>
    host.print(entries.map((entry) => `${bare ? entry.text : entryLine(entry)}\n`).join(''));
  const follow = has('-f', '--follow');
  const all = await readJournal(host);
  if (all === null && !follow) {
    await host.printError('No journal files were found.\n');
    await host.print('-- No entries --\n');
    return 0;
  }
  const lines = lastValue(parsed, '-n', '--lines') ?? (follow ? '10' : has('-e', '--pager-end') ? '1000' : 'all');
  const found = (all ?? []).filter(wanted);
  const last = lines === 'all' ? found : Number(lines) === 0 ? [] : found.slice(-Number(lines));
  if (last.length === 0 && !follow && !has('-q', '--quiet')) await host.print('-- No entries --\n');
  await print(has('-r', '--reverse') ? last.reverse() : last);
  return follow ? goOn(host, all ?? [], (entries) => print(entries.filter(wanted))) : 0;
}

async function wrongValue(
  host: Host,
  match: string | undefined,
  lines: string | null,
  priority: string | null,
  output: string | null,
): Promise<number | null> {
  const problem =
    match !== undefined
      ? `this sandbox's journalctl does not have matches such as ${match}; -u UNIT says which unit`
      : lines !== null && !/^(\d+|all)$/.test(lines)
        ? `Failed to parse lines '${lines}'`
        : priority !== null && priorityOf(priority) === null
          ? `Unknown log level ${priority}`
          : output !== null && output !== 'short' && output !== 'cat'
            ? `this sandbox's journalctl does not have -o ${output}; it has short and cat`
            : null;
  if (problem === null) return null;
  await host.printError(`${/^(Failed|Unknown)/.test(problem) ? '' : 'journalctl: '}${problem}\n`);
  return 1;
}

/** `3`, `err` or `error`, as a number; null for what is none. */
function priorityOf(text: string): number | null {
  if (/^[0-7]$/.test(text)) return Number(text);
  const found = PRIORITIES.indexOf(text === 'error' ? 'err' : text);
  return found < 0 ? null : found;
}

/** Prints what is added, until somebody ends this process. Entries have no number: new are those behind the last one that was seen. */
async function goOn(host: Host, seen: readonly Entry[], print: (entries: readonly Entry[]) => Promise<void>): Promise<never> {
  let last = JSON.stringify(seen.at(-1) ?? null);
  let count = seen.length;
  for (;;) {
    await host.sleep(LOOK_EVERY);
    const all = (await readJournal(host)) ?? [];
    if (JSON.stringify(all.at(-1) ?? null) === last && all.length === count) continue;
    const known =
      all.length >= count && JSON.stringify(all[count - 1] ?? null) === last
        ? count
        : all.findLastIndex((entry) => JSON.stringify(entry) === last) + 1;
    await print(all.slice(known));
    last = JSON.stringify(all.at(-1) ?? null);
    count = all.length;
  }
}
