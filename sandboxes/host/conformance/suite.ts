/**
 * The conformance suite: the same cases on every host, each as a program in a process of its own. The program
 * `conformance` runs them one after the other and prints one JSON line for each: that is all a host's test has to read.
 */
import type { Host, Program } from '../host.ts';
import { type Case, type Group, within } from './case.ts';
import { files } from './files.ts';
import { links } from './links.ts';
import { listeners } from './listeners.ts';
import { processes, signals } from './processes.ts';
import { stdio, time } from './stdio.ts';
import { stopping } from './stopping.ts';
import { streams } from './streams.ts';
import { tcp, unix } from './tcp.ts';

const GROUPS: readonly Group[] = [files, links, tcp, unix, streams, listeners, processes, signals, stopping, stdio, time];
const CASE_MS = 15_000;

export const cases: readonly Case[] = GROUPS.flatMap((group) => group.cases);

export interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  /** Why it failed; empty when it did not. */
  readonly why: string;
}

/** Runs the case named by its argument. */
const runCase: Program = async (host) => {
  const found = cases.find(({ name }) => name === host.args[0]);
  if (found === undefined) throw new Error(`no case ${host.args[0]}`);
  try {
    await found.run(host);
    return 0;
  } catch (error) {
    await host.printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  }
};

/** `conformance` runs all cases, `conformance NAME…` those. */
const conformance: Program = async (host) => {
  await prepare(host);
  const wanted = cases.filter(({ name }) => host.args.length === 0 || host.args.includes(name));
  for (const [number, { name }] of wanted.entries()) {
    const cwd = `/tmp/case-${number}`;
    await host.fs.makeDirectory(cwd);
    const errors = `/tmp/errors-${number}`;
    const before = host.now();
    const child = await host.spawn('case', [name], { cwd, stdout: 'null', stderr: { file: errors, append: false } });
    const exit = await within(host, CASE_MS, child.exited);
    const ms = Math.round(host.now() - before);
    await endAllBut(host);
    const why =
      exit === 'late' ? `no end after ${CASE_MS} ms` : exit.code === 0 ? '' : (await host.fs.readText(errors)) || JSON.stringify(exit);
    await host.print(`${JSON.stringify({ name, ok: exit !== 'late' && exit.code === 0, ms, why } satisfies Result)}\n`);
  }
  return 0;
};

async function prepare(host: Host): Promise<void> {
  await host.fs.makeDirectory('/tmp', { parents: true });
  await host.fs.makeDirectory('/etc', { parents: true });
  await host.fs.write('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n');
  await host.fs.write('/etc/group', 'root:x:0:\nwww-data:x:33:\n');
}

/** What a case left running must not disturb the next. */
async function endAllBut(host: Host): Promise<void> {
  for (const { pid } of await host.processes()) if (pid !== host.pid) await host.kill(pid, 'SIGKILL').catch(() => {});
}

export const programs: Readonly<Record<string, Program>> = Object.assign(
  { conformance, case: runCase },
  ...GROUPS.map((group) => group.programs),
);

/** The printed lines back as results; what is not there counts as failed. */
export function resultsOf(output: string, names: readonly string[] = cases.map(({ name }) => name)): Map<string, Result> {
  const results = new Map<string, Result>(names.map((name) => [name, { name, ok: false, ms: 0, why: 'it was not run' }]));
  for (const line of output.split('\n')) {
    if (line === '') continue;
    const result = JSON.parse(line) as Result;
    results.set(result.name, result);
  }
  return results;
}
