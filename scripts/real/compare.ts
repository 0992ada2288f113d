/** Sends a script to both sides and says where they differ, in lines that a table of known differences can name. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, type NoAnswer, type Visit, visit } from './exchange.ts';
import { plainAccess, plainAnswer, plainError, plainUwsgi } from './normal.ts';
import { ANSWERED, type Logs, type Side } from './sides.ts';

/** A log's last line is written when the visitor has the answer already: it may take so long, in milliseconds. */
const LOG_MS = 3000;
const LOOK_MS = 20;
/** And after the last of all this is waited. */
const QUIET_MS = 100;
const DEATH_MS = 1500;

/** A line that only one of them has. */
export interface Difference {
  /** What was asked, or the log. */
  readonly where: string;
  readonly only: 'here' | 'real';
  readonly line: string;
}

export interface Exchange {
  readonly name: string;
  readonly answer: Answer | NoAnswer;
}

/** Everything that one side had to say. */
export interface Heard {
  readonly exchanges: readonly Exchange[];
  readonly logs: Logs;
}

export async function ask(side: Side, visits: readonly Visit[]): Promise<Heard> {
  await settled(side);
  await side.mark();
  const exchanges: Exchange[] = [];
  for (const one of visits) {
    const before = await side.logs();
    const answers = await visit(one, side.door);
    for (const [i, answer] of answers.entries()) exchanges.push({ name: answers.length > 1 ? `${one.name}, ${i + 1}` : one.name, answer });
    await written(side, before, answers.filter((answer) => !('failed' in answer)).length);
  }
  await settled(side);
  return { exchanges, logs: await side.logs() };
}

/** So that lines of one request are not among those of the next. */
async function written(side: Side, before: Logs, answered: number): Promise<void> {
  const end = performance.now() + LOG_MS;
  for (;;) {
    const { access, by, uwsgi } = await side.logs();
    const workers = by.slice(before.by.length).filter((one) => one === 'worker').length;
    const lines = requestLines(uwsgi).length - requestLines(before.uwsgi).length;
    const whole = Math.min(access.length - before.access.length, by.length - before.by.length) >= answered && lines >= workers;
    if (whole || performance.now() > end) return;
    await pause(LOOK_MS);
  }
}

/** Nothing new for a while; after a worker's death for longer, as the master looks round once a second. */
async function settled(side: Side): Promise<void> {
  const { by } = await side.logs();
  const quiet = by.includes('nobody behind') ? DEATH_MS : QUIET_MS;
  let before = -1;
  for (;;) {
    const { access, error, uwsgi } = await side.logs();
    const now = access.length + error.length + uwsgi.length;
    if (now === before) return;
    before = now;
    await pause(quiet);
  }
}

/** Answers line by line, logs too. */
export function differences(here: Heard, real: Heard): Difference[] {
  const answers = here.exchanges.flatMap(({ name, answer }, i) => {
    const other = real.exchanges[i];
    if (other === undefined) throw new Error(`the real servers were not asked for ${name}`);
    return differing(name, plainAnswer(answer), plainAnswer(other.answer));
  });
  const by = here.exchanges.flatMap(({ name }, i) => differing(`${name}: who answered`, [here.logs.by[i] ?? ''], [real.logs.by[i] ?? '']));
  const log = (name: keyof typeof PLAIN): Difference[] => differing(`${name} log`, PLAIN[name](here), PLAIN[name](real), ORDERED.has(name));
  return [...answers, ...by, ...log('access'), ...log('error'), ...log('elsewhere'), ...log('start'), ...log('uwsgi')];
}

const PLAIN = {
  access: ({ logs, exchanges }: Heard) => logs.access.map((line, i) => plainAccess(line, exchanges[i]?.answer)),
  error: ({ logs }: Heard) => logs.error.map(plainError),
  elsewhere: ({ logs }: Heard) => logs.elsewhere,
  start: ({ logs }: Heard) => logs.start.map((line) => plainUwsgi(line)),
  uwsgi: told,
} as const;
/** Of the others several processes write, each when it comes to it. */
const ORDERED: ReadonlySet<string> = new Set(['access', 'error', 'elsewhere']);

/** Whether a worker has counted or grown enough to go hangs on what it had done before the script. */
const RECYCLED = /^\.\.\.The work of process|^worker \d+ killed successfully|^Respawned uWSGI worker/;

/** How often something else happened does so, too: all but the lines of requests stay once. */
function told(heard: Heard): string[] {
  const lines = heard.logs.uwsgi;
  const others = lines.filter((line) => !ANSWERED.test(line) && !RECYCLED.test(line)).map((line) => plainUwsgi(line));
  return [...requestsTold(heard), ...new Set(others)];
}

/** Each with its answer: the first one to the same request, as Nginx has written it, that a worker gave and that no line before has. */
function requestsTold({ logs, exchanges }: Heard): string[] {
  const left = exchanges.map(({ answer }, i) => ({ answer, access: logs.access[i] ?? '' })).filter((_, i) => logs.by[i] === 'worker');
  return requestLines(logs.uwsgi).map((line) => {
    const request = / (\S+ \S+) => generated /.exec(line)?.[1];
    const at = left.findIndex(({ access }) => access.includes(`"${request} HTTP/`));
    const [own] = at < 0 ? [] : left.splice(at, 1);
    return plainUwsgi(line, own?.answer);
  });
}

const requestLines = (lines: readonly string[]): string[] => lines.filter((line) => ANSWERED.test(line));

/** Lines that only one of them has; with `ordered`, also that they come in another order. */
export function differing(where: string, here: readonly string[], real: readonly string[], ordered = true): Difference[] {
  const only = (side: Difference['only'], some: readonly string[], others: readonly string[]): Difference[] => {
    const left = [...others];
    return some.flatMap((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0 ? [{ where, only: side, line }] : [];
    });
  };
  const found = [...only('here', here, real), ...only('real', real, here)];
  const moved = found.length === 0 ? here.findIndex((line, i) => line !== real[i]) : -1;
  return moved >= 0 && ordered ? [{ where, only: 'here', line: `in another order, from here on: ${here[moved]}` }] : found;
}
