/** Carries out what was read: lists, pipelines, loops and single commands. */
import type { Child } from '../../host/host.ts';
import { BUILTINS, REPORTS } from './builtins.ts';
import { pump } from './children.ts';
import { expand, expandWhole } from './expand.ts';
import { fork, type Launch, launch } from './launch.ts';
import { parse } from './parse.ts';
import type { Shell } from './shell.ts';
import { Captured, feed, redirected, type Streams } from './streams.ts';
import type { Choice, Command, Each, Group, Item, List, Loop, Pipeline, Simple } from './tree.ts';

/** Carries out commands in their order; the shell's `code` is that of the last. */
export async function run(shell: Shell, list: List): Promise<void> {
  for (const item of list) {
    if (shell.leaves) return;
    shell.at = item.line;
    if (item.background) await shell.guarded(() => background(shell, item));
    else await steps(shell, item);
  }
}

async function steps(shell: Shell, { steps }: Item): Promise<void> {
  for (const [i, { pipeline: one, when }] of steps.entries()) {
    if (shell.leaves) return;
    if ((when === 'success' && shell.code !== 0) || (when === 'failure' && shell.code === 0)) continue;
    // what is asked for its exit code may fail, also under `set -e`
    const asked = one.negated || i < steps.length - 1;
    const work = (): Promise<void> => shell.guarded(() => pipeline(shell, one));
    await (asked ? shell.asking(work) : work());
    if (one.negated) shell.code = shell.code === 0 ? 1 : 0;
    if (!asked) shell.mayFail();
  }
}

/** A single program is started and left alone; anything longer gets a shell of its own, as in every shell. */
async function background(shell: Shell, item: Item): Promise<void> {
  const [first] = item.steps;
  const [command] = first?.pipeline.commands ?? [];
  const single = item.steps.length === 1 && first?.pipeline.commands.length === 1 && !first.pipeline.negated;
  let child: Child;
  if (single && command?.kind === 'simple') child = await stage(shell, command, shell.streams, 'null');
  else child = await fork(shell, item.text, [{ ...item, background: false }], { streams: shell.streams, stdin: 'null' });
  const { id } = shell.jobs.add([child], item.text);
  shell.variables.set('!', String(child.pid));
  shell.code = 0;
  if (shell.interactive) await shell.host.print(`[${id}] ${child.pid}\n`);
}

async function pipeline(shell: Shell, { commands }: Pipeline): Promise<void> {
  const [only] = commands;
  if (only && commands.length === 1) {
    await command(shell, only);
    return;
  }
  const children: Child[] = [];
  const pumps: Promise<void>[] = [];
  let before: Child | null = null;
  try {
    for (const [i, one] of commands.entries()) {
      const streams: Streams = i === commands.length - 1 ? shell.streams : { ...shell.streams, out: 'pipe' };
      const child: Child = await stage(shell, one, streams, before ? 'pipe' : undefined);
      children.push(child);
      if (before) pumps.push(pump(before, one.redirects.some(({ from }) => from === 0) ? null : child, shell.host));
      before = child;
    }
  } catch (error) {
    for (const child of children) await shell.host.kill(child.pid, 'SIGTERM').catch(() => undefined);
    throw error;
  }
  const text = commands.map((one) => one.text).join(' | ');
  shell.code = await shell.attend(children, text, Promise.all(pumps));
}

/** One command of a pipeline, or one that runs beside the shell: always a process of its own. */
async function stage(shell: Shell, command: Command, outer: Streams, stdin: Launch['stdin']): Promise<Child> {
  if (command.kind !== 'simple') {
    const streams = await redirected(outer, command.redirects, shell.host, shell);
    return fork(shell, command.text, alone({ ...command, redirects: [] }, shell.at), { streams, stdin });
  }
  const { words, env } = await filledIn(shell, command);
  const streams = await redirected(outer, command.redirects, shell.host, shell);
  const [name, ...args] = words;
  if (name !== undefined && !Object.hasOwn(BUILTINS, name)) return launch(shell, name, args, { streams, stdin, env });
  if (name !== undefined && REPORTS.has(name)) {
    const report = await shell.printedBy(() => builtin(shell, name, args));
    const child = await launch(shell, 'cat', [], { streams, stdin: 'pipe' });
    void feed(child, report);
    return child;
  }
  const text = words.map(quote).join(' ') || ':';
  return fork(shell, text, parse(text), { streams, stdin });
}

const alone = (command: Command, line: number): List => [
  { steps: [{ pipeline: { negated: false, commands: [command] }, when: 'always' }], background: false, text: command.text, line },
];

async function command(shell: Shell, one: Command): Promise<void> {
  if (one.kind === 'simple') {
    await simple(shell, one);
    return;
  }
  const streams = await redirected(shell.streams, one.redirects, shell.host, shell);
  await shell.within(streams, async () => {
    if (one.kind === 'if') await choice(shell, one);
    else if (one.kind === 'for') await each(shell, one);
    else if (one.kind === 'group') await group(shell, one);
    else await loop(shell, one);
  });
}

async function choice(shell: Shell, { branches, otherwise }: Choice): Promise<void> {
  for (const { condition, body } of branches) {
    await shell.asking(() => run(shell, condition));
    if (shell.leaves) return;
    if (shell.code === 0) return run(shell, body);
  }
  shell.code = 0;
  if (otherwise) await run(shell, otherwise);
}

async function loop(shell: Shell, { kind, condition, body }: Loop): Promise<void> {
  let code = 0;
  for (;;) {
    await shell.breathe();
    await shell.asking(() => run(shell, condition));
    if (shell.leaves || (shell.code === 0) !== (kind === 'while')) break;
    await run(shell, body);
    ({ code } = shell);
    if (!shell.goesOn()) break;
  }
  if (!shell.leaves) shell.code = code;
}

async function each(shell: Shell, { name, words, body }: Each): Promise<void> {
  const values = words === null ? shell.arguments : await expand(words, shell);
  shell.code = 0;
  for (const value of values) {
    await shell.breathe();
    shell.set(name, value);
    await run(shell, body);
    if (!shell.goesOn()) break;
  }
}

const group = (shell: Shell, { apart, body }: Group): Promise<void> => (apart ? shell.apart(() => run(shell, body)) : run(shell, body));

/** Words and assignments of a command with everything filled in. `set -x` prints them. */
async function filledIn(shell: Shell, { words: typed, assignments }: Simple): Promise<{ words: string[]; env: Record<string, string> }> {
  // without a command the code is that of the last $( )
  shell.substituted = 0;
  const words = await expand(typed, shell);
  const env: Record<string, string> = {};
  for (const { name, value } of assignments) {
    env[name] = await expandWhole(value, shell);
    // without a command they stay, and the next one may use them
    if (words.length === 0) shell.set(name, env[name]);
  }
  if (shell.options.has('x')) {
    const shown = [...Object.entries(env).map(([name, value]) => `${name}=${shownWord(value)}`), ...words.map(shownWord)];
    await shell.printError(`+ ${shown.join(' ')}\n`);
  }
  return { words, env };
}

async function simple(shell: Shell, typed: Simple): Promise<void> {
  const { words, env } = await filledIn(shell, typed);
  const streams = await redirected(shell.streams, typed.redirects, shell.host, shell);
  const [name, ...args] = words;
  if (name === undefined) shell.code = shell.substituted;
  else if (Object.hasOwn(BUILTINS, name)) {
    const kept = Object.keys(env).map((key) => [key, shell.value(key)] as const);
    for (const [key, value] of Object.entries(env)) shell.set(key, value);
    await shell.within(streams, () => builtin(shell, name, args));
    for (const [key, value] of kept) {
      if (value === null) shell.variables.delete(key);
      else shell.set(key, value);
    }
  } else {
    const child = await launch(shell, name, args, { streams, env });
    shell.code = await shell.attend([child], typed.text);
    if (streams.out instanceof Captured) await Promise.all(streams.out.reading);
  }
}

async function builtin(shell: Shell, name: string, args: readonly string[]): Promise<void> {
  shell.code = (await BUILTINS[name]?.(shell, args)) ?? 0;
  shell.foreground.forgetStop();
}

export const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
const shownWord = (word: string): string => (/^[\w%+,./:=@-]+$/.test(word) ? word : quote(word));
