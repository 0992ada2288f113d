/** The recorder on the real servers of this machine: that they still say what it reads. Skipped where they are not installed. */
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { TraceLog } from '../../../src/trace/log.ts';
import { indexOf } from '../../../src/trace/trace-index.ts';
import { lessonFolders, readLesson } from '../../lib/lesson.ts';
import { whyNotReal } from '../installed.ts';
import { playReal } from './play.ts';

const why = whyNotReal();

test.skipIf(why)(
  `a page and its worker's death, from request to respawn${why ? ` (skipped: ${why})` : ''}`,
  { timeout: 30_000 },
  async () => {
    const folder = lessonFolders().find((one) => basename(one).endsWith('-which-worker')) ?? '';
    const steps = [{ send: '/', count: 1 }, { send: '/slow?ms=2000', count: 1 }, { kill: 'busy worker' }, { send: '/', count: 1 }] as const;
    const times = { sent: [0, 100, 400], killed: [300], stopped: [] };
    const { events, real } = await playReal(folder, readLesson(folder).data.start, steps, times);
    const log = new TraceLog([...events]);
    const stages = indexOf(log).requests.list.map(({ status, hops }) => [status, ...hops.map(({ stage }) => stage)]);
    expect(stages).toEqual([
      [200, 'sent', 'gate', 'upstream', 'room', 'returned', 'response', 'done'],
      [502, 'sent', 'gate', 'upstream', 'room', 'failed', 'response', 'done'],
      [200, 'sent', 'gate', 'upstream', 'room', 'returned', 'response', 'done'],
    ]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'process.exit', signal: 'SIGKILL' }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'socket.listen', address: 'unix:/run/shop/shop.sock', backlog: 100 }));
    expect(Object.values(real).filter((text) => text === '')).toEqual([]);
  },
);
