/**
 * Faults as they were recorded of nginx 1.22.1 in front of uWSGI 2.0.21 (fixtures/faults.json): the same steps here, in real
 * processes, and the same answers, the same lines in Nginx's error log and in uWSGI's.
 */
import { describe, expect, test } from 'vitest';
import recorded from './fixtures/faults.json' with { type: 'json' };
import {
  type Answer,
  APP,
  done,
  type Instance,
  inTurn,
  messages,
  type Name,
  open,
  type Part,
  plain,
  replay,
  SLOW,
} from './fixtures/testing.ts';

/** Deaths of several cases in a row may be too many for the master: reload.test.ts is about that. */
const TOO_FAST = /respawning too fast/;

describe('two workers', () => {
  let opening: Promise<Instance> | null = null;
  const shop = (): Promise<Instance> => (opening ??= open('processes = 2'));
  const run = (name: Name, steps: (i: Instance) => Promise<readonly Answer[]>, part: Part = {}): void =>
    void test(name, SLOW, async () => replay(await shop(), name, steps, { ignore: TOO_FAST, ...part }));

  run('crash_exit', async (i) => {
    const answers: Answer[] = [];
    let deaths = 0;
    for (const path of ['/', '/crash', '/', '/crash', '/crash', '/']) {
      answers.push(await i.get(path));
      if (path === '/crash') await i.happened('uwsgi.ready', ++deaths);
    }
    return answers;
  });
  run('read_timeout_504', async (i) => {
    const answers = await inTurn('/rt2/slow?ms=4000', '/')(i);
    await i.says('OSError: write error');
    return [...answers, await i.get('/')];
  });
  run('raise', async (i) => {
    const answers = await inTurn('/raise', '/raise', '/exit', '/none', '/nostart', '/nostart')(i);
    await i.happened('uwsgi.ready', 1);
    return [...answers, await i.get('/')];
  });
  run('hup_busy_worker', async (i) => {
    const slow = i.get('/slow?ms=2000');
    await i.happened('wsgi.call', 1);
    await i.sandbox.kill(i.busy(), 'SIGHUP');
    const answer = await slow;
    await i.happened('uwsgi.ready', 1);
    return [answer, await i.get('/')];
  });
  run('crash_exit0', async (i) => {
    const died = await i.get('/crash?code=0');
    await i.happened('uwsgi.ready', 1);
    return [died, await i.get('/')];
  });
  run('client_gone_499', async (i) => {
    const giveUp = new AbortController();
    const gone = i.sandbox.request({ method: 'GET', url: 'http://localhost/slow?ms=3000' }, giveUp.signal).catch(() => null);
    await i.happened('wsgi.call', 1);
    giveUp.abort();
    await gone;
    const first = await i.get('/');
    await i.says('OSError: write error');
    return [first, await i.get('/')];
  });
  run('kill9_busy_worker', async (i) => {
    const lost = i.get('/slow?ms=3000');
    await i.happened('wsgi.call', 1);
    await i.sandbox.kill(i.busy(), 'SIGKILL');
    return [await lost, await i.get('/')];
  });
  run('sigusr1', async (i) => {
    const slow = i.get('/slow?ms=2000');
    await i.happened('wsgi.call', 1);
    await i.sandbox.spawn('kill', ['-USR1', String(i.master)]);
    return [await slow, await i.get('/?n=0')];
  });
  run('sigterm_default', async (i) => {
    const slow = i.get('/slow?ms=2000');
    await i.happened('wsgi.call', 1);
    await i.sandbox.kill(i.master, 'SIGTERM');
    return [await slow, ...(await inTurn('/?n=0', '/?n=1', '/?n=2', '/?n=3', '/?n=4', '/?n=5')(i))];
  });
  run('big_request_buffer', inTurn('/'));
  run(
    'sigint',
    async (i) => {
      const slow = i.get('/slow?ms=2000');
      await i.happened('wsgi.call', 1);
      await i.sandbox.kill(i.master, 'SIGINT');
      expect(await i.exited).toEqual({ code: 0, signal: null });
      return [await slow, ...(await inTurn('/?n=1', '/?n=2', '/?n=3', '/?n=4', '/?n=5')(i))];
    },
    { without: '/?n=0', toTheEnd: true },
  );
});

const alone = (name: Name, ini: string, steps: (i: Instance) => Promise<readonly Answer[]>, part: Part = {}): void =>
  void test(name, SLOW, async () => {
    const instance = await open(ini);
    await replay(instance, name, steps, part);
    instance.sandbox.dispose();
  });

alone('harakiri', 'processes = 2\nharakiri = 2', async (i) => {
  const lost = i.get('/slow?ms=10000');
  await i.happened('wsgi.call', 1);
  const other = await i.get('/');
  await i.happened('uwsgi.respawn', 1);
  return [await lost, other, await i.get('/')];
});

alone('limit_as', 'processes = 1\nlimit-as = 400', inTurn('/leak?mb=500', '/'));

alone('app_import_error_via_nginx', 'processes = 2\nmodule = importerr', inTurn('/', '/', '/'));

alone(
  'reload_broken_code_need_app',
  'processes = 2\nneed-app = true',
  async (i) => {
    const before = await i.get('/');
    await i.sandbox.writeFile('/srv/shop/app/wsgi.py', 'import nosuchlib\n');
    await i.sandbox.kill(i.master, 'SIGHUP');
    expect((await i.exited).code).toBe(recorded.reload_broken_code_need_app.rc);
    return [before, await i.get('/')];
  },
  { toTheEnd: true },
);

alone('sighup_short_mercy', 'processes = 2\nworker-reload-mercy = 1', async (i) => {
  const lost = i.get('/slow?ms=6000');
  await i.happened('wsgi.call', 1);
  await i.sandbox.kill(i.master, 'SIGHUP');
  return [await lost, ...(await inTurn('/?n=0', '/?n=1', '/?n=2', '/?n=3', '/?n=4', '/?n=5')(i))];
});

alone('nomaster2', 'processes = 3\nmaster = false', async (i) => {
  const worker = (n: number): number => i.sandbox.events.find((e) => e.type === 'uwsgi.ready' && e.worker === n)?.pid ?? 0;
  const first = await i.get('/');
  await i.sandbox.kill(worker(2), 'SIGKILL');
  const answers = [first, ...(await inTurn('/', '/crash', '/')(i))];
  await i.says('GET / =>', 3);
  for (const n of [1, 3]) await i.sandbox.kill(worker(n), 'SIGKILL').catch(() => undefined);
  await i.sandbox.until((events) => events.some(({ type }) => type === 'socket.close'), 9000);
  return [...answers, await i.get('/')];
});

alone(
  'touch_chain_reload',
  'processes = 3\nlazy-apps = true\ntouch-chain-reload = /run/shop/touchme',
  async (i) => {
    const before = await inTurn('/', '/', '/')(i);
    await i.sandbox.spawn('touch', ['/run/shop/touchme']);
    await i.says('chain next victim is worker 1');
    const answers: Answer[] = [];
    for (let n = before.length; n < 18; n++) answers.push(await i.get('/'));
    await i.says('chain reloading complete');
    return [...before, ...answers];
  },
  // The three imports of the start are in the recording too.
  { ignore: /^app: module imported|^WSGI app 0|chain is still waiting/ },
);

alone(
  'sigint_worker_slow',
  'processes = 2',
  async (i) => {
    const slow = i.get('/slow?ms=8000');
    await i.happened('wsgi.call', 1);
    await i.sandbox.kill(i.master, 'SIGINT');
    expect(await i.exited).toEqual({ code: 0, signal: null });
    return [await slow, await i.get('/?n=1')];
  },
  { without: '/?n=0', toTheEnd: true },
);

alone(
  'sigkill_master_no_orphans',
  'processes = 2\nno-orphans = true',
  async (i) => {
    const lost = i.get('/slow?ms=2000');
    await i.happened('wsgi.call', 1);
    await i.sandbox.kill(i.master, 'SIGKILL');
    return [await lost, ...(await inTurn('/?n=0', '/?n=1', '/?n=2', '/?n=3', '/?n=4', '/?n=5')(i))];
  },
  // An idle worker may see its master's end a moment before its own.
  { toTheEnd: true, ignore: /screams/ },
);

alone(
  'harakiri_times',
  'processes = 2\nharakiri = 2',
  async (i) => {
    const answers = await inTurn(...Array<string>(6).fill('/slow?ms=9000'))(i);
    await i.sandbox.kill(i.master, 'SIGINT');
    expect(await i.exited).toEqual({ code: 0, signal: null });
    return answers;
  },
  { toTheEnd: true },
);

alone('py_autoreload', 'processes = 2\npy-autoreload = 1', async (i) => {
  // Before the first look at the files, as it happened in the recording: nothing follows.
  await i.sandbox.writeFile('/srv/shop/app/wsgi.py', `${APP}\n`);
  return inTurn(...Array<string>(11).fill('/'))(i);
});

alone(
  'pidfile_reload_stop',
  'processes = 1\npidfile = /run/shop/c.pid',
  async (i) => {
    const signal = async (option: string, file = '/run/shop/c.pid'): Promise<number | null> =>
      (await (await i.sandbox.spawn('uwsgi', [option, file])).exited).code;
    expect(await signal('--reload')).toBe(0);
    await i.happened('uwsgi.ready', 1);
    expect(await signal('--stop')).toBe(0);
    expect(await signal('--stop')).toBe(0);
    expect(await i.exited).toEqual({ code: 0, signal: null });
    expect(await signal('--stop', '/nope.pid')).toBe(1);
    return [];
  },
  { toTheEnd: true },
);

test('a worker that hangs in a chain reload gets no mercy when its time is over, and the chain goes on', SLOW, async () => {
  const instance = await open(
    'processes = 2\nlazy-apps = true\nworker-reload-mercy = 1\ntouch-chain-reload = /run/shop/touchme\nthunder-lock = true',
  );
  await instance.begin();
  const lost = [instance.get('/slow?ms=60000')];
  await instance.happened('wsgi.call', 1);
  lost.push(instance.get('/slow?ms=60001'));
  await instance.happened('wsgi.call', 2);
  await instance.sandbox.spawn('touch', ['/run/shop/touchme']);
  await instance.says('chain reloading complete');
  expect((await Promise.all(lost)).map(([, status]) => status)).toEqual([502, 502]);
  expect(plain(instance.log()).filter((line) => /chain|MERCY|Gracefully|killed|Respawned/.test(line) && !/waiting/.test(line))).toEqual([
    'DATE - *** /run/shop/touchme has been touched... chain reload !!! ***',
    ...[1, 2].flatMap(() => [
      'DATE - chain next victim is worker N',
      'Gracefully killing worker N (pid: N)...',
      'DATE - worker N (pid: N) is taking too much time to die...NO MERCY !!!',
      'worker N killed successfully (pid: N)',
      'Respawned uWSGI worker N (new pid: N)',
    ]),
    'DATE - chain reloading complete',
  ]);
});

test('big_headers: of the answer, and of the request', SLOW, async () => {
  done.add('big_headers');
  const { answers, log, errors } = recorded.big_headers;
  const instance = await open('processes = 2');
  await instance.begin();
  const status = async (path: string, headers = {}): Promise<number> =>
    (await instance.sandbox.request({ method: 'GET', url: `http://localhost${path}`, headers })).status;
  const got = [await status('/bigheader?n=3000'), await status('/bigheader?n=5000'), await status('/', { 'X-Big': 'b'.repeat(5000) })];
  // The others Nginx refuses by itself: its own tests have them.
  expect(got).toEqual(answers.slice(0, 3).map(([, code]) => code));
  const sized = (lines: readonly string[]): string[] =>
    plain(lines)
      .map((line) => line.replace(/size: 5\d\d\d/, 'size: N'))
      .sort();
  await expect.poll(() => sized(instance.log())).toEqual(sized(log.slice(0, 3)));
  await expect.poll(async () => messages(await instance.errors())).toEqual(messages(errors.slice(0, 2)));
});

test('a full queue at a TCP socket: connections come late, none is lost, and uWSGI says so once a second', SLOW, async () => {
  const instance = await open('processes = 1\nlisten = 4', '127.0.0.1:3031');
  const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => instance.get(`/slow?ms=500&i=${n}`)));
  expect(answers.map(([, status]) => status)).toEqual(Array(10).fill(200));
  expect(instance.log().join('\n')).toMatch(
    / - \*\*\* uWSGI listen queue of socket "127\.0\.0\.1:3031" \(fd: 3\) full !!! \([45]\/4\) \*\*\*/,
  );
  expect(messages(await instance.errors())).toEqual([]);
});

/** Recorded cases that are not replayed here, and why. */
const LEFT_OUT: Partial<Record<Name, string>> = {
  crash_loop_1w: 'reload.test.ts has it, with workers that start quickly on any machine',
  crash_loop_2w: 'reload.test.ts has it',
  crash_loop_4w: 'reload.test.ts has it',
  pause_tstp: 'the sandbox has no SIGTSTP',
  harakiri_verbose_tcp: 'harakiri-verbose and py-tracebacker are refused: they need threads and /proc',
  max_requests_min1_2w_burst: 'recycle.test.ts has it',
  max_requests_2w_back_to_back: 'recycle.test.ts has it',
  reload_on_rss: 'recycle.test.ts has it: sizes of memory differ',
  evil_reload_on_rss: 'faults.sandbox.test.ts has it: sizes of memory differ',
  evil_reload_on_rss_midrequest: 'faults.sandbox.test.ts has it: sizes of memory differ',
  client_gone_http_socket: 'serving.test.ts has it',
  kill9_self: 'Python in WebAssembly cannot send signals; kill9_busy_worker kills from outside',
  segv: 'there is no ctypes to crash with',
};

test('every recorded case is replayed or left out for a reason', () => {
  expect([...done, ...Object.keys(LEFT_OUT)].sort()).toEqual(Object.keys(recorded).sort());
});
