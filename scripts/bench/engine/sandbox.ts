/** One sandbox of the benchmark, in a browser's tab or on the Node host, and what the benchmark does with it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import type { TraceEvent } from '../../../sandboxes/host/events.ts';
import { MemoryTree } from '../../../sandboxes/host/memory-tree.ts';
import { Machine } from '../../../sandboxes/host/node/machine.ts';
import { publishPort } from '../../../sandboxes/host/node/publisher.ts';
import { layServer } from '../../../sandboxes/host/server-tree.ts';
import { eventsOf } from '../../../sandboxes/host/trace-lines.ts';
import type { Files } from '../../../src/runtime/runtime.ts';
import { bundle } from '../../engine/bundle.ts';
import { cache } from '../../lib/paths.ts';
import { serverFiles, UWSGI_INI } from './files.ts';
import type {} from './page.ts';

const START_WITHIN_MS = 60_000;

export interface BenchSandbox {
  spawn(program: string, args: string[]): Promise<void>;
  /** What the program prints, when it has ended. */
  run(program: string, args: string[]): Promise<string>;
  /** Waits for `count` events of a type. */
  until(type: TraceEvent['type'], count: number): Promise<TraceEvent[]>;
  events(): Promise<readonly TraceEvent[]>;
  keepTrace(wanted: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Starts nginx and uwsgi as a lesson does, and waits until every worker is ready. */
export async function startServers(sandbox: BenchSandbox, workers = 4): Promise<void> {
  await sandbox.spawn('uwsgi', ['--ini', UWSGI_INI]);
  await sandbox.until('socket.listen', 1);
  await sandbox.spawn('nginx', ['-g', 'daemon off;']);
  await sandbox.until('socket.listen', 2);
  await sandbox.until('uwsgi.ready', workers);
}

async function bundled(entry: string, format: 'es' | 'iife', platform: 'browser' | 'node'): Promise<string> {
  const code = await bundle(`scripts/bench/engine/${entry}.ts`, { format, platform });
  if (code === null) throw new Error(`scripts/bench/engine/${entry}.ts is missing`);
  return code;
}

/** Opens tabs of the served site that hold nothing but an engine, with the benchmark's programs in its bundle. */
export class Tabs {
  #browser: Browser;
  #site: string;
  #page: string;
  #process: string;

  private constructor(browser: Browser, site: string, page: string, process: string) {
    this.#browser = browser;
    this.#site = site;
    this.#page = page;
    this.#process = process;
  }

  static async of(browser: Browser, site: string): Promise<Tabs> {
    return new Tabs(browser, site, await bundled('page', 'iife', 'browser'), await bundled('worker-process', 'es', 'browser'));
  }

  /** A fresh visitor's context. */
  async visitor(): Promise<BrowserContext> {
    const context = await this.#browser.newContext();
    await context.route('**/bench-page', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title><script src="bench-page.js"></script>' }),
    );
    await context.route('**/bench-page.js', (route) => route.fulfill({ contentType: 'text/javascript', body: this.#page }));
    // Python's processes are the product's own
    await context.route(/\/engine\/(kernel|plain-process)\.\w+\.js$/, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: this.#process }),
    );
    return context;
  }

  /** With the product's server and so many workers, or with the given files. */
  async open(context: BrowserContext, content: number | Files = 4): Promise<TabSandbox> {
    const page = await context.newPage();
    await page.goto(`${this.#site}/bench-page`);
    const files = typeof content === 'number' ? serverFiles(content) : content;
    await page.evaluate((given) => bench.open(given), files);
    return new TabSandbox(page);
  }
}

export class TabSandbox implements BenchSandbox {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  spawn(program: string, args: string[]): Promise<void> {
    return this.page.evaluate(([name, list]) => bench.spawn(name, list), [program, args] as const);
  }

  run(program: string, args: string[]): Promise<string> {
    return this.page.evaluate(([name, list]) => bench.run(name, list), [program, args] as const);
  }

  until(type: TraceEvent['type'], count: number): Promise<TraceEvent[]> {
    return this.page.evaluate(([name, n, ms]) => bench.until(name, n, ms), [type, count, START_WITHIN_MS] as const);
  }

  events(): Promise<readonly TraceEvent[]> {
    return this.page.evaluate(() => bench.events());
  }

  async keepTrace(wanted: boolean): Promise<void> {
    await this.page.evaluate((keep) => bench.keepTrace(keep), wanted);
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

export interface NodeSandbox extends BenchSandbox {
  /** Opens a port of the machine for one of the sandbox. */
  publish(port: number, sandboxPort: number): Promise<void>;
}

/** The same programs in processes of the operating system. */
export async function openNodeSandbox(files: Files = serverFiles()): Promise<NodeSandbox> {
  // Beside the product's: it finds Python's files there.
  const processFile = join(cache, 'engine/node/bench-process.mjs');
  writeFileSync(processFile, await bundled('node-process', 'es', 'node'));
  const tree = new MemoryTree();
  layServer(tree, files);
  const programs = new Set(['echo', 'kill', 'load', 'nginx', 'numbers', 'uwsgi']);
  const events: TraceEvent[] = [];
  let keep = true;
  const machine = await Machine.open({
    tree,
    programs,
    processFile,
    onTrace: (lines) => {
      if (keep) events.push(...eventsOf(lines));
    },
  });
  const spawn = (program: string, args: string[], write: (text: string) => void): Promise<number | null> =>
    new Promise((resolve) => {
      machine.kernel.spawnOutside({
        program,
        args,
        write: (data) => write(new TextDecoder().decode(data)),
        exited: ({ code }) => resolve(code),
      });
    });
  return {
    spawn: async (program, args) => void spawn(program, args, () => {}),
    async run(program, args) {
      let output = '';
      const code = await spawn(program, args, (text) => {
        output += text;
      });
      if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}`);
      return output;
    },
    async until(type, count) {
      for (const end = Date.now() + START_WITHIN_MS; ; ) {
        const found = events.filter((event) => event.type === type);
        if (found.length >= count) return found;
        if (Date.now() > end) throw new Error(`${found.length} of ${count} ${type}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    events: () => Promise.resolve(events),
    keepTrace: async (wanted) => {
      keep = wanted;
    },
    publish: async (port, sandboxPort) => void (await publishPort(machine.kernel, programs, port, sandboxPort)),
    close: async () => machine.close(),
  };
}
