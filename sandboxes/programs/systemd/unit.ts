/** A service unit: what its file says, checked and with systemd's defaults (systemd.unit(5), systemd.service(5), systemd.exec(5)). */
import type { Signal } from '../../host/host.ts';
import { signalOf } from '../kill/signals.ts';
import { NO_EFFECT, REFUSED } from './keys.ts';
import { type Assignment, type Remark, readUnitText } from './unit-text.ts';
import { BadQuoting, readEnvironment, readTime, splitWords } from './words.ts';

export interface Command {
  /** As it stands in the file, for display. */
  readonly text: string;
  /** Program and arguments, variables not yet put in. */
  readonly words: readonly string[];
  /** `-`: how it ends does not matter. */
  readonly lenient: boolean;
  /** `+`: as root, whatever User= says. */
  readonly asRoot: boolean;
}

const TYPES = ['simple', 'exec', 'forking', 'oneshot', 'notify'] as const;
const RESTARTS = ['no', 'on-success', 'on-failure', 'on-abnormal', 'on-abort', 'always'] as const;
const KILL_MODES = ['control-group', 'mixed', 'process', 'none'] as const;

export interface Unit {
  description: string;
  after: string[];
  requires: string[];
  wants: string[];
  /** Milliseconds. */
  startLimitInterval: number;
  startLimitBurst: number;
  type: (typeof TYPES)[number];
  startPre: Command[];
  start: Command[];
  reload: Command[];
  stop: Command[];
  killSignal: Signal;
  killMode: (typeof KILL_MODES)[number];
  user: string;
  group: string;
  runtimeDirectories: string[];
  runtimeMode: number;
  workingDirectory: string;
  environment: [string, string][];
  /** Path, and whether it may be missing. */
  environmentFiles: { path: string; optional: boolean }[];
  restart: (typeof RESTARTS)[number];
  restartMs: number;
  /** Exit codes and signals, as they stand in the file. */
  success: string[];
  preventRestart: string[];
  startTimeout: number;
  stopTimeout: number;
  pidFile: string;
  remainAfterExit: boolean;
  wantedBy: string[];
}

export interface ReadUnit {
  readonly unit: Unit;
  /** In the order of their lines. */
  readonly remarks: readonly Remark[];
  /** Why the unit cannot be started, or null; line 0 when it is about the file as a whole. */
  readonly problem: Remark | null;
}

const defaults = (): Unit => ({
  description: '',
  after: [],
  requires: [],
  wants: [],
  startLimitInterval: 10_000,
  startLimitBurst: 5,
  type: 'simple',
  startPre: [],
  start: [],
  reload: [],
  stop: [],
  killSignal: 'SIGTERM',
  killMode: 'control-group',
  user: '',
  group: '',
  runtimeDirectories: [],
  runtimeMode: 0o755,
  workingDirectory: '',
  environment: [],
  environmentFiles: [],
  restart: 'no',
  restartMs: 100,
  success: [],
  preventRestart: [],
  startTimeout: 90_000,
  stopTimeout: 90_000,
  pidFile: '',
  remainAfterExit: false,
  wantedBy: [],
});

/** A value that cannot be used: the line is passed over with this remark. */
class BadValue extends Error {}
/** What this sandbox does not have: the unit does not start. */
class Refused extends Error {}

type Setter = (unit: Unit, value: string) => void;
type Names<T> = { [K in keyof Unit]: Unit[K] extends T ? K : never }[keyof Unit];

const words: (field: Names<string[]>) => Setter = (field) => (unit, value) => {
  unit[field] = value === '' ? [] : [...unit[field], ...splitWords(value)];
};
const commands: (field: Names<Command[]>) => Setter = (field) => (unit, value) => {
  unit[field] = value === '' ? [] : [...unit[field], command(value)];
};
const text: (field: 'description' | 'user' | 'group') => Setter = (field) => (unit, value) => {
  unit[field] = value;
};
const time: (field: 'restartMs' | 'startTimeout' | 'stopTimeout' | 'startLimitInterval') => Setter = (field) => (unit, value) => {
  const ms = readTime(value);
  if (ms === null) throw new BadValue(`Failed to parse`);
  // Without a limit is what 0 means there.
  unit[field] = ms === 0 && field.endsWith('Timeout') ? Number.POSITIVE_INFINITY : ms;
};
const path: (field: 'pidFile' | 'workingDirectory') => Setter = (field) => (unit, value) => {
  if (value !== '' && !/^-?\//.test(value) && value !== '~') throw new BadValue('path is not absolute');
  unit[field] = value;
};
function oneOf<K extends 'type' | 'restart' | 'killMode'>(field: K, allowed: readonly Unit[K][]): Setter {
  return (unit, value) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined)
      throw field === 'type' && /^(dbus|idle|notify-reload)$/.test(value) ? new Refused(`Type=${value}`) : new BadValue('Failed to parse');
    unit[field] = found;
  };
}

const SETTERS: Readonly<Record<string, Setter>> = {
  'Unit.Description': text('description'),
  'Unit.After': words('after'),
  'Unit.Requires': words('requires'),
  'Unit.Wants': words('wants'),
  'Unit.StartLimitIntervalSec': time('startLimitInterval'),
  'Unit.StartLimitBurst': (unit, value) => {
    unit.startLimitBurst = whole(value);
  },
  'Service.Type': oneOf('type', TYPES),
  'Service.ExecStartPre': commands('startPre'),
  'Service.ExecStart': commands('start'),
  'Service.ExecReload': commands('reload'),
  'Service.ExecStop': commands('stop'),
  'Service.KillSignal': (unit, value) => {
    const signal = signalOf(value);
    if (signal === null || signal === 0) throw new BadValue('Failed to parse');
    unit.killSignal = signal;
  },
  'Service.KillMode': oneOf('killMode', KILL_MODES),
  'Service.User': text('user'),
  'Service.Group': text('group'),
  'Service.RuntimeDirectory': (unit, value) => {
    const names = splitWords(value);
    if (names.some((name) => name.startsWith('/') || name.split('/').includes('..')))
      throw new BadValue('path is not normalized or absolute');
    unit.runtimeDirectories = value === '' ? [] : [...unit.runtimeDirectories, ...names];
  },
  'Service.RuntimeDirectoryMode': (unit, value) => {
    if (!/^[0-7]{3,4}$/.test(value)) throw new BadValue('Failed to parse');
    unit.runtimeMode = Number.parseInt(value, 8);
  },
  'Service.WorkingDirectory': path('workingDirectory'),
  'Service.Environment': (unit, value) => {
    unit.environment = value === '' ? [] : [...unit.environment, ...readEnvironment(value)];
  },
  'Service.EnvironmentFile': (unit, value) => {
    const file = value.replace(/^-/, '');
    if (value !== '' && !file.startsWith('/')) throw new BadValue('path is not absolute');
    unit.environmentFiles = value === '' ? [] : [...unit.environmentFiles, { path: file, optional: value.startsWith('-') }];
  },
  'Service.Restart': oneOf('restart', RESTARTS),
  'Service.RestartSec': time('restartMs'),
  'Service.SuccessExitStatus': words('success'),
  'Service.RestartPreventExitStatus': words('preventRestart'),
  'Service.TimeoutStartSec': time('startTimeout'),
  'Service.TimeoutStopSec': time('stopTimeout'),
  'Service.TimeoutSec': (unit, value) => {
    time('startTimeout')(unit, value);
    time('stopTimeout')(unit, value);
  },
  'Service.PIDFile': path('pidFile'),
  'Service.RemainAfterExit': (unit, value) => {
    if (!/^(yes|no|true|false|on|off|1|0)$/i.test(value)) throw new BadValue('Failed to parse');
    unit.remainAfterExit = /^(yes|true|on|1)$/i.test(value);
  },
  'Install.WantedBy': words('wantedBy'),
};

function whole(value: string): number {
  if (!/^\d+$/.test(value)) throw new BadValue('Failed to parse');
  return Number(value);
}

/** A line of Exec…=: what stands before the program changes how it is run. Throws BadValue, BadQuoting and Refused. */
function command(value: string): Command {
  const [, marks = '', text = ''] = /^([-@:+!]*)(.*)$/s.exec(value) ?? [];
  const odd = /[@:!]/.exec(marks)?.[0];
  if (odd !== undefined) throw new Refused(`'${odd}' before a command`);
  const parts = splitWords(text);
  if (parts[0] === undefined) throw new BadValue('Empty path in command line');
  if (parts.includes(';')) throw new Refused("';' between two commands");
  return { text: text.trim(), words: parts, lenient: marks.includes('-'), asRoot: marks.includes('+') };
}

/** Reads a unit file. Never throws: what is wrong with it stands in the result. */
export function readUnit(text: string): ReadUnit {
  const { assignments, remarks: first, broken } = readUnitText(text);
  const unit = defaults();
  const remarks = [...first];
  let problem = broken;
  for (const assignment of assignments) {
    const wrong = assign(unit, assignment);
    if (wrong === null) continue;
    remarks.push({ line: assignment.line, text: wrong.text });
    if (wrong.fatal) problem ??= { line: assignment.line, text: wrong.text };
  }
  problem ??= lacking(unit);
  return { unit, remarks: remarks.sort((a, b) => a.line - b.line), problem };
}

function assign(unit: Unit, { section, key, value }: Assignment): { text: string; fatal: boolean } | null {
  const name = `${section}.${key}`;
  const setter = Object.hasOwn(SETTERS, name) ? SETTERS[name] : undefined;
  if (setter === undefined) {
    if (NO_EFFECT.has(name) || key.startsWith('X-')) return null;
    if (REFUSED.has(name)) return { text: sandboxSays(`${key}=`), fatal: true };
    return { text: `Unknown key name '${key}' in section '${section}', ignoring.`, fatal: false };
  }
  try {
    const specifier = /%[^%]|%$/.exec(value.replaceAll('%%', ''))?.[0];
    if (specifier !== undefined) throw new Refused(`specifiers such as ${specifier}`);
    setter(unit, value.replaceAll('%%', '%'));
    return null;
  } catch (error) {
    if (error instanceof Refused) return { text: sandboxSays(error.message), fatal: true };
    if (error instanceof BadValue) return { text: `${error.message} ${key}= value, ignoring: ${value}`, fatal: false };
    if (error instanceof BadQuoting)
      return { text: `Invalid quoting in ${key}= (${error.message}), ignoring: ${value}`, fatal: key === 'ExecStart' };
    throw error;
  }
}

const sandboxSays = (what: string): string => `[sandbox] this sandbox's systemd does not have ${what}`;

/** What the file as a whole lacks; systemd says so and does not load it. */
function lacking(unit: Unit): Remark | null {
  const say = (text: string): Remark => ({ line: 0, text });
  if (unit.start.length === 0 && (unit.type !== 'oneshot' || unit.stop.length === 0))
    return say('Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.');
  if (unit.type !== 'oneshot' && unit.start.length > 1)
    return say('Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.');
  if (unit.type === 'oneshot' && (unit.restart === 'always' || unit.restart === 'on-success'))
    return say(`Service has Restart= set to either always or on-success, which isn't allowed for Type=oneshot services. Refusing.`);
  return null;
}
