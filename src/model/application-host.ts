/**
 * Reads an `applicationHost.config` as far as the model of IIS uses it: the application pools with their defaults, and
 * which pool the site runs in. What else is in the file is named in a note, with the reason why it changes nothing here.
 */
import type { Attribute, Element } from './xml.ts';
import { FileError, readXml } from './xml.ts';

export { FileError } from './xml.ts';

/** Times in ms; a limit of 0 is switched off. */
export interface PoolSettings {
  readonly name: string;
  readonly autoStart: boolean;
  readonly alwaysRunning: boolean;
  readonly queueLength: number;
  readonly maxProcesses: number;
  readonly idleTimeout: number;
  readonly shutdownTimeLimit: number;
  readonly overlap: boolean;
  readonly recycleAfterRequests: number;
  readonly recycleAfterTime: number;
  readonly rapidFail: boolean;
  readonly rapidFailInterval: number;
  readonly rapidFailCrashes: number;
}

export interface Note {
  readonly line: number;
  readonly text: string;
}

export interface ApplicationHost {
  /** The pool of the site's root application; without sites the first one. */
  readonly pool: PoolSettings;
  readonly notes: readonly Note[];
}

type Change = Partial<{ -readonly [Name in keyof PoolSettings]: PoolSettings[Name] }>;
type Read = (attribute: Attribute) => Change;

const MINUTE = 60_000;

/** What IIS takes when the file says nothing. */
export const DEFAULTS: PoolSettings = {
  name: 'DefaultAppPool',
  autoStart: true,
  alwaysRunning: false,
  queueLength: 1000,
  maxProcesses: 1,
  idleTimeout: 20 * MINUTE,
  shutdownTimeLimit: 1.5 * MINUTE,
  overlap: true,
  recycleAfterRequests: 0,
  recycleAfterTime: 29 * 60 * MINUTE,
  rapidFail: true,
  rapidFailInterval: 5 * MINUTE,
  rapidFailCrashes: 5,
};

/** What is read of each element of a pool, by its path from there. */
const READERS: Readonly<Record<string, Readonly<Record<string, Read>>>> = {
  '': {
    name: (one) => ({ name: one.value }),
    autoStart: (one) => ({ autoStart: flag(one) }),
    startMode: (one) => ({ alwaysRunning: choice(one, ['OnDemand', 'AlwaysRunning']) === 'AlwaysRunning' }),
    queueLength: (one) => ({ queueLength: count(one, 10, 65_535) }),
  },
  processModel: {
    // 0 means one per NUMA node, and the machine of the model has one
    maxProcesses: (one) => ({ maxProcesses: Math.max(1, count(one, 0, 64)) }),
    idleTimeout: (one) => ({ idleTimeout: span(one) }),
    shutdownTimeLimit: (one) => ({ shutdownTimeLimit: span(one) }),
  },
  recycling: {
    disallowOverlappingRotation: (one) => ({ overlap: !flag(one) }),
  },
  'recycling/periodicRestart': {
    requests: (one) => ({ recycleAfterRequests: count(one, 0, 4_294_967_295) }),
    time: (one) => ({ recycleAfterTime: span(one) }),
  },
  failure: {
    rapidFailProtection: (one) => ({ rapidFail: flag(one) }),
    rapidFailProtectionInterval: (one) => ({ rapidFailInterval: span(one) }),
    rapidFailProtectionMaxCrashes: (one) => ({ rapidFailCrashes: count(one, 1, 2_147_483_647) }),
  },
};

/** Real settings without an effect here, and why. */
const NO_EFFECT: Readonly<Record<string, string>> = {
  privateMemory: 'the model has no memory to measure',
  memory: 'the model has no memory to measure',
  identityType: 'the model runs under no account',
  managedRuntimeVersion: 'the model runs no code',
  managedPipelineMode: 'the model runs no code',
  pingingEnabled: 'a process of the model always answers a ping',
  pingInterval: 'a process of the model always answers a ping',
  pingResponseTime: 'a process of the model always answers a ping',
  environmentVariables: 'the model runs no code',
};

/** Reads the file's text. Throws a `FileError` with the line of what is wrong. */
export function readApplicationHost(text: string): ApplicationHost {
  const notes: Note[] = [];
  const root = readXml(text);
  const host = root.name === 'configuration' ? child(root, 'system.applicationHost') : root;
  const section =
    host?.name === 'applicationPools' ? host : host?.name === 'system.applicationHost' ? child(host, 'applicationPools') : null;
  if (!section) throw new FileError(root.line, 'there is no <applicationPools> in <system.applicationHost>');
  for (const other of host === section ? [] : (host?.children ?? [])) {
    if (other.name !== 'applicationPools' && other.name !== 'sites') notes.push(ignored(other.line, `<${other.name}>`));
  }

  let defaults = DEFAULTS;
  const given = child(section, 'applicationPoolDefaults');
  if (given) defaults = { ...defaults, ...settingsOf(given, notes) };
  const pools: PoolSettings[] = [];
  for (const element of section.children) {
    if (element.name === 'applicationPoolDefaults') continue;
    if (element.name !== 'add') {
      notes.push(ignored(element.line, `<${element.name}>`));
      continue;
    }
    const settings = settingsOf(element, notes);
    if (!settings.name) throw new FileError(element.line, 'an application pool needs a name: <add name="…">');
    if (pools.some((pool) => same(pool.name, settings.name ?? '')))
      throw new FileError(element.line, `there are two pools called "${settings.name}"`);
    pools.push({ ...defaults, ...settings });
  }
  if (pools.length === 0) throw new FileError(section.line, 'there is no application pool: write <add name="Shop" />');
  const sites = host && host !== section ? child(host, 'sites') : undefined;
  return { pool: poolOfSite(sites, pools), notes };
}

function settingsOf(element: Element, notes: Note[], path = ''): Change {
  const readers = READERS[path] ?? {};
  const settings: Change = {};
  for (const attribute of element.attributes) {
    const read = readers[attribute.name];
    if (read) Object.assign(settings, read(attribute));
    else notes.push(ignored(attribute.line, attribute.name));
  }
  for (const inner of element.children) {
    const next = path ? `${path}/${inner.name}` : inner.name;
    if (READERS[next]) Object.assign(settings, settingsOf(inner, notes, next));
    else notes.push(ignored(inner.line, `<${inner.name}>`));
  }
  return settings;
}

function poolOfSite(sites: Element | undefined, pools: readonly PoolSettings[]): PoolSettings {
  const first = pools[0] as PoolSettings;
  const site = sites?.children.find((one) => one.name === 'site');
  const inherited = [child(site, 'applicationDefaults'), child(sites, 'applicationDefaults')];
  const applications = site?.children.filter((one) => one.name === 'application') ?? [];
  const root = applications.find((one) => one.attributes.some(({ name, value }) => name === 'path' && value === '/')) ?? applications[0];
  const named = [root, ...inherited].map((one) => one?.attributes.find(({ name }) => name === 'applicationPool')).find(Boolean);
  if (!named) return first;
  const pool = pools.find((one) => same(one.name, named.value));
  if (!pool) throw new FileError(named.line, `the site runs in the pool "${named.value}", and there is none of that name`);
  return pool;
}

const child = (element: Element | undefined, name: string): Element | undefined => element?.children.find((one) => one.name === name);

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function ignored(line: number, what: string): Note {
  const why = NO_EFFECT[what.replace(/[<>]/g, '')];
  if (why || what.startsWith('<')) return { line, text: `${what} has no effect here: ${why ?? 'the model does not use it'}` };
  return { line, text: `the model does not know ${what}: check the spelling, for IIS refuses what its schema does not have` };
}

function flag({ name, value, line }: Attribute): boolean {
  if (value !== 'true' && value !== 'false') throw new FileError(line, `${name} must be "true" or "false", not "${value}"`);
  return value === 'true';
}

function choice({ name, value, line }: Attribute, of: readonly string[]): string {
  if (!of.includes(value)) throw new FileError(line, `${name} must be ${of.map((one) => `"${one}"`).join(' or ')}, not "${value}"`);
  return value;
}

function count({ name, value, line }: Attribute, least: number, most: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most))
    throw new FileError(line, `${name} must be a whole number from ${least} to ${most}, not "${value}"`);
  return number;
}

/** A time span as .NET writes it: `[days.]hh:mm:ss`. In ms. */
function span({ name, value, line }: Attribute): number {
  const [, days = '0', hours, minutes, seconds] = /^(?:(\d+)\.)?([01]?\d|2[0-3]):([0-5]\d):([0-5]\d)$/.exec(value) ?? [];
  if (hours === undefined) throw new FileError(line, `${name} must be a time like "00:05:00" (hours, minutes, seconds), not "${value}"`);
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
