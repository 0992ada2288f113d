import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TraceLog } from '../../src/trace/log.ts';
import { at } from './paths.ts';
import { readScenario, scenarioInputs } from './scenario.ts';

describe.each(readdirSync(at('lessons/en')))('recording of %s', (lesson) => {
  const folder = at('lessons/en', lesson);
  const log = (): TraceLog => TraceLog.parse(readFileSync(`${folder}/recording.ndjson`, 'utf8'));

  test('is made from the files as they are now (npm run record)', () => {
    expect(log().header?.inputs).toBe(scenarioInputs(folder));
  });

  test('holds an answer or a failure for every request of the scenario', () => {
    const sent = readScenario(folder).reduce((sum, step) => sum + ('send' in step ? step.count : 0), 0);
    const types = log().events.map(({ type }) => type);
    expect(types.filter((type) => type === 'client.request')).toHaveLength(sent);
    expect(types.filter((type) => type === 'client.response' || type === 'client.failed')).toHaveLength(sent);
  });
});
