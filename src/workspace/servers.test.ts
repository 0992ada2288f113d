import { describe, expect, it } from 'vitest';
import type { EventFields, EventType, TraceEvent } from '../../sandboxes/host/events.ts';
import type { Proc, Runtime } from '../runtime/runtime.ts';
import { commandLine, Servers } from './servers.ts';

/**
 * A process table of which the test decides what its processes do. Only what Servers uses is there; everything
 * else of Runtime would throw, because the object has no such method.
 */
class Bench {
  readonly calls: string[] = [];
  readonly printed: string[] = [];
  readonly steps: string[] = [];
  readonly servers: Servers;
  readonly #exits = new Map<number, (exit: { code: number | null; signal: string | null }) => void>();
  readonly #listeners = new Map<number, (text: string, stream: 'stdout' | 'stderr') => void>();
  #pid = 1;
  #seq = 0;
  t = 0;
  /** What a program does once it runs, and what a process does about a signal. */
  behave: (pid: number, program: string) => void = () => {};
  onSignal: (pid: number, signal: string) => void = () => {};

  constructor(limits = { listen: 40, ready: 40, stop: 40, quiet: 20 }, programs: readonly string[] = ['uwsgi', 'nginx']) {
    const commands = [
      { program: 'uwsgi', args: ['--ini', '/srv/shop/uwsgi.ini'] },
      { program: 'nginx', args: ['-g', 'daemon off;'] },
      { program: 'systemd', args: [] },
    ].filter(({ program }) => programs.includes(program));
    this.servers = new Servers(commands, (program, text) => this.printed.push(`${program}: ${text}`), limits);
  }

  readonly runtime = {
    spawn: async (program: string) => {
      this.calls.push(`spawn ${program}`);
      const pid = this.fork(0, program);
      const proc: Proc = {
        pid,
        onOutput: (listener) => void this.#listeners.set(pid, listener),
        write: () => {},
        end: () => {},
        endOfFile: () => {},
        exited: new Promise((resolve) => this.#exits.set(pid, resolve)),
      };
      setTimeout(() => this.behave(pid, program));
      return proc;
    },
    kill: async (pid: number, signal: string) => {
      this.calls.push(`kill ${pid} ${signal}`);
      this.onSignal(pid, signal);
    },
  } as unknown as Runtime;

  see<T extends EventType>(pid: number, type: T, data: EventFields[T]): void {
    this.servers.see([{ type, pid, t: this.t, seq: this.#seq++, ...data } as unknown as TraceEvent]);
  }
  fork(ppid: number, program: string): number {
    const pid = ++this.#pid;
    this.see(pid, 'process.start', { ppid, program, args: [], uid: 0 });
    return pid;
  }
  listen(pid: number): void {
    this.see(pid, 'socket.listen', { listener: pid, address: 'x', backlog: 1 });
  }
  print(pid: number, text: string): void {
    this.#listeners.get(pid)?.(text, 'stderr');
  }
  exit(pid: number, code: number | null, signal: string | null = null): void {
    this.see(pid, 'process.exit', { code, signal });
    this.#exits.get(pid)?.({ code, signal });
  }
  start(signal = new AbortController().signal): Promise<void> {
    return this.servers.start(this.runtime, (text) => this.steps.push(text), signal);
  }
  stop(atOnce = false): Promise<void> {
    return this.servers.stop(this.runtime, new AbortController().signal, atOnce);
  }
}

/** Listens, and a uwsgi master gets one worker. */
function healthy(bench: Bench) {
  return (pid: number, program: string) => {
    bench.listen(pid);
    if (program === 'uwsgi') bench.see(bench.fork(pid, 'uwsgi'), 'uwsgi.ready', { worker: 1 });
  };
}

describe('start', () => {
  it('starts each when the one before it listens', async () => {
    const bench = new Bench();
    bench.behave = (pid, program) => {
      bench.calls.push(`${program} listens`);
      healthy(bench)(pid, program);
    };
    await bench.start();
    expect(bench.calls).toEqual(['spawn uwsgi', 'uwsgi listens', 'spawn nginx', 'nginx listens']);
    expect(bench.steps).toEqual(['Starting uwsgi', 'Starting nginx', 'Waiting for a worker with Python loaded']);
  });

  it('counts a child that listens for its parent', async () => {
    const bench = new Bench();
    bench.behave = (pid, program) => healthy(bench)(program === 'nginx' ? bench.fork(pid, 'nginx') : pid, program);
    await expect(bench.start()).resolves.toBeUndefined();
  });

  it("fails with the program's own output when it exits", async () => {
    const bench = new Bench();
    bench.behave = (pid) => {
      bench.print(pid, 'user x not found.\n');
      bench.exit(pid, 1);
    };
    await expect(bench.start()).rejects.toMatchObject({
      message: 'uwsgi ended while it was starting',
      why: expect.stringContaining('exit code is 1'),
      output: 'user x not found.\n',
    });
    expect(bench.printed).toEqual([
      'uwsgi: $ uwsgi --ini /srv/shop/uwsgi.ini\n',
      'uwsgi: user x not found.\n',
      'uwsgi: [uwsgi ended: exit code 1]\n',
    ]);
    expect(bench.calls).toEqual(['spawn uwsgi']);
  });

  it('notices when the first dies while the second starts', async () => {
    const bench = new Bench();
    let uwsgi = 0;
    bench.behave = (pid, program) => {
      bench.listen(pid);
      if (program === 'uwsgi') uwsgi = pid;
      else bench.exit(uwsgi, 22);
    };
    await expect(bench.start()).rejects.toMatchObject({ message: 'uwsgi ended while it was starting' });
  });

  it('names the signal that ended it', async () => {
    const bench = new Bench();
    bench.behave = (pid) => bench.exit(pid, null, 'SIGKILL');
    await expect(bench.start()).rejects.toMatchObject({ why: 'It was ended by SIGKILL.' });
  });

  it('fails at once when uwsgi ends, with any exit code, or says that it has no workers', async () => {
    const ended = new Bench({ listen: 5000, ready: 5000, stop: 40, quiet: 20 });
    ended.behave = (pid, program) => {
      ended.listen(pid);
      if (program === 'nginx') ended.exit(2, 0);
    };
    await expect(ended.start()).rejects.toMatchObject({
      message: 'uwsgi ended while it was starting',
      why: expect.stringContaining('code is 0'),
    });
    const none = new Bench({ listen: 5000, ready: 5000, stop: 40, quiet: 20 });
    none.behave = (pid, program) => {
      none.listen(pid);
      if (program === 'uwsgi') none.print(pid, 'mapped\n*** Operational MODE: no-workers ***\nmore\n');
    };
    await expect(none.start()).rejects.toMatchObject({
      message: 'uwsgi starts no workers',
      output: 'mapped\n*** Operational MODE: no-workers ***',
    });
  });

  it('can be called off, and what it started can be killed though the trace has not told of it yet', async () => {
    const bench = new Bench({ listen: 5000, ready: 5000, stop: 5000, quiet: 20 });
    const off = new AbortController();
    const see = bench.servers.see.bind(bench.servers);
    bench.servers.see = () => {};
    bench.behave = () => off.abort(new Error('called off'));
    await expect(bench.start(off.signal)).rejects.toThrow('called off');
    bench.servers.see = see;
    bench.onSignal = (pid, signal) => bench.exit(pid, null, signal);
    await bench.stop(true);
    expect(bench.calls).toEqual(['spawn uwsgi', 'kill 2 SIGKILL']);
  });

  it('does not wait for ever for who never listens or never gets a worker', async () => {
    const silent = new Bench();
    await expect(silent.start()).rejects.toThrow('uwsgi does not listen');
    const idle = new Bench();
    idle.behave = (pid) => idle.listen(pid);
    await expect(idle.start()).rejects.toThrow('uwsgi has no worker ready');
  });

  it('tells who has never listened in this sandbox from who hangs later', async () => {
    const bench = new Bench();
    await expect(bench.start()).rejects.toMatchObject({ message: 'uwsgi does not listen', neverListened: true });
    // not the first start, but nothing has listened yet
    bench.behave = (pid, program) => program === 'uwsgi' && bench.listen(pid);
    await expect(bench.start()).rejects.toMatchObject({ message: 'nginx does not listen', neverListened: true });
    // an endless loop at import
    bench.behave = (pid) => bench.listen(pid);
    await expect(bench.start()).rejects.toMatchObject({ message: 'uwsgi has no worker ready', neverListened: false });
    bench.behave = () => {};
    await expect(bench.start()).rejects.toMatchObject({ message: 'uwsgi does not listen', neverListened: false });
  });
});

describe('stop', () => {
  it('asks the masters to stop and waits for their children', async () => {
    const bench = new Bench();
    bench.behave = healthy(bench);
    await bench.start();
    bench.fork(0, 'sh');
    bench.calls.length = 0;
    // pids: uwsgi 2, its worker 3, nginx 4, sh 5
    bench.onSignal = (pid) => {
      if (pid === 2) bench.exit(3, 0);
      bench.exit(pid, 0);
    };
    await bench.stop();
    expect(bench.calls).toEqual(['kill 2 SIGTERM', 'kill 4 SIGTERM']);
  });

  it('kills who does not listen, orphans too', async () => {
    const bench = new Bench();
    bench.behave = healthy(bench);
    await bench.start();
    bench.calls.length = 0;
    bench.onSignal = (pid, signal) => {
      if (signal === 'SIGKILL' || pid === 2) bench.exit(pid, null, signal);
    };
    await bench.stop();
    expect(bench.calls).toEqual(['kill 2 SIGTERM', 'kill 4 SIGTERM', 'kill 3 SIGKILL', 'kill 4 SIGKILL']);
  });

  it('loses no time with who hung in the start', async () => {
    const bench = new Bench();
    bench.behave = (pid) => bench.listen(pid);
    await expect(bench.start()).rejects.toThrow('uwsgi has no worker ready');
    bench.calls.length = 0;
    bench.onSignal = (pid, signal) => bench.exit(pid, null, signal);
    await bench.stop();
    expect(bench.calls).toEqual(['kill 2 SIGKILL', 'kill 3 SIGKILL']);
  });

  it('says so when they are still there', async () => {
    const bench = new Bench();
    bench.behave = healthy(bench);
    await bench.start();
    await expect(bench.stop()).rejects.toThrow('The servers do not stop');
  });
});

describe('the supervisor', () => {
  const LONG = { listen: 5000, ready: 5000, stop: 5000, quiet: 20 };
  /** Its services: uwsgi 3 with worker 4, and nginx 6, whose parent 5 has ended. */
  const boots = (bench: Bench) => (pid: number) => {
    bench.listen(pid);
    const uwsgi = bench.fork(pid, 'uwsgi');
    bench.see(bench.fork(uwsgi, 'uwsgi'), 'uwsgi.ready', { worker: 1 });
    const before = bench.fork(pid, 'nginx');
    bench.fork(before, 'nginx');
    bench.exit(before, 0);
    bench.print(pid, 'systemd[2]: Started shop.service - shop.\nsystemd[2]: Startup finished in 1.234s.\n');
  };

  it('has started when all its services have, and what they read counts', async () => {
    const bench = new Bench(LONG, ['systemd']);
    bench.behave = boots(bench);
    await bench.start();
    expect(bench.steps).toEqual(['Starting systemd', 'Waiting for a worker with Python loaded']);
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(true);
    const role = { type: 'process.role', t: 1, seq: 1, role: 'master' } as const;
    const events: TraceEvent[] = [
      { ...role, pid: 3, server: 'uwsgi' },
      { ...role, pid: 6, server: 'nginx' },
    ];
    expect(bench.servers.readersIn(events)).toEqual(['uwsgi', 'nginx']);
  });

  it('fails with the service that does not start', async () => {
    const bench = new Bench(LONG, ['systemd']);
    bench.behave = (pid) => {
      bench.listen(pid);
      bench.print(pid, 'no such file\nsystemd[2]: Failed to start shop.service - shop.\n');
    };
    await expect(bench.start()).rejects.toMatchObject({
      message: 'shop.service did not start',
      why: 'systemctl status shop.service says more.',
    });
  });

  it('is asked first to stop, and stops its services itself', async () => {
    const bench = new Bench(LONG);
    bench.behave = healthy(bench);
    await bench.start();
    // uwsgi 2, its worker 3, nginx 4; the learner's systemctl has started a supervisor 5, which started another nginx 6
    const systemd = bench.fork(0, 'systemd');
    bench.fork(systemd, 'nginx');
    bench.calls.length = 0;
    bench.onSignal = (pid) => {
      if (pid === systemd) bench.exit(6, 0);
      if (pid === 2) bench.exit(3, 0);
      bench.exit(pid, 0);
    };
    await bench.stop();
    expect(bench.calls).toEqual(['kill 5 SIGTERM', 'kill 2 SIGTERM', 'kill 4 SIGTERM']);
  });

  it('is killed before its services when it does not end: it would start them again', async () => {
    const bench = new Bench({ listen: 40, ready: 40, stop: 40, quiet: 20 }, ['systemd']);
    bench.behave = boots(bench);
    await bench.start();
    bench.calls.length = 0;
    bench.onSignal = (pid, signal) => signal === 'SIGKILL' && bench.exit(pid, null, signal);
    await bench.stop();
    expect(bench.calls).toEqual(['kill 2 SIGTERM', 'kill 2 SIGKILL', 'kill 3 SIGKILL', 'kill 4 SIGKILL', 'kill 6 SIGKILL']);
  });
});

describe('the pool', () => {
  it('is all there when as many workers are ready as uWSGI said it would start', async () => {
    const bench = new Bench({ listen: 5000, ready: 5000, stop: 40, quiet: 20 });
    bench.behave = (pid, program) => {
      if (program === 'uwsgi') bench.print(pid, 'mapped 1234 bytes (1 KB) for 3 cores\n');
      healthy(bench)(pid, program);
    };
    await bench.start();
    const seen: string[] = [];
    const all = bench.servers.allReady(new AbortController().signal).then((ready) => seen.push(`all: ${ready}`));
    bench.see(bench.fork(2, 'uwsgi'), 'uwsgi.ready', { worker: 2 });
    // a worker of somebody else's pool does not count
    bench.see(bench.fork(0, 'uwsgi'), 'uwsgi.ready', { worker: 1 });
    await Promise.resolve();
    expect(seen).toEqual([]);
    bench.see(bench.fork(2, 'uwsgi'), 'uwsgi.ready', { worker: 3 });
    await all;
    expect(seen).toEqual(['all: true']);
  });

  it('is as large as uWSGI said last, after a reload, and what it prints is not kept for ever', async () => {
    const bench = new Bench({ listen: 5000, ready: 40, stop: 40, quiet: 20 });
    bench.behave = (pid, program) => {
      if (program === 'uwsgi') bench.print(pid, 'mapped 1234 bytes (1 KB) for 1 cores\n');
      healthy(bench)(pid, program);
    };
    await bench.start();
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(true);
    // a line in two parts, and much after it
    bench.print(2, 'reloading\nmapped 1234 bytes (1 KB)');
    bench.print(2, ' for 2 cores\n');
    bench.print(2, '[pid: 3] GET /\n'.repeat(10_000));
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(false);
    bench.see(bench.fork(2, 'uwsgi'), 'uwsgi.ready', { worker: 2 });
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(true);
  });

  it('explains an end with the end of what was printed', async () => {
    const bench = new Bench({ listen: 5000, ready: 5000, stop: 40, quiet: 20 });
    bench.behave = (pid) => {
      bench.print(pid, 'x'.repeat(200_000));
      bench.print(pid, 'the last word\n');
      bench.exit(pid, 1);
    };
    const failure = await bench.start().catch((error: unknown) => error);
    expect((failure as { output: string }).output).toMatch(/^x{1,64000}the last word\n$/);
  });

  it('is not waited for without end', async () => {
    const bench = new Bench();
    bench.behave = (pid, program) => {
      if (program === 'uwsgi') bench.print(pid, 'mapped 1234 bytes (1 KB) for 2 cores\n');
      healthy(bench)(pid, program);
    };
    await bench.start();
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(false);
  });

  it('may be missing: a lesson with only nginx', async () => {
    const bench = new Bench(undefined, ['nginx']);
    bench.behave = healthy(bench);
    await bench.start();
    expect(bench.steps).toEqual(['Starting nginx']);
    expect(await bench.servers.allReady(new AbortController().signal)).toBe(true);
  });
});

it('knows what came after the last start; a reload by hand is none', async () => {
  const bench = new Bench();
  const log: TraceEvent[] = [];
  const see = bench.servers.see.bind(bench.servers);
  bench.servers.see = (events) => {
    log.push(...events);
    see(events);
  };
  const readies = () => bench.servers.sinceStart(log).filter(({ type }) => type === 'uwsgi.ready').length;
  bench.behave = healthy(bench);
  bench.t = 1;
  await bench.start();
  bench.see(bench.fork(2, 'uwsgi'), 'uwsgi.ready', { worker: 2 });
  expect(readies()).toBe(2);
  bench.t = 2;
  bench.see(2, 'process.signal', { signal: 'SIGHUP', from: 9 });
  expect(readies()).toBe(2);
  bench.onSignal = (pid, signal) => bench.exit(pid, null, signal);
  await bench.stop(true);
  bench.t = 3;
  bench.behave = (pid) => bench.exit(pid, 1);
  await expect(bench.start()).rejects.toThrow('ended');
  expect(readies()).toBe(0);
});

it('writes a command as one would type it', () => {
  expect(commandLine({ program: 'nginx', args: ['-g', 'daemon off;'] })).toBe("nginx -g 'daemon off;'");
});
