import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';

const WARDEN = pathToFileURL(join(import.meta.dirname, 'warden.ts')).href;

/** Starts a process of a group of its own, with a child in it, under a warden; prints its number, and is stuck. */
const SCRIPT = `
import { spawn } from 'node:child_process';
import { Warden } from '${WARDEN}';
const warden = new Warden(process.argv[1]);
const child = spawn('sh', ['-c', 'sleep 60 & sleep 60'], { detached: true, stdio: 'ignore' });
warden.watch([child.pid]);
console.log(child.pid);
setInterval(() => {}, 1000);
`;

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test.skipIf(process.platform !== 'linux')('who is killed leaves no servers and no folder behind (on Linux)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warden-'));
  writeFileSync(join(folder, 'a'), '');
  const owner = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', SCRIPT, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let group = 0;
  try {
    group = Number(await new Promise((resolve) => owner.stdout.once('data', (data: Buffer) => resolve(data.toString()))));
    expect([lives(-group), existsSync(folder)]).toEqual([true, true]);
    owner.kill('SIGKILL');
    await vi.waitFor(() => expect([lives(-group), existsSync(folder)]).toEqual([false, false]), 5000);
  } finally {
    owner.kill('SIGKILL');
    if (group > 0 && lives(-group)) process.kill(-group, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
