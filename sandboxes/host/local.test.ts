/** The conformance suite on the host that unit tests use: the real kernel, all processes in this thread. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cases, programs, type Result, resultsOf } from './conformance/suite.ts';
import { keptFaults, traceFaults } from './conformance/trace.ts';
import { createLocalSandbox } from './local.ts';

// The hosts are tested with programs of their own.
vi.mock('../programs/registry.ts', () => ({ programs: {} }));

/** A hot loop would stop this thread, and a rejection that nobody caught belongs to the test runner here. */
const NOT_HERE = new Set([
  'signals: a process with a hot loop is killed within a second',
  'processes: a promise that was rejected and left ends the process too',
]);
const here = cases.map(({ name }) => name).filter((name) => !NOT_HERE.has(name));

describe('conformance: local host', () => {
  const sandbox = createLocalSandbox({ programs });
  let results = new Map<string, Result>();
  beforeAll(async () => {
    const process = await sandbox.spawn('conformance', here);
    await process.exited;
    results = resultsOf(process.stdout(), here);
  }, 120_000);
  afterAll(() => sandbox.dispose());

  it.each(here)('%s', (name) => {
    expect(results.get(name)?.why).toBe('');
  });

  it('trace: every process that started has ended, once, and events are numbered', () => {
    expect(traceFaults(sandbox.events)).toEqual([]);
  });

  it('trace: bytes are kept as they were written', () => {
    expect(keptFaults(sandbox.events)).toEqual([]);
  });
});
