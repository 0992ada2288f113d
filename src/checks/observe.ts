/** One function for each kind of check: what was found in the sandbox, and whether it is what was asked for. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Check } from '../lesson/format.ts';
import { configValue } from './config.ts';
import type { CheckTarget } from './target.ts';

export interface Observation {
  readonly passed: boolean;
  /** In full: hints look for their mistake in it. */
  readonly found: string;
  /** What to do, where that is known better than the lesson knows it. */
  readonly hint?: string;
}

type Kind = Check['kind'];
type CheckOf<K extends Kind> = Extract<Check, { kind: K }>;
type Observe<K extends Kind> = (check: CheckOf<K>, target: CheckTarget, signal: AbortSignal) => Promise<Observation>;

export const MISSING = '(missing)';

/** How all patterns of a lesson are meant: `^` and `$` at every line, `.` also for line ends. */
export const fits = (source: string, text: string): boolean => new RegExp(source, 'msu').test(text);

interface Patterns {
  readonly matches?: string | undefined;
  readonly lacks?: string | undefined;
}

/** Of what is missing nothing can match, and everything is lacking; a check without patterns wants it to be there. */
function holds({ matches, lacks }: Patterns, text: string | null): boolean {
  if (text === null) return matches === undefined && lacks !== undefined;
  return (matches === undefined || fits(matches, text)) && (lacks === undefined || !fits(lacks, text));
}

const file: Observe<'file'> = async (check, target) => {
  const text = await target.readFile(check.path);
  const found = text ?? MISSING;
  if (!check.exists || text === null) return { found, passed: check.exists === (text !== null) };
  return { found, passed: holds(check, text) };
};

const config: Observe<'config'> = async (check, target) => {
  const text = await target.readFile(check.path);
  const value = text === null ? null : configValue(text, check.path, check.option);
  const found = value ?? MISSING;
  // Without its file a configuration says nothing, not even by what it lacks.
  if (text === null || !holds(check, value)) return { found, passed: false };
  if (!(await target.unread()).includes(check.path)) return { found, passed: true };
  const name = check.path.slice(check.path.lastIndexOf('/') + 1);
  return {
    found,
    passed: false,
    hint: `Press Restart servers: ${name} has not been read yet. If they do not start, the server log says why.`,
  };
};

/** The patterns see what is found, so that they may name the status too: `^200 Hello`. */
const http: Observe<'http'> = async (check, target, signal) => {
  const answer = await target.request(check.url, signal);
  if ('failed' in answer) {
    const found = `0 ${answer.failed}`;
    const wanted = check.status === 0 || (check.status === undefined && check.matches !== undefined);
    return { found, passed: wanted && holds(check, found) };
  }
  const { status } = answer;
  const right = check.status === undefined || check.status === status;
  if (check.header === undefined) {
    const found = `${status} ${answer.body}`;
    return { found, passed: right && holds(check, found) };
  }
  const name = check.header.toLowerCase();
  const values = answer.headers.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
  const found = values.length > 0 ? `${status} ${values.join(', ')}` : null;
  return { found: found ?? `${status} ${MISSING}`, passed: right && holds(check, found) };
};

const command: Observe<'command'> = async (check, target, signal) => {
  const { exit, output } = await target.run(check.run, signal);
  const found = `exit ${exit}\n${output}`;
  return { found, passed: (check.exit === undefined || check.exit === exit) && holds(check, found) };
};

const field = (one: TraceEvent, name: string): unknown => (one as Readonly<Record<string, unknown>>)[name];

const event: Observe<'event'> = async ({ type, where, distinct, atLeast }, target) => {
  const fitting = target
    .events()
    .filter((one) => one.type === type && Object.entries(where).every(([name, value]) => field(one, name) === value));
  const count = distinct === undefined ? fitting.length : new Set(fitting.map((one) => field(one, distinct))).size;
  return { found: String(count), passed: count >= atLeast };
};

/** Looks at the sandbox. Rejects when it could not be looked at. */
export function observe(check: Check, target: CheckTarget, signal: AbortSignal): Promise<Observation> {
  switch (check.kind) {
    case 'file':
      return file(check, target, signal);
    case 'config':
      return config(check, target, signal);
    case 'http':
      return http(check, target, signal);
    case 'command':
      return command(check, target, signal);
    case 'event':
      return event(check, target, signal);
  }
}
