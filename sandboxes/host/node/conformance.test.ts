/** The conformance suite on the Node host: every process a real one of the operating system. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildForNode } from '../../../scripts/build-conformance.ts';
import { cases, programs, type Result, resultsOf } from '../conformance/suite.ts';
import { keptFaults, traceFaults } from '../conformance/trace.ts';
import type { TraceEvent } from '../events.ts';
import { MemoryTree } from '../memory-tree.ts';
import { eventsOf } from '../trace-lines.ts';
import { Machine } from './machine.ts';

describe('conformance: Node host', () => {
  let machine: Machine;
  let results = new Map<string, Result>();
  const events: TraceEvent[] = [];

  beforeAll(async () => {
    machine = await Machine.open({
      tree: new MemoryTree(),
      programs: new Set(Object.keys(programs)),
      processFile: await buildForNode(),
      onTrace: (lines) => void events.push(...eventsOf(lines)),
    });
    let output = '';
    const decoder = new TextDecoder();
    await new Promise<void>((resolve) => {
      const write = (data: Uint8Array): void => {
        output += decoder.decode(data, { stream: true });
      };
      machine.kernel.spawnOutside({ program: 'conformance', cwd: '/', write, exited: () => resolve() });
    });
    results = resultsOf(output);
  }, 240_000);
  afterAll(() => machine?.close());

  it.each(cases.map(({ name }) => name))('%s', (name) => {
    expect(results.get(name)?.why).toBe('');
  });

  it('trace: every process that started has ended, once, and events are numbered', () => {
    expect(traceFaults(events)).toEqual([]);
  });

  it('trace: bytes are kept as they were written', () => {
    expect(keptFaults(events)).toEqual([]);
  });
});
