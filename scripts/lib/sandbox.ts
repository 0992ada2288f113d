/** A sandbox on the Node host for scripts: the server's files, processes, requests through the browser program. */
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Signal } from '../../sandboxes/host/host.ts';
import { Machine } from '../../sandboxes/host/node/machine.ts';
import { layServer } from '../../sandboxes/host/server-tree.ts';
import { MemoryTree, ROOT } from '../../sandboxes/host/tree.ts';
import { BrowserClient } from '../../sandboxes/programs/browser/client.ts';
import type { HttpAnswer } from '../../sandboxes/programs/browser/messages.ts';
import { at, cache, filesBelow } from './paths.ts';

/** Those that scripts need: the registry itself is readable only as a bundle (it imports Python text). */
const PROGRAMS: ReadonlySet<string> = new Set(['browser', 'curl', 'nginx', 'uwsgi']);

export interface ScriptSandbox {
  readonly events: TraceEvent[];
  spawn(program: string, args: readonly string[]): number;
  /** What the process has printed so far, errors too. */
  output(pid: number): string;
  /** The text of a file in the sandbox, empty when there is none. */
  file(path: string): string;
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

/** Opens a sandbox with sandboxes/server, the folders `overlays` and `files` laid over it. */
export async function openSandbox(overlays: readonly string[] = [], files: Readonly<Record<string, string>> = {}): Promise<ScriptSandbox> {
  const tree = new MemoryTree();
  layServer(tree, { ...Object.fromEntries([at('sandboxes/server'), ...overlays].flatMap(filesOf)), ...files });
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
  const outputs = new Map<number, () => string>();
  const decoder = new TextDecoder();
  const browser = machine.kernel.spawnOutside({
    program: 'browser',
    write: (data, stream) => {
      if (stream === 1) client.read(decoder.decode(data, { stream: true }));
    },
    exited: () => client.end(new Error('the browser program has ended')),
  });
  const client = new BrowserClient((text) => void browser.input.write(new TextEncoder().encode(text)));
  return {
    events,
    spawn(program, args) {
      let text = '';
      const parts = new TextDecoder();
      const write = (data: Uint8Array): void => {
        text += parts.decode(data, { stream: true });
      };
      const { pid } = machine.kernel.spawnOutside({ program, args, write, exited: () => {} });
      outputs.set(pid, () => text);
      return pid;
    },
    output: (pid) => outputs.get(pid)?.() ?? '',
    file(path) {
      try {
        return decoder.decode(tree.read(path, ROOT));
      } catch {
        return '';
      }
    },
    kill: (pid, signal) => machine.kernel.kill(pid, signal, null),
    request: (url) => client.send({ method: 'GET', url }),
    until: (done, ms) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(check);
          reject(
            new Error(
              `not reached in ${ms} ms; last events: ${events
                .slice(-5)
                .map((event) => JSON.stringify(event))
                .join(' ')}`,
            ),
          );
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
