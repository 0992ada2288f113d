import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { THREADS_LESSON, threadsInputs } from './threads-inputs.ts';

test('the recording of real threads is made from the app as it is now (scripts/record-threads.ts)', () => {
  expect(JSON.parse(readFileSync(join(THREADS_LESSON, 'threads.json'), 'utf8')).inputs).toBe(threadsInputs());
});
