/**
 * The engine inside a WebContainer: `node main.mjs SERVER SPOOL`. The kernel is in this process, every process of the sandbox
 * in one of its own, as on the command line. SERVER is the folder that is the sandbox's `/`: the container's own shell sees and
 * edits the same files. Commands come in by standard input, answers and news go out by standard output (see lines.ts).
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { programs } from '../../programs/registry.ts';
import { EngineControl, PageOutbox } from '../engine.ts';
import { DiskTree } from '../node/disk-tree.ts';
import { Machine } from '../node/machine.ts';
import { publishPort } from '../node/publisher.ts';
import { layServer } from '../server-tree.ts';
import { asNoise, type ContainerCall, type ContainerCalls, type FromContainer, framed, fromAscii } from './lines.ts';

const [server = '', spool = ''] = process.argv.slice(2);
const page = new PageOutbox<FromContainer>({
  // Each frame by itself: a terminal may put an echo between two pieces of what is longer.
  post: (messages) => {
    for (const frame of messages.flatMap(framed)) process.stdout.write(frame);
  },
});
// Without an echo there is less to read past; where this cannot be switched off it does no harm.
if (process.stdin.isTTY) process.stdin.setRawMode(true);

const names = new Set(Object.keys(programs));
const machine = await Machine.open({
  tree: new DiskTree(server),
  programs: names,
  processFile: join(import.meta.dirname, 'process.mjs'),
  onTrace: (lines) => page.emit(lines),
  onNoise: (bytes) => process.stderr.write(asNoise(bytes)),
  // The container ends as a whole.
  reaper: false,
});
layServer(machine.kernel.tree, {});
const control = new EngineControl(machine.kernel, (notice) => page.notify(notice));

async function answer(call: ContainerCall): Promise<void> {
  try {
    page.push({ op: 'reply', id: call.id, value: await perform(call) });
  } catch (error) {
    page.push({ op: 'error', id: call.id, message: error instanceof Error ? error.message : String(error) });
  }
}

async function perform(call: ContainerCall): Promise<ContainerCalls[ContainerCall['name']][1]> {
  if (call.name !== 'publish') return control.do(call);
  return publishPort(machine.kernel, names, ...call.args);
}

async function hear(line: string): Promise<void> {
  const file = line.startsWith('@') ? join(spool, line.slice(1)) : null;
  const text = file === null ? line : await readFile(file, 'latin1');
  const calls = fromAscii(text) as ContainerCall[];
  page.push({ op: 'heard' });
  for (const call of calls) void answer(call);
  if (file !== null) await rm(file);
}

createInterface({ input: process.stdin, terminal: false })
  .on('line', (line) => {
    if (line.trim() === '') return;
    hear(line.trim()).catch((error: Error) => page.push({ op: 'fault', message: `A command did not arrive whole: ${error.message}` }));
  })
  .on('close', () => {
    machine.close();
    process.exit(0);
  });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    machine.close();
    process.exit(0);
  });
}
page.push({ op: 'ready' });
