/** The recordings of the real servers that lie beside the lessons: what they are, whether they are up to date, and that the same came of the same requests. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RECORDED, UNRECORDED } from '../../../src/components/real-recordings.ts';
import { loadOf } from '../../../src/model/arrivals.ts';
import { frameAt } from '../../../src/trace/frame.ts';
import { TraceLog } from '../../../src/trace/log.ts';
import { pathOf } from '../../../src/trace/text.ts';
import { indexOf } from '../../../src/trace/trace-index.ts';
import { lessonFolders, readLesson } from '../../lib/lesson.ts';
import { scenarioInputs } from '../../lib/scenario.ts';
import { REAL_FILE } from './play.ts';

/** Lessons on routing and on faults. */
const LESSONS = [
  ...['nginx', 'one-master', 'gil', 'one-fails', 'https', 'static', 'hand-over', 'which-worker'],
  ...['dependencies', 'closing-the-gap', 'keep-it-up'],
];
/** Requests that left together, within so long (ms): which of them is first is chance. */
const TOGETHER = 200;
/** The real servers' requests leave when the sandbox's did, but for what the machine had to do (ms). */
const LATE = 100;
/** A worker that is idle takes a request within so long, also where the machine has much to do (ms). */
const AT_ONCE = 200;
/** What nobody sees of the real servers. */
const UNSEEN = ['conn.queued', 'conn.accepted', 'conn.data', 'conn.close', 'wsgi.call', 'wsgi.environ', 'nginx.route'];

const folders = lessonFolders().filter((folder) => existsSync(join(folder, REAL_FILE)));
const logOf = (folder: string, file: string): TraceLog => TraceLog.parse(readFileSync(join(folder, file), 'utf8'));

/** What came of each request, in the order in which they left; of those that left together, in the order of their outcome. */
function outcomes(log: TraceLog): { readonly after: number; readonly came: readonly string[] }[] {
  const { list } = indexOf(log).requests;
  const zero = list[0]?.start ?? 0;
  const groups: { after: number; url: string; came: string[] }[] = [];
  for (const { start, url, status } of list) {
    const after = start - zero;
    let group = groups.at(-1);
    if (!group || after - group.after > TOGETHER || group.url !== url) {
      group = { after, url, came: [] };
      groups.push(group);
    }
    group.came.push(`${pathOf(url)} ${status}`);
  }
  return groups.map(({ after, came }) => ({ after, came: came.sort() }));
}

test('every lesson on routing or on faults has one, or a reason why not', () => {
  const slugs = folders.map((folder) => readLesson(folder).slug);
  expect([...RECORDED.keys()].sort()).toEqual(slugs.sort());
  expect([...slugs, ...Object.keys(UNRECORDED)].sort()).toEqual([...LESSONS].sort());
});

describe.each(folders.map((folder) => [basename(folder), folder] as const))('the real servers of %s', (_, folder) => {
  const [real, sandbox] = [logOf(folder, REAL_FILE), logOf(folder, 'recording.ndjson')];

  test('it is labelled, and made from the files as they are now (npm run record -- --real)', () => {
    const { slug, data } = readLesson(folder);
    expect(real.header).toMatchObject({ lesson: slug, inputs: scenarioInputs(folder, data.start) });
    expect(real.header?.real).toMatchObject({
      nginx: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      uwsgi: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
    expect(sandbox.header?.real).toBeUndefined();
  });

  test('nothing is told that nobody sees there, nor of this machine', () => {
    expect(real.events.filter(({ type }) => UNSEEN.includes(type))).toEqual([]);
    expect(JSON.stringify(real.events)).not.toMatch(/\/tmp\/|real-[A-Za-z0-9]{6}|nodename: (?!server")|os: Linux-/);
  });

  test('the same came of the same requests, which left at the same times', () => {
    const [theirs, ours] = [outcomes(real), outcomes(sandbox)];
    expect(theirs.map(({ came }) => came)).toEqual(ours.map(({ came }) => came));
    for (const [at, { after }] of theirs.entries()) expect(Math.abs(after - (ours[at]?.after ?? 0))).toBeLessThan(LATE);
  });

  test('the model of IIS is told of the same requests, with the same ends', () => {
    const told = (log: TraceLog): string[] =>
      loadOf(log)
        .arrivals.map(({ url, fate, service }) => `${pathOf(url)} ${fate}${Number.isFinite(service) ? '' : ', hangs'}`)
        .sort();
    expect(told(real)).toEqual(told(sandbox));
  });

  test('no request is at a hop before it was at the one before', () => {
    for (const { hops } of indexOf(real).requests.list) {
      const times = hops.map(({ t }) => t);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  test('no request waits while a worker is idle', () => {
    for (const { number, hops } of indexOf(real).requests.list) {
      const [asked, taken] = ['upstream', 'room'].map((stage) => hops.find((hop) => hop.stage === stage)?.t ?? 0);
      if (!asked || !taken || taken - asked < AT_ONCE) continue;
      const idle = frameAt(real, asked + AT_ONCE / 2).workers.filter(({ state }) => state === 'idle');
      expect([number, idle.map(({ worker }) => worker)]).toEqual([number, []]);
    }
  });

  test('a worker starts before it is ready', () => {
    for (const { pid, t } of real.events.filter(({ type }) => type === 'uwsgi.ready'))
      expect(real.events.find((one) => one.type === 'process.start' && one.pid === pid)?.t).toBeLessThanOrEqual(t);
  });

  test('whatever Python answered was in a worker, whatever nginx answered alone was not', () => {
    for (const { url, status, hops } of indexOf(real).requests.list) {
      const stages = hops.map(({ stage }) => stage);
      if (status === 200) expect([url, stages.includes('room')]).toEqual([url, !stages.includes('shelf')]);
      expect(stages).not.toContain('queued');
    }
  });

  test('between its requests its workers are there, and idle', () => {
    const first = indexOf(real).requests.list[0]?.start ?? 0;
    const { workers, master, gate, queueSeen } = frameAt(real, first - 1);
    expect(workers.map(({ state }) => state)).toEqual(Array(workers.length).fill('idle'));
    expect([workers.length > 0, master?.state, gate?.state, queueSeen]).toEqual([true, 'idle', 'idle', false]);
  });
});
