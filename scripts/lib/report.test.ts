import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playwrightTotals, readTotals, totalsLine, vitestTotals } from './report.ts';

const vitest = (over: object) => ({ numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, testResults: [], ...over });

test('a test file that cannot be loaded counts as a failure', () => {
  const report = vitest({ testResults: [{ status: 'failed', assertionResults: [] }] });
  expect(vitestTotals(report)).toEqual({ passed: 5, failed: 1, skipped: 1 });
});

test('a flaky browser test and an error outside tests count as failures', () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 };
  expect(playwrightTotals({ stats, errors: ['no web server'] })).toEqual({ passed: 3, failed: 3, skipped: 2 });
});

test('a tool that fails without a failed test is still a failure, and so is a missing report', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'report-')), 'report.json');
  expect(readTotals(path, true, vitestTotals).failed).toBe(1);
  writeFileSync(path, JSON.stringify(vitest({})));
  expect(readTotals(path, true, vitestTotals)).toEqual({ passed: 5, failed: 0, skipped: 1 });
  expect(readTotals(path, false, vitestTotals).failed).toBe(1);
});

test('the last line names skipped tests only when there are some', () => {
  expect(totalsLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(totalsLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});
