/** One suite for the page's contract: every back end has to pass it, under Vitest or, in a browser, under Playwright. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Files, Proc, Runtime } from './runtime.ts';

/** Everything a process prints until it ends, each stream by itself, and its end. */
export async function outcome(process: Proc): Promise<{ stdout: string; stderr: string; code: number | null; signal: string | null }> {
  const said = { stdout: '', stderr: '' };
  process.onOutput((text, stream) => {
    said[stream] += text;
  });
  const exit = await process.exited;
  return { ...said, ...exit };
}

/** The events of a runtime from now on, and a way to wait for one of them. */
export function watched(runtime: Runtime): { events: TraceEvent[]; until(done: (event: TraceEvent) => boolean): Promise<void> } {
  const events: TraceEvent[] = [];
  const waiting = new Set<() => void>();
  runtime.on('trace', (batch) => {
    events.push(...batch);
    for (const look of waiting) look();
  });
  const until = (done: (event: TraceEvent) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!events.some(done)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { events, until };
}

const decoder = new TextDecoder();
/** Every byte there is, and characters of one to four bytes, so many that they are cut wherever something is cut. */
const ALL_BYTES = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);
const WORDS = 'Grüße, 世界 🚀 ok\n'.repeat(9_000);

const SITE: Files = {
  '/etc/nginx/nginx.conf': 'events {}\nhttp { server { listen 80; location / { root /srv/www; } } }\n',
  '/srv/www/index.html': '<p>héllo</p>',
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/sh\n',
  '/etc/group': 'root:x:0:\nwww-data:x:33:\n',
  '/var/log/nginx/': '',
  '/tmp/words': WORDS,
};

interface Matchers<R> {
  toBe(expected: unknown): R;
  toEqual(expected: unknown): R;
  toMatchObject(expected: object): R;
  toContain(expected: string): R;
  toThrow(message?: string): R;
}

/** What of its test runner the suite uses. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => void;
  readonly test: (name: string, body: () => Promise<void>) => void;
  readonly beforeAll: (body: () => Promise<void>) => void;
  readonly afterAll: (body: () => void) => void;
  readonly expect: {
    (actual: unknown): Matchers<void> & { readonly rejects: Matchers<Promise<void>> };
    arrayContaining(items: unknown[]): unknown;
  };
}

/** `open` starts a back end with these files. */
export function runtimeSuite(
  { describe, test, expect, beforeAll, afterAll }: Runner,
  name: string,
  open: (files: Files) => Promise<Runtime>,
): void {
  describe(`runtime: ${name}`, () => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await open(SITE);
    });
    afterAll(() => runtime.dispose());

    const run = async (program: string, ...args: string[]) => outcome(await runtime.spawn(program, args));

    test('files: what was laid is there, what is written can be read, what is removed is gone', async () => {
      expect(decoder.decode(await runtime.readFile('/srv/www/index.html'))).toBe('<p>héllo</p>');
      await runtime.mount({ '/srv/www/more/a.txt': 'a', '/srv/www/empty/': '' });
      expect((await run('ls', '/srv/www')).stdout).toBe('empty\nindex.html\nmore\n');
      expect(await runtime.readFolder('/srv/www')).toEqual([
        { name: 'empty', kind: 'directory', mode: 0o755, uid: 0, gid: 0 },
        { name: 'index.html', kind: 'file', mode: 0o644, uid: 0, gid: 0 },
        { name: 'more', kind: 'directory', mode: 0o755, uid: 0, gid: 0 },
      ]);
      await expect(runtime.readFolder('/srv/none')).rejects.toThrow('/srv/none: No such file or directory');
      await runtime.writeFile('/new/folder/bytes', ALL_BYTES);
      expect(await runtime.readFile('/new/folder/bytes')).toEqual(ALL_BYTES);
      await runtime.removeFile('/srv/www/more/a.txt');
      await expect(runtime.readFile('/srv/www/more/a.txt')).rejects.toThrow('/srv/www/more/a.txt: No such file or directory');
      await expect(runtime.readFile('/srv/www')).rejects.toThrow('Is a directory');
    });

    test('work: whoever changed something, it is told, and can be laid elsewhere; what is laid is where it starts', async () => {
      const sandbox = await open({ '/srv/a.txt': 'a', '/srv/b.txt': 'b' });
      const other = await open({ '/srv/a.txt': 'a', '/srv/b.txt': 'b' });
      try {
        await sandbox.mount({ '/srv/later.txt': 'part of the start' });
        expect(await sandbox.changes()).toEqual({});
        const written = new Promise<void>((resolve) => {
          const paths = new Set<string>();
          sandbox.on('written', (event) => {
            for (const path of event.paths) paths.add(path);
            if (['/srv/a.txt', '/srv/b.txt', '/srv/new', '/srv/bytes'].every((path) => paths.has(path))) resolve();
          });
        });
        await outcome(
          await sandbox.spawn('sh', ['-c', 'echo A >/srv/a.txt; rm /srv/b.txt; mkdir /srv/new; chmod 700 /srv/new; echo x >/tmp/x']),
        );
        await sandbox.writeFile('/srv/bytes', ALL_BYTES);
        await written;
        const file = { kind: 'file', mode: 0o644, uid: 0, gid: 0 };
        const work = {
          '/srv/a.txt': { ...file, data: new TextEncoder().encode('A\n') },
          '/srv/b.txt': null,
          '/srv/bytes': { ...file, data: ALL_BYTES },
          '/srv/new': { kind: 'folder', mode: 0o700, uid: 0, gid: 0 },
        };
        expect(await sandbox.changes()).toEqual(work);
        expect(await sandbox.changes()).toEqual(work);
        await other.writeFile('/srv/elsewhere', 'goes');
        await other.apply(await sandbox.changes(), { only: true });
        expect(await other.changes()).toEqual(work);
        expect(decoder.decode(await other.readFile('/srv/a.txt'))).toBe('A\n');
        await other.apply({}, { only: true });
        expect(await other.changes()).toEqual({});
        expect(decoder.decode(await other.readFile('/srv/b.txt'))).toBe('b');
        await expect(other.apply({ 'no/path': null })).rejects.toThrow('no/path: not the full path of a file');
      } finally {
        sandbox.dispose();
        other.dispose();
      }
    });

    test('a process: both streams, exit code, folder and environment', async () => {
      const process = await runtime.spawn('sh', ['-c', 'echo $GREETING; cat there; cat missing; exit 3'], {
        cwd: '/tmp',
        env: { GREETING: 'hé' },
      });
      await runtime.writeFile('/tmp/there', 'here\n');
      const { stdout, stderr, code, signal } = await outcome(process);
      expect(stdout).toBe('hé\nhere\n');
      expect(stderr).toContain('missing: No such file or directory');
      expect([code, signal]).toEqual([3, null]);
    });

    test('input: lines, letters of any kind, and its end', async () => {
      const process = await runtime.spawn('cat');
      const ended = outcome(process);
      process.write('one ü 世 🚀\n');
      process.write(WORDS);
      process.write('last, without an end of line');
      process.end();
      expect(await ended).toEqual({ stdout: `one ü 世 🚀\n${WORDS}last, without an end of line`, stderr: '', code: 0, signal: null });
    });

    test('much output arrives whole', async () => {
      expect((await run('cat', '/tmp/words')).stdout).toBe(WORDS);
    });

    test('many processes at once are not mixed up', async () => {
      const words = Array.from({ length: 12 }, (_, index) => `number ${index}`);
      const said = await Promise.all(words.map((word) => run('sh', '-c', `echo ${word}`)));
      expect(said.map(({ stdout }) => stdout.trim())).toEqual(words);
    });

    test('no such program', async () => {
      await expect(runtime.spawn('nothing')).rejects.toThrow('nothing: No such file or directory');
    });

    test('kill: by a signal that cannot be caught, by one that can, and nobody there', async () => {
      const kill = async (signal: 'SIGKILL' | 'SIGTERM') => {
        const process = await runtime.spawn('cat');
        const ended = outcome(process);
        await runtime.kill(process.pid, signal);
        return { ...(await ended), pid: process.pid };
      };
      const killed = await kill('SIGKILL');
      expect(killed).toMatchObject({ code: null, signal: 'SIGKILL' });
      expect(await kill('SIGTERM')).toMatchObject({ code: null, signal: 'SIGTERM' });
      await expect(runtime.kill(killed.pid, 'SIGTERM')).rejects.toThrow('No such process');
    });

    test('requests: refused, then answered, on a kept connection, and again after the browser was killed', async () => {
      const request = () => runtime.request({ method: 'GET', url: 'http://localhost/' });
      const refused = await request();
      expect(refused).toMatchObject({ status: 0 });
      expect(refused.failed).toContain('refused');
      const { events, until } = watched(runtime);
      const server = await runtime.spawn('nginx', ['-g', 'daemon off;']);
      await until((event) => event.type === 'socket.listen');
      const first = await request();
      expect(first).toMatchObject({ status: 200, failed: null });
      expect(decoder.decode(first.body)).toBe('<p>héllo</p>');
      expect(await request()).toMatchObject({ status: 200, conn: first.conn, n: 2 });
      expect((await Promise.all(Array.from({ length: 10 }, request))).map(({ status }) => status)).toEqual(Array(10).fill(200));
      expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['process.start', 'conn.queued', 'conn.accepted']));
      const { stdout } = await run('ps');
      const browser = Number(/(\d+) \S+ +browser/.exec(stdout)?.[1]);
      await runtime.kill(browser, 'SIGKILL');
      await until((event) => event.type === 'process.exit' && event.pid === browser);
      expect(await request()).toMatchObject({ status: 200 });
      await runtime.kill(server.pid, 'SIGTERM');
      expect(await server.exited).toEqual({ code: 0, signal: null });
    });

    test('trace: events come in order of their numbers, until one has heard enough', async () => {
      const { events, until } = watched(runtime);
      const extra: TraceEvent[] = [];
      const off = runtime.on('trace', (batch) => extra.push(...batch));
      const { pid } = await runtime.spawn('sh', ['-c', 'exit 7']);
      await until((event) => event.type === 'process.exit' && event.pid === pid);
      const numbers = events.map(({ seq }) => seq);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(events.find((event) => event.type === 'process.exit' && event.pid === pid)).toMatchObject({ code: 7, signal: null });
      off();
      const heard = extra.length;
      await run('sh', '-c', 'exit 0');
      expect(extra.length).toBe(heard);
    });

    test('after it was closed: processes are over, requests too, and calls say so', async () => {
      const other = await open({});
      const process = await other.spawn('cat');
      const waiting = other.request({ method: 'GET', url: 'http://localhost/' });
      const failed = expect(waiting).rejects.toThrow();
      other.dispose();
      expect(await process.exited).toEqual({ code: null, signal: 'SIGKILL' });
      await failed;
      process.write('lost');
      await expect(other.readFile('/etc/hosts')).rejects.toThrow('The sandbox was closed.');
      await expect(other.spawn('cat')).rejects.toThrow('The sandbox was closed.');
      await expect(other.request({ method: 'GET', url: 'http://localhost/' })).rejects.toThrow('The sandbox was closed.');
      other.dispose();
    });
  });
}
