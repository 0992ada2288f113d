/** systemctl: starts, stops and shows units, with systemd 252's words and exit codes. */
import { type Host, isSystemError } from '../../host/host.ts';
import { lastValue, readOwn } from '../coreutils.ts';
import { readJournal } from '../systemd/journal.ts';
import { presetOf } from '../systemd/presets.ts';
import { unitName, type Verb } from '../systemd/protocol.ts';
import { findUnitFile } from '../systemd/unit-files.ts';
import { ask } from './client.ts';
import { changedText, failureOf } from './failures.ts';
import { disable, enable, enablement } from './install.ts';
import { listText, showText } from './lists.ts';
import { COLOURS, type Paint, PLAIN, statusText } from './status.ts';

const JOBS: ReadonlySet<string> = new Set(['start', 'stop', 'restart', 'reload', 'try-restart', 'reload-or-restart', 'reset-failed']);
const NOT_RUNNING = 3;
const NO_UNIT = 4;

interface Call {
  readonly names: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly lines: number;
  readonly property: string | null;
}

export default async function systemctl(host: Host): Promise<number> {
  const flags = ['--now', '--no-pager', '-q', '--quiet', '-l', '--full', '-a', '--all', '--value', '--system'];
  const parsed = await readOwn(host, { flags, values: ['-n', '--lines', '-p', '--property', '-t', '--type'] });
  if (typeof parsed === 'number') return parsed;
  const [verb = 'list-units', ...rest] = parsed.rest;
  const lines = lastValue(parsed, '-n', '--lines') ?? '10';
  if (!/^\d+$/.test(lines)) {
    await host.printError(`Failed to parse lines '${lines}'\n`);
    return 1;
  }
  const call: Call = {
    names: rest.map(unitName),
    flags: parsed.flags,
    lines: Number(lines),
    property: lastValue(parsed, '-p', '--property'),
  };
  try {
    return await run(host, verb, call);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    await host.printError(error.code === 'EACCES' ? denied(verb, call.names[0]) : `Failed to connect to bus: ${error.strerror}\n`);
    return error.code === 'EACCES' && JOBS.has(verb) ? NO_UNIT : 1;
  }
}

const denied = (verb: string, name: string | undefined): string =>
  JOBS.has(verb) && name !== undefined
    ? `Failed to ${verb} ${name}: Interactive authentication required.\nSee system logs and 'systemctl status ${name}' for details.\n`
    : 'Failed to connect to bus: Permission denied\n';

async function run(host: Host, verb: string, call: Call): Promise<number> {
  const needsNames = verb !== 'list-units' && verb !== 'daemon-reload' && verb !== 'reset-failed' && verb !== 'show';
  if (needsNames && KNOWN.has(verb) && call.names.length === 0) {
    await host.printError(verb === 'status' ? 'systemctl: name a unit: systemctl status nginx\n' : 'Too few arguments.\n');
    return 1;
  }
  if (JOBS.has(verb)) return job(host, verb as Verb, call.names);
  const command = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
  if (command !== undefined) return command(host, call);
  await host.printError(`Unknown command verb ${verb}.\n`);
  return 1;
}

const COMMANDS: Readonly<Record<string, (host: Host, call: Call) => Promise<number>>> = {
  status,
  enable: (host, call) => installing(host, call, enable, 'start'),
  disable: (host, call) => installing(host, call, disable, 'stop'),
  'is-active': async (host, call) => {
    const { units } = await ask(host, { verb: 'show', units: call.names });
    await quietly(
      host,
      call,
      units.map(({ active }) => active),
    );
    return units.some(({ active }) => active === 'active' || active === 'reloading') ? 0 : NOT_RUNNING;
  },
  'is-failed': async (host, call) => {
    const { units } = await ask(host, { verb: 'show', units: call.names });
    await quietly(
      host,
      call,
      units.map(({ active }) => active),
    );
    return units.some(({ active }) => active === 'failed') ? 0 : 1;
  },
  'is-enabled': async (host, call) => {
    let code = 1;
    for (const name of call.names) {
      const state = await enablement(host, name);
      if (state === null) await host.printError(`Failed to get unit file state for ${name}: No such file or directory\n`);
      else await quietly(host, call, [state]);
      if (state === 'enabled' || state === 'static') code = 0;
    }
    return code;
  },
  'daemon-reload': async (host) => {
    await ask(host, { verb: 'daemon-reload', units: [] });
    return 0;
  },
  'list-units': async (host, call) => {
    const { units } = await ask(host, { verb: 'list', units: [] });
    await host.print(listText(units, call.flags.has('-a') || call.flags.has('--all'), await paintOf(host)));
    return 0;
  },
  cat: async (host, call) => {
    for (const [i, name] of call.names.entries()) {
      const file = await findUnitFile(host, name);
      if (file === null) {
        await host.printError(`No files found for ${name}.\n`);
        return 1;
      }
      await host.print(`${i > 0 ? '\n' : ''}# ${file.path}\n${file.text}`);
    }
    return 0;
  },
  show: async (host, call) => {
    const { units } = await ask(host, { verb: 'show', units: call.names });
    for (const [i, view] of units.entries()) {
      const enabled = (await enablement(host, view.name)) ?? '';
      await host.print(`${i > 0 ? '\n' : ''}${showText(view, enabled, call.property, call.flags.has('--value'))}`);
    }
    return 0;
  },
};
const KNOWN: ReadonlySet<string> = new Set([...JOBS, ...Object.keys(COMMANDS)]);

/**
 * Colours where a learner sees them. Nobody tells a program of this sandbox where its output goes: whoever comes from an
 * interactive shell is taken to write to its terminal.
 */
async function paintOf(host: Host): Promise<Paint> {
  if (!host.terminal || host.env.NO_COLOR) return PLAIN;
  const all = await host.processes();
  for (let at = all.find(({ pid }) => pid === host.ppid); at !== undefined; ) {
    if (at.title === 'sh -i') return COLOURS;
    const { ppid } = at;
    at = all.find(({ pid }) => pid === ppid);
  }
  return PLAIN;
}

async function quietly(host: Host, { flags }: Call, lines: readonly string[]): Promise<void> {
  if (!flags.has('-q') && !flags.has('--quiet')) await host.print(lines.map((line) => `${line}\n`).join(''));
}

async function job(host: Host, verb: Verb, names: readonly string[]): Promise<number> {
  const before = verb === 'reset-failed' ? [] : (await ask(host, { verb: 'show', units: names })).units;
  for (const { name, changed } of before) if (changed) await host.printError(`${changedText(name)}\n`);
  const { jobs } = await ask(host, { verb, units: names });
  let code = 0;
  for (const [i, result] of jobs.entries()) {
    const said = failureOf(verb, names[i] ?? '', result);
    if (said === null) continue;
    await host.printError(`${said.text}\n`);
    code = said.code;
  }
  return code;
}

async function installing(
  host: Host,
  call: Call,
  install: (host: Host, names: readonly string[]) => Promise<number>,
  verb: Verb,
): Promise<number> {
  const code = await install(host, call.names);
  if (code !== 0) return code;
  await ask(host, { verb: 'daemon-reload', units: [] });
  return call.flags.has('--now') ? job(host, verb, call.names) : 0;
}

async function status(host: Host, call: Call): Promise<number> {
  const { units } = await ask(host, { verb: 'show', units: call.names });
  const [all, journal] = await Promise.all([host.processes(), readJournal(host)]);
  let code = 0;
  let shown = 0;
  const paint = await paintOf(host);
  for (const view of units) {
    if (view.load === 'not-found') {
      await host.printError(`Unit ${view.name} could not be found.\n`);
      code = NO_UNIT;
      continue;
    }
    const enabled = (await enablement(host, view.name)) ?? 'static';
    const processes = all.filter(({ pid }) => view.pids.includes(pid)).sort((a, b) => a.pid - b.pid);
    const entries = call.lines === 0 ? [] : (journal ?? []).filter(({ unit }) => unit === view.name).slice(-call.lines);
    const preset = await presetOf(host, view.name);
    const text = statusText({ view, enabled, preset, processes, entries, now: host.date(), paint });
    if (view.changed) await host.printError(`${changedText(view.name)}\n`);
    await host.print(`${shown++ > 0 ? '\n' : ''}${text}`);
    if (view.active !== 'active' && view.active !== 'reloading') code ||= NOT_RUNNING;
  }
  return code;
}
