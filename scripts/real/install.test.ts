import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withoutServices } from './install.ts';

describe.skipIf(process.platform !== 'linux')('while packages are installed (on Linux)', () => {
  let folder = '';
  let policy = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-'));
    policy = join(folder, 'policy-rc.d');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const asked = (): number | null => spawnSync(policy, ['nginx', 'start']).status;

  test('no service is started; afterwards there is nothing of it, also when it fails', () => {
    expect(withoutServices(policy, asked)).toBe(101);
    expect(existsSync(policy)).toBe(false);
    const fails = (): never => {
      throw new Error('no');
    };
    expect(() => withoutServices(policy, fails)).toThrow('no');
    expect(existsSync(policy)).toBe(false);
  });

  test('what is left of a process that was killed forbids nothing, and is cleared away', () => {
    const { pid } = spawnSync('true');
    writeFileSync(policy, `#!/bin/sh\n[ -d /proc/${pid} ] && exit 101\nexit 0\n`, { mode: 0o755 });
    expect(asked()).toBe(0);
    expect(withoutServices(policy, asked)).toBe(101);
    expect(existsSync(policy)).toBe(false);
  });

  test("somebody else's stays as it is", () => {
    writeFileSync(policy, '#!/bin/sh\nexit 7\n', { mode: 0o755 });
    expect(withoutServices(policy, asked)).toBe(7);
    expect(readFileSync(policy, 'utf8')).toBe('#!/bin/sh\nexit 7\n');
  });
});
