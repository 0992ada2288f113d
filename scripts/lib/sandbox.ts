/** A sandbox on the Node host for scripts: the server's files, processes, requests through the browser program. */
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Signal } from '../../sandboxes/host/host.ts';
import { Machine } from '../../sandboxes/host/node/machine.ts';
import { layServer } from '../../sandboxes/host/server-tree.ts';
import { MemoryTree } from '../../sandboxes/host/tree.ts';
import type { HttpAnswer } from '../../sandboxes/programs/browser/messages.ts';
import { at, cache, filesBelow } from './paths.ts';

/** Those that scripts need: the registry itself is readable only as a bundle (it imports Python text). */
const PROGRAMS: ReadonlySet<string> = new Set(['browser', 'curl', 'nginx', 'uwsgi']);

export interface ScriptSandbox {
  readonly events: TraceEvent[];
  spawn(program: string, args: readonly string[]): number;
  kill(pid: number, signal: Signal): void;
  request(url: string): Promise<HttpAnswer>;
  /** Waits until the events so far satisfy `done`. Errors: not in `ms` milliseconds. */
  until(done: (events: readonly TraceEvent[]) => boolean, ms: number): Promise<void>;
  close(): void;
}

/** The files of a folder by their path in the sandbox; `.gitkeep` stands for an empty directory. */
function filesOf(folder: string): [string, Uint8Array][] {
  return filesBelow(folder).map((file) => {
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    return [path.replace(/\.gitkeep$/, ''), readFileSync(file)];
  });
}

/** Opens a sandbox with sandboxes/server and `overlays` laid over it. */
export async function openSandbox(overlays: readonly string[] = []): Promise<ScriptSandbox> {
  const tree = new MemoryTree();
  layServer(tree, Object.fromEntries([at('sandboxes/server'), ...overlays].flatMap(filesOf)));
  const events: TraceEvent[] = [];
  const watchers = new Set<() => void>();
  const machine = await Machine.open({
    tree,
    programs: PROGRAMS,
    processFile: join(cache, 'engine/node/process.mjs'),
    onEvents: (batch) => {
      events.push(...batch);
      for (const watch of watchers) watch();
    },
  });
  const waiting = new Map<number, (answer: HttpAnswer) => void>();
  let rest = '';
  const spawn = (program: string, args: readonly string[], write: (text: string) => void = () => {}): ReturnType<Machine['kernel']['spawnOutside']> => {
    const decoder = new TextDecoder();
    return machine.kernel.spawnOutside({ program, args, write: (data) => write(decoder.decode(data, { stream: true })), exited: () => {} });
  };
  const browser = spawn('browser', [], (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const answer = JSON.parse(line) as HttpAnswer;
      waiting.get(answer.id)?.(answer);
    }
  });
  let next = 1;
  return {
    events,
    spawn: (program, args) => spawn(program, args).pid,
    kill: (pid, signal) => machine.kernel.kill(pid, signal, null),
    request: (url) => {
      const id = next++;
      const answered = new Promise<HttpAnswer>((resolve) => waiting.set(id, resolve));
      void browser.input.write(new TextEncoder().encode(`${JSON.stringify({ id, method: 'GET', url })}\n`));
      return answered;
    },
    until: (done, ms) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(check);
          reject(new Error(`not reached in ${ms} ms; last events: ${events.slice(-5).map((event) => JSON.stringify(event)).join(' ')}`));
        }, ms);
        const check = (): void => {
          if (!done(events)) return;
          clearTimeout(timer);
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      }),
    close: () => machine.close(),
  };
}
