import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { TraceLog } from '../../src/trace/log.ts';
import { lessonFolders, readLesson } from './lesson.ts';
import { workerToKill } from './recorder.ts';
import { readScenario, scenarioInputs } from './scenario.ts';

describe.each(lessonFolders().map((folder) => [basename(folder), folder] as const))('recording of %s', (_, folder) => {
  const log = (): TraceLog => TraceLog.parse(readFileSync(`${folder}/recording.ndjson`, 'utf8'));

  test('is made from the files as they are now (npm run record)', () => {
    expect(log().header?.inputs).toBe(scenarioInputs(folder, readLesson(folder).data.start));
  });

  test('holds an answer or a failure for every request of the scenario, but for those that may stay open', () => {
    const sends = readScenario(folder).flatMap((step) => ('send' in step ? [step] : []));
    const sum = (steps: typeof sends): number => steps.reduce((total, { count }) => total + count, 0);
    // Requests of the scenario come from the browser; a command may send more with curl.
    const { events } = log();
    const browsers = new Set(events.flatMap((event) => (event.type === 'process.start' && event.program === 'browser' ? [event.pid] : [])));
    const seen = events.filter(({ pid }) => browsers.has(pid));
    const answers = seen.filter(({ type }) => type === 'client.response' || type === 'client.failed').length;
    // Whom nobody let in has sent nothing.
    const sent = seen.filter((event) => event.type === 'client.request' || (event.type === 'client.failed' && event.conn === ''));
    expect(sent).toHaveLength(sum(sends));
    expect(answers).toBeGreaterThanOrEqual(sum(sends.filter(({ open }) => !open)));
    expect(answers).toBeLessThanOrEqual(sum(sends));
  });
});

describe('a scenario', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (steps: unknown) => {
    writeFileSync(join(folder, 'scenario.json'), typeof steps === 'string' ? steps : JSON.stringify(steps));
    return readScenario(folder);
  };

  test('has these steps', () => {
    const steps = [
      { use: 'solution' },
      { send: '/', count: 2 },
      { send: '/slow', count: 1, open: true },
      { wait: 100 },
      { run: 'kill -HUP 301' },
      { restart: true },
      { kill: 'busy worker' },
      { kill: 'worker 2' },
    ];
    expect(read(steps)).toEqual(steps);
  });

  test.each([
    ['[', /scenario\.json: .*JSON/],
    [{}, /scenario\.json: a scenario is a list of steps/],
    [[], /scenario\.json: a scenario is a list of steps/],
    [[{ wait: 1 }, { sent: '/' }], /scenario\.json: step 2: \{"sent":"\/"\} has none of send, wait, kill, run, restart, use/],
    [[{ send: '/' }], /step 1: count: /],
    [[{ send: 'x', count: 1 }], /step 1: send: /],
    [[{ send: '/', count: 1, opne: true }], /step 1: .*opne/],
    [[{ kill: 'worker' }], /step 1: kill: Write "busy worker" or "worker 2"/],
    [[{ restart: false }], /step 1: restart: /],
    [[{ use: 'files' }], /step 1: use: /],
    [[7], /step 1: 7 has none of/],
  ])('%j is refused', (steps, why) => {
    expect(() => read(steps)).toThrow(why);
  });

  test('its hash changes with the names and texts of its files, the solution only when it uses it, and with how the servers start', () => {
    const usual = [
      { program: 'uwsgi', args: ['--ini', '/srv/shop/uwsgi.ini'] },
      { program: 'nginx', args: ['-g', 'daemon off;'] },
    ];
    const change = (file: string) => {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), 'x');
      return scenarioInputs(folder, usual);
    };
    read([{ wait: 1 }]);
    const before = scenarioInputs(folder, usual);
    expect(change('solution/a')).toBe(before);
    const withFile = change('files/a');
    expect(withFile).not.toBe(before);
    renameSync(join(folder, 'files/a'), join(folder, 'files/b'));
    expect(scenarioInputs(folder, usual)).not.toBe(withFile);
    renameSync(join(folder, 'files/b'), join(folder, 'files/a'));
    expect(scenarioInputs(folder, usual)).toBe(withFile);
    expect(scenarioInputs(folder, usual.slice(1))).not.toBe(scenarioInputs(folder, usual));
    read([{ use: 'solution' }]);
    const using = scenarioInputs(folder, usual);
    expect(change('solution/b')).not.toBe(using);
    const other = mkdtempSync(join(tmpdir(), 'renumbered-'));
    cpSync(folder, other, { recursive: true });
    expect(scenarioInputs(other, usual)).toBe(scenarioInputs(folder, usual));
    rmSync(other, { recursive: true });
  });
});

test('which worker is killed: the busy one, or the one that has the number now', () => {
  const events = [
    { type: 'uwsgi.ready', pid: 11, worker: 1 },
    { type: 'uwsgi.ready', pid: 12, worker: 2 },
    { type: 'wsgi.call', pid: 11 },
    { type: 'wsgi.call', pid: 12 },
    { type: 'process.exit', pid: 12 },
    { type: 'uwsgi.ready', pid: 13, worker: 2 },
  ] as unknown as TraceEvent[];
  expect(workerToKill(events, 'busy worker')).toBe(11);
  expect(workerToKill(events, 'worker 2')).toBe(13);
  expect(workerToKill(events.slice(0, 5), 'worker 1')).toBe(11);
  expect(() => workerToKill(events.slice(0, 5), 'worker 2')).toThrow('there is no worker 2 to kill');
  expect(() => workerToKill(events.slice(0, 2), 'busy worker')).toThrow('there is no busy worker to kill');
});
