import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readApplicationHost } from '../../../model/application-host.ts';
import { loadOf } from '../../../model/arrivals.ts';
import { Iis } from '../../../model/iis.ts';
import { stateAt } from '../../../model/state.ts';
import { frameAt } from '../../../trace/frame.ts';
import { TraceLog } from '../../../trace/log.ts';
import { indexOf } from '../../../trace/trace-index.ts';
import { differences } from './differences.ts';
import { PRESETS } from './presets.ts';
import { twin } from './twin.ts';

const log = (lesson: string): TraceLog => TraceLog.parse(readFileSync(`lessons/en/${lesson}/recording.ndjson`, 'utf8'));

function modelOf(of: TraceLog, preset: string): Iis {
  const text = PRESETS.find((one) => one.name === preset)?.text ?? '';
  const iis = new Iis(readApplicationHost(text).pool);
  iis.feed(loadOf(of));
  return iis;
}

/** What is said at `after` ms after the request with that number came. */
function said(of: TraceLog, preset: string, number: number, after: number): string[] {
  const iis = modelOf(of, preset);
  const t = (indexOf(of).requests.list.find((one) => one.number === number)?.start ?? Number.NaN) + after;
  return differences(frameAt(of, t), stateAt(iis, t), iis).map((one) => one.text);
}

describe('what differs between a run and the model', () => {
  const rush = log('11-which-worker');
  const failures = log('07-one-fails');

  it('says who waits here and what one w3wp does at once', () => {
    expect(said(rush, 'Default pool', 11, 100)[0]).toMatch(
      /^Here 4 of 8 requests wait: .* one w3wp runs 4 at once, .* 4 wait for a thread\.$/,
    );
    expect(said(rush, 'Default pool', 11, 100)[1]).toContain('all 4 threads are taken');
    expect(said(rush, 'Web garden of 4', 11, 500)[0]).toMatch(/w3wp run 8 at once, .* nobody waits\.$/);
  });

  it('says that the first request waits for the first w3wp', () => {
    expect(said(rush, 'Default pool', 1, 100)).toEqual([expect.stringContaining('1 request waits while WAS starts the first w3wp')]);
    // the first one has died
    expect(said(rush, 'Default pool', 14, 100).join('\n')).toContain('while WAS starts another w3wp');
  });

  it('tells of a crash, of what hangs, and of the overlap', () => {
    expect(said(failures, 'Default pool', 2, 500)[0]).toContain('w3wp 1 died: 1 request went down with it');
    const after = said(failures, 'Default pool', 10, 400).join('\n');
    expect(after).toContain('already takes requests while w3wp 2 finishes its own');
    expect(after).toContain('Request 4 keeps its thread');
  });

  it('says that nothing differs when nobody waits', () => {
    expect(said(rush, 'Default pool', 2, 400)).toEqual([
      expect.stringMatching(/^Nobody waits on either side\. The 4 workers .* 100, .* 1000\.$/),
    ]);
  });

  it('does not say that nobody waits where nobody can see it', () => {
    const real = TraceLog.parse(readFileSync('lessons/en/11-which-worker/real.ndjson', 'utf8'));
    expect(said(real, 'Default pool', 2, 400)).toEqual([
      expect.stringMatching(/^Whether anybody waits here cannot be seen from outside\. The 4 workers/),
    ]);
  });

  it('has the model as sentences', () => {
    const iis = modelOf(rush, 'Default pool');
    const t = (indexOf(rush).requests.list[10]?.start ?? 0) + 100;
    expect(twin(stateAt(iis, t), iis.settings)).toEqual([
      'WAS watches the pool Shop.',
      expect.stringMatching(/^4 of at most 1000 wait in the request queue of HTTP\.sys: request \d+ \/slow\?ms=1000, .*\.$/),
      expect.stringMatching(/^w3wp 1 busy, 4 of 4 threads, 3 served: request 4 \/slow\?ms=1000, .*\.$/),
      '3 answered, 0 refused with 503, 0 lost with their process.',
    ]);
  });
});
