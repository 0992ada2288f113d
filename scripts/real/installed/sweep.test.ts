import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweep } from './sweep.ts';

test.skipIf(process.platform !== 'linux')('empty leftovers of those who are no more go, and nothing else (on Linux)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
  const gone = spawnSync('true').pid;
  try {
    for (const path of [`machine-${gone}-a/system.slice/init.scope`, `machine-${gone}-b`, `machine-${process.pid}-c`, 'machine-d', 'other'])
      mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, `machine-${gone}-b/file`), '');
    sweep([folder]);
    expect(readdirSync(folder).sort()).toEqual([`machine-${gone}-b`, `machine-${process.pid}-c`, 'machine-d', 'other'].sort());
  } finally {
    rmSync(folder, { recursive: true });
  }
});
