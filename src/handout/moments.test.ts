import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lessonFolders } from '../../scripts/lib/lesson.ts';
import { summary } from '../components/figure/summary.ts';
import { tagsIn } from '../lesson/tags.ts';
import { frameAt } from '../trace/frame.ts';
import { TraceLog } from '../trace/log.ts';
import { deedsOf, momentsFor } from './moments.ts';

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

test('what a step asks for', () => {
  const [first, second] = deedsOf(
    '<Step n={1} title="a"><Do send="/slow?ms=1" count={2}>x</Do><Do run="pkill -9 uwsgi">y</Do></Step><Step n={2} title="b"><Do restart>z</Do></Step>',
  );
  expect(first).toEqual({ sends: ['/slow?ms=1'], runs: ['pkill -9 uwsgi'], restarts: false, kills: true });
  expect(second).toEqual({ sends: [], runs: [], restarts: true, kills: false });
});

test.each(lessonFolders().map((folder) => [folder.replace(/.*\//, ''), folder]))(
  '%s: a moment for each step, none back in time, each with words',
  (_, folder) => {
    const body = read(folder, 'index.mdx');
    const log = TraceLog.parse(read(folder, 'recording.ndjson'));
    const moments = momentsFor(log, deedsOf(body));
    expect(moments).toHaveLength(tagsIn(body, 'Step').length);
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(new Set(moments).size).toBeGreaterThan(1);
    for (const t of moments) expect(summary(frameAt(log, t), 'python')).not.toBe('');
  },
);

test('what a step sends is under way in its picture', () => {
  const folder = lessonFolders().find((one) => one.endsWith('three-ways')) ?? '';
  const log = TraceLog.parse(read(folder, 'recording.ndjson'));
  const deeds = deedsOf(read(folder, 'index.mdx'));
  const moments = momentsFor(log, deeds);
  const busy = deeds.findIndex(({ sends }) => sends.some((path) => path.startsWith('/cpu')));
  expect(frameAt(log, moments[busy] as number).requests.map(({ trace }) => trace.url)).toContainEqual(expect.stringContaining('/cpu'));
});
