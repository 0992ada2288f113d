/** What the Node host promises beyond the suite: nothing outlives the kernel, and strangers are not heard. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildForNode } from '../../../scripts/build-conformance.ts';
import { programs } from '../conformance/suite.ts';
import type { Exit } from '../host.ts';
import { MemoryTree } from '../memory-tree.ts';
import { encode } from './codec.ts';
import { Machine } from './machine.ts';

let processFile = '';
beforeAll(async () => {
  processFile = await buildForNode();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const url = (file: string): string => JSON.stringify(`file://${join(import.meta.dirname, file)}`);

describe('Node host', () => {
  it.skipIf(process.platform !== 'linux')('a hot loop does not outlive a kernel that was killed', async () => {
    const script = `
      import { Machine } from ${url('machine.ts')};
      import { MemoryTree } from ${url('../memory-tree.ts')};
      const machine = await Machine.open({ tree: new MemoryTree(), programs: new Set(['spin']), processFile: ${JSON.stringify(processFile)} });
      machine.kernel.spawnOutside({ program: 'spin', cwd: '/', write: () => {}, exited: () => {} });
    `;
    const kernel = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], { stdio: 'ignore' });
    onTestFinished(() => void kernel.kill('SIGKILL'));
    await pause(3000);
    const task = `/proc/${kernel.pid}/task/${kernel.pid}/children`;
    const children = readFileSync(task, 'utf8').split(' ').filter(Boolean);
    expect(children.length).toBe(2);
    kernel.kill('SIGKILL');
    for (let n = 0; n < 60 && children.some((id) => existsSync(`/proc/${id}`)); n++) await pause(50);
    expect(readdirSync('/proc').filter((id) => children.includes(id))).toEqual([]);
  });

  it('a stranger on the loopback interface is not heard', async () => {
    const machine = await Machine.open({ tree: new MemoryTree(), programs: new Set(Object.keys(programs)), processFile });
    onTestFinished(() => machine.close());
    const ended = Promise.withResolvers<Exit>();
    const { pid } = machine.kernel.spawnOutside({ program: 'sleeper', cwd: '/', write: () => {}, exited: ended.resolve });
    const answer = await new Promise<string>((resolve) => {
      const stranger = connect(machine.port, '127.0.0.1', () => {
        stranger.write(encode({ token: 'guess', port: 1 }));
        stranger.write(encode([{ op: 'exit', code: 0, held: [], byes: [] }]));
      });
      let heard = '';
      stranger.on('data', (data) => {
        heard += data;
      });
      stranger.on('error', () => {});
      stranger.on('close', () => resolve(`closed, heard ${JSON.stringify(heard)}`));
    });
    expect(answer).toBe('closed, heard ""');
    expect(machine.kernel.list().map((info) => info.pid)).toEqual([pid]);
    machine.kernel.kill(pid, 'SIGTERM', null);
    expect(await ended.promise).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('a process whose module breaks at its start has exited with an error', async () => {
    const broken = join(mkdtempSync(join(tmpdir(), 'broken-')), 'module.mjs');
    writeFileSync(broken, 'process.exit(7);');
    onTestFinished(() => rmSync(dirname(broken), { recursive: true }));
    const machine = await Machine.open({ tree: new MemoryTree(), programs: new Set(['sleeper']), processFile: broken });
    onTestFinished(() => machine.close());
    const ended = Promise.withResolvers<Exit>();
    machine.kernel.spawnOutside({ program: 'sleeper', cwd: '/', write: () => {}, exited: ended.resolve });
    expect(await ended.promise).toEqual({ code: 7, signal: null });
  });
});
