import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { has } from '../../../src/workspace/zip/testing.ts';

const BOOT = join(import.meta.dirname, 'boot.sh');

const whyNot = has('shellcheck') ? '' : ' (skipped: shellcheck is not installed)';
test.skipIf(whyNot !== '')(`shellcheck finds nothing in boot.sh${whyNot}`, () => {
  const { stdout, status } = spawnSync('shellcheck', [BOOT], { encoding: 'utf8' });
  expect([stdout, status]).toEqual(['', 0]);
});

test.skipIf(!has('bash'))('run by hand, it does nothing (with bash)', () => {
  const { status, stdout, stderr } = spawnSync('bash', [BOOT, '/nowhere', '-mknod'], { encoding: 'utf8' });
  expect([status, stdout + stderr]).toEqual([2, '']);
});
