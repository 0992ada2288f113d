/** Master and workers: start, reload, quit, stop, death of a worker; and what a connection goes through. */
import { afterEach, describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../host/events.ts';
import type { Program } from '../../host/host.ts';
import { createLocalSandbox } from '../../host/local.ts';
import nginx from './main.ts';
import { exchange, GROUP, PASSWD, reply, type Served, serving, type Upstreams, until, uwsgiServer } from './testing.ts';

const conf = (text: string, level = 'notice'): string =>
  `user www-data;\nerror_log /var/log/nginx/error.log ${level};\nevents {}\nhttp {\n server { listen 80; location / { return 200 "${text}\\n"; } location /up { uwsgi_pass unix:/run/shop/c.sock; } }\n}\n`;
const get = (path = '/', more = ''): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
const CLOSE = 'Connection: close\r\n';

let open: Served | null = null;
afterEach(() => open?.sandbox.dispose());
const start = async (text = 'one', programs = {}): Promise<Served> => {
  open = await serving(conf(text), {}, programs);
  return open;
};

const workers = ({ sandbox, nginx }: Served): number[] =>
  sandbox.events.filter((event) => event.type === 'process.start' && event.ppid === nginx.pid).map((event) => event.pid);
const exitOf = ({ sandbox }: Served, pid: number): TraceEvent | undefined =>
  sandbox.events.find((event) => event.type === 'process.exit' && event.pid === pid);
const log = ({ sandbox }: Served): string => sandbox.files.read('/var/log/nginx/error.log');

describe('signals', () => {
  test('titles, users and the pid file', async () => {
    const served = await start();
    const { sandbox, nginx } = served;
    expect(sandbox.files.read('/run/nginx.pid')).toBe(`${nginx.pid}\n`);
    const processes = await sandbox.run((host) => host.processes());
    const titles = processes.filter((process) => process.title.startsWith('nginx')).map((process) => [process.user, process.title]);
    expect(titles).toEqual([
      ['root', 'nginx: master process nginx -g daemon off;'],
      ['www-data', 'nginx: worker process'],
    ]);
  });

  test('reload: new workers serve the new file, the old ones leave', async () => {
    const served = await start();
    const { sandbox } = served;
    expect(await exchange(sandbox, 80, get('/', CLOSE))).toMatch(/\r\n\r\none\n$/);
    const [old = 0] = workers(served);
    sandbox.files.write('/etc/nginx/nginx.conf', conf('two'));
    const signal = await sandbox.spawn('nginx', ['-s', 'reload']);
    expect((await signal.exited).code).toBe(0);
    await until(() => exitOf(served, old) !== undefined);
    expect(await exchange(sandbox, 80, get('/', CLOSE))).toMatch(/\r\n\r\ntwo\n$/);
    expect(workers(served).length).toBe(2);
  });

  test('stop: a worker that never gets ready does not keep the master', { timeout: 20_000 }, async () => {
    const hanging: Program = async (host) => (host.image === null ? nginx(host) : new Promise<never>(() => undefined));
    const sandbox = createLocalSandbox({
      files: { '/etc/nginx/nginx.conf': conf('one'), '/etc/passwd': PASSWD, '/etc/group': GROUP, '/var/log/nginx/': '' },
      programs: { nginx: hanging },
    });
    open = { sandbox, nginx: await sandbox.spawn('nginx', ['-g', 'daemon off;']) };
    await until(() => open !== null && workers(open).length === 1);
    sandbox.kill(open.nginx.pid, 'SIGTERM');
    expect(await open.nginx.exited).toEqual({ code: 0, signal: null });
  });

  test('reload with a mistake: the old configuration goes on, the mistake is in the log', async () => {
    const served = await start();
    const { sandbox } = served;
    sandbox.files.write('/etc/nginx/nginx.conf', 'events {}\nhttp { oops; }\n');
    const signal = await sandbox.spawn('nginx', ['-s', 'reload']);
    expect((await signal.exited).code).toBe(1);
    expect(signal.stderr()).toBe('nginx: [emerg] unknown directive "oops" in /etc/nginx/nginx.conf:2\n');
    expect(log(served)).not.toContain('reconfiguring');
    sandbox.kill(served.nginx.pid, 'SIGHUP');
    await until(() => /reconfiguring\n.*\[emerg\] \d+#\d+: unknown directive "oops" in \/etc\/nginx\/nginx\.conf:2/.test(log(served)));
    expect(await exchange(sandbox, 80, get('/', CLOSE))).toMatch(/\r\n\r\none\n$/);
    expect(workers(served).length).toBe(1);
  });

  /** Workers that run now. */
  const alive = (served: Served): number[] => workers(served).filter((pid) => exitOf(served, pid) === undefined);
  const reloads = (served: Served): number => log(served).match(/\d: reconfiguring$/gm)?.length ?? 0;

  test('three HUPs at once: one reload after the other, those that wait count as one, and no worker is forgotten', async () => {
    const served = await start();
    const { sandbox, nginx } = served;
    for (const text of ['two', 'three', 'four']) {
      sandbox.files.write('/etc/nginx/nginx.conf', conf(text));
      sandbox.kill(nginx.pid, 'SIGHUP');
    }
    await until(() => reloads(served) > 0 && alive(served).length === 1 && log(served).includes('exited with code 0'));
    sandbox.kill(nginx.pid, 'SIGHUP');
    await until(() => workers(served).length === reloads(served) + 1 && alive(served).length === 1);
    expect(reloads(served)).toBeLessThanOrEqual(3);
    expect(log(served)).not.toContain('exited on signal');
    expect(await exchange(sandbox, 80, get('/', CLOSE))).toMatch(/\r\n\r\nfour\n$/);
  });

  test('a HUP during a reload, with a broken file in between: the last good one counts', async () => {
    const served = await start();
    const { sandbox, nginx } = served;
    sandbox.files.write('/etc/nginx/nginx.conf', conf('two'));
    sandbox.kill(nginx.pid, 'SIGHUP');
    await until(() => reloads(served) === 1);
    sandbox.files.write('/etc/nginx/nginx.conf', 'events {}\nhttp { oops; }\n');
    sandbox.kill(nginx.pid, 'SIGHUP');
    await until(() => log(served).includes('unknown directive "oops"'));
    sandbox.files.write('/etc/nginx/nginx.conf', conf('three'));
    sandbox.kill(nginx.pid, 'SIGHUP');
    await until(() => workers(served).length === 3 && alive(served).length === 1);
    expect(await exchange(sandbox, 80, get('/', CLOSE))).toMatch(/\r\n\r\nthree\n$/);
    sandbox.kill(nginx.pid, 'SIGQUIT');
    expect((await nginx.exited).code).toBe(0);
  });

  test.each(['SIGQUIT', 'SIGTERM'] as const)('%s during a reload: obeyed after it, by old and new workers', async (signal) => {
    const served = await start();
    const { sandbox, nginx } = served;
    sandbox.files.write('/etc/nginx/nginx.conf', conf('two'));
    sandbox.kill(nginx.pid, 'SIGHUP');
    await until(() => reloads(served) === 1);
    sandbox.kill(nginx.pid, signal);
    expect((await nginx.exited).code).toBe(0);
    expect(workers(served).length).toBe(2);
    expect(alive(served)).toEqual([]);
    expect(log(served)).not.toContain('exited on signal');
    const refused = await sandbox.run((host) => host.connect({ port: 80, ip: '127.0.0.1' }).then(String, String));
    expect(refused).toContain('Connection refused');
  });

  test('QUIT together with HUP: the first counts', async () => {
    const served = await start();
    served.sandbox.kill(served.nginx.pid, 'SIGHUP');
    served.sandbox.kill(served.nginx.pid, 'SIGQUIT');
    expect((await served.nginx.exited).code).toBe(0);
    expect(alive(served)).toEqual([]);
  });

  test('a killed worker is replaced at once', async () => {
    const served = await start();
    const { sandbox } = served;
    const [old = 0] = workers(served);
    sandbox.kill(old, 'SIGKILL');
    await until(() => workers(served).length === 2);
    expect(await exchange(sandbox, 80, get('/', CLOSE))).toMatch(/\r\n\r\none\n$/);
    await until(() => log(served).includes(`[alert] ${served.nginx.pid}#${served.nginx.pid}: worker process ${old} exited on signal 9`));
  });

  test('four workers share the sockets, and a reload under load loses no request', async () => {
    const text = conf('one').replace('events {}', 'worker_processes 4;\nevents {}');
    const served = await serving(text);
    open = served;
    const { sandbox } = served;
    await until(() => workers(served).length === 4);
    let running = true;
    const answers: string[] = [];
    const client = async (): Promise<void> => {
      while (running) answers.push(await exchange(sandbox, 80, get('/', CLOSE)));
    };
    const clients = Array.from({ length: 8 }, client);
    await until(() => answers.length > 50);
    sandbox.files.write('/etc/nginx/nginx.conf', text.replace('"one', '"two'));
    const [old = 0] = workers(served);
    const signal = await sandbox.spawn('nginx', ['-s', 'reload']);
    expect((await signal.exited).code).toBe(0);
    await until(() => exitOf(served, old) !== undefined && answers.at(-1)?.endsWith('two\n') === true);
    running = false;
    await Promise.all(clients);
    expect(answers.filter((answer) => !/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n(one|two)\n$/.test(answer))).toEqual([]);
    const accepting = new Set(sandbox.events.filter((event) => event.type === 'conn.accepted').map((event) => event.pid));
    expect(accepting.size).toBeGreaterThan(4);
  });

  test('what the log says from start to end, as recorded', async () => {
    const served = await start();
    const { sandbox, nginx } = served;
    const told = (): string[] =>
      log(served)
        .trimEnd()
        .split('\n')
        .map((line) =>
          line
            .replace(/^\S+ \S+ /, '')
            .replaceAll(/\b\d+#\d+:/g, 'N:')
            .replaceAll(/(process|from) \d+/g, '$1 N'),
        );
    const [first = 0] = workers(served);
    await (await sandbox.spawn('nginx', ['-s', 'reload'])).exited;
    await until(() => exitOf(served, first) !== undefined && log(served).includes('exited with code 0'));
    const [, second = 0] = workers(served);
    sandbox.kill(second, 'SIGKILL');
    await until(() => workers(served).length === 3);
    await until(() => log(served).match(/start worker process \d/g)?.length === 3);
    await sandbox.spawn('nginx', ['-s', 'quit']);
    await nginx.exited;
    // The recording's lines without facts of its machine (OS, limits) and SIGIO. Those of another process, a worker that goes
    // or the one that sends a signal, are written while the master goes on: their order is left out.
    const master = told().filter((line) => !/shutting down$|N: exiting|N: exit$|N: signal process/.test(line) || line.includes('SIGQUIT'));
    expect(master).toEqual([
      '[notice] N: using the "epoll" event method',
      '[notice] N: nginx/1.22.1',
      '[notice] N: start worker processes',
      '[notice] N: start worker process N',
      '[notice] N: signal 1 (SIGHUP) received from N, reconfiguring',
      '[notice] N: reconfiguring',
      '[notice] N: using the "epoll" event method',
      '[notice] N: start worker processes',
      '[notice] N: start worker process N',
      '[notice] N: signal 17 (SIGCHLD) received from N',
      '[notice] N: worker process N exited with code 0',
      '[notice] N: signal 17 (SIGCHLD) received from N',
      '[alert] N: worker process N exited on signal 9',
      '[notice] N: start worker process N',
      '[notice] N: signal 3 (SIGQUIT) received from N, shutting down',
      '[notice] N: signal 17 (SIGCHLD) received from N',
      '[notice] N: worker process N exited with code 0',
    ]);
    expect(told().filter((line) => line === '[notice] N: gracefully shutting down').length).toBe(2);
    expect(told().filter((line) => line === '[notice] N: exiting').length).toBe(2);
    expect(told().at(-1)).toBe('[notice] N: exit');
  });

  test('reopen: log files that were moved away are made anew', async () => {
    const served = await start();
    const { sandbox } = served;
    await sandbox.run((host) => host.fs.rename('/var/log/nginx/access.log', '/var/log/nginx/access.log.1'));
    const signal = await sandbox.spawn('nginx', ['-s', 'reopen']);
    expect((await signal.exited).code).toBe(0);
    await until(() => /signal 10 \(SIGUSR1\) received from \d+, reopening logs\n.*reopening logs/.test(log(served)));
    await until(() => log(served).match(/reopening logs$/gm)?.length === 3);
    expect(sandbox.files.read('/var/log/nginx/access.log')).toBe('');
    expect(log(served)).toContain('[notice]');
  });

  test('quit finishes what is under way; stop cuts it', async () => {
    for (const [signal, status] of [
      ['quit', '200'],
      ['stop', ''],
    ] as const) {
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const upstreams: Upstreams = {
        received: [],
        answer: async (connection) => {
          await held;
          await reply('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')(connection);
        },
      };
      const served = await start('x', { upstream: uwsgiServer(upstreams, '/run/shop/c.sock') });
      const { sandbox, nginx } = served;
      await sandbox.spawn('upstream');
      await until(() => sandbox.events.some((event) => event.type === 'socket.listen' && event.address.startsWith('unix:')));
      const answer = exchange(sandbox, 80, get('/up', CLOSE)).catch(() => '');
      await until(() => upstreams.received.length === 1);
      await sandbox.spawn('nginx', ['-s', signal]);
      if (signal === 'quit') setTimeout(release, 50);
      const got = await answer;
      expect(got.slice(9, 12)).toBe(status);
      expect((await nginx.exited).code).toBe(0);
      expect(() => sandbox.files.read('/run/nginx.pid')).toThrow();
      sandbox.dispose();
    }
  });

  test('-s without a running nginx', async () => {
    const sandbox = createLocalSandbox({
      files: { '/etc/nginx/nginx.conf': conf('x'), '/etc/passwd': PASSWD, '/etc/group': GROUP, '/var/log/nginx/': '' },
    });
    const nginx = await sandbox.spawn('nginx', ['-s', 'stop']);
    expect((await nginx.exited).code).toBe(1);
    expect(nginx.stderr()).toBe('nginx: [emerg] open() "/run/nginx.pid" failed (2: No such file or directory)\n');
    sandbox.dispose();
  });

  test('a port in use: five rounds, then exit 1', async () => {
    const { sandbox } = await start();
    const second = await sandbox.spawn('nginx', ['-g', 'daemon off;']);
    expect((await second.exited).code).toBe(1);
    expect(second.stderr()).toBe(
      `${'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\n'.repeat(5)}nginx: [emerg] still could not bind()\n`,
    );
  });

  test('without "daemon off" it goes to the background and keeps serving', async () => {
    const sandbox = createLocalSandbox({
      files: { '/etc/nginx/nginx.conf': conf('x'), '/etc/passwd': PASSWD, '/etc/group': GROUP, '/var/log/nginx/': '' },
    });
    const nginx = await sandbox.spawn('nginx');
    expect((await nginx.exited).code).toBe(0);
    await until(() => sandbox.events.some((event) => event.type === 'process.role' && event.role === 'worker'));
    expect(await exchange(sandbox, 80, get('/', CLOSE))).toMatch(/\r\n\r\nx\n$/);
    sandbox.dispose();
  });

  test('versions and options', async () => {
    const { sandbox } = await start();
    const run = async (...args: string[]): Promise<[number | null, string]> => {
      const process = await sandbox.spawn('nginx', args);
      return [(await process.exited).code, process.output()];
    };
    expect(await run('-v')).toEqual([0, 'nginx version: nginx/1.22.1\n']);
    expect(await run('-x')).toEqual([1, 'nginx: invalid option: "x"\n']);
    expect(await run('-s', 'halt')).toEqual([1, 'nginx: invalid option: "-s halt"\n']);
    expect(await run('-g', 'daemon off', '-t')).toEqual([
      1,
      'nginx: [emerg] unexpected end of parameter, expecting ";" in command line\nnginx: configuration file /etc/nginx/nginx.conf test failed\n',
    ]);
  });
});

describe('connections', () => {
  test('kept alive, pipelined, and each request logged in the combined format', async () => {
    const { sandbox } = await start();
    const got = await exchange(sandbox, 80, get('/a') + get('/b?c="d"', 'User-Agent: x"y\r\n') + get('/c', CLOSE));
    expect(got.match(/HTTP\/1\.1 200 OK/g)?.length).toBe(3);
    expect(got.match(/Connection: keep-alive/g)?.length).toBe(2);
    await until(() => sandbox.files.read('/var/log/nginx/access.log').split('\n').length === 4);
    const [, second] = sandbox.files.read('/var/log/nginx/access.log').split('\n');
    expect(second).toMatch(
      /^127\.0\.0\.1 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/b\?c=\\x22d\\x22 HTTP\/1\.1" 200 4 "-" "x\\x22y"$/,
    );
    const counts = sandbox.events.filter((event) => event.type === 'nginx.request').map((event) => event.n);
    expect(counts).toEqual([1, 2, 3]);
  });

  test.each([
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['lower-case method', 'get / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['no version', 'hello\r\n\r\n', 400],
    ['a space in a header name', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', 400],
    ['a path above the root', 'GET /../x HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a broken escape', 'GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['HTTP/2', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505],
    ['length and chunks at once', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['a length that is none', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\n', 400],
    ['a length beyond all counting', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n', 400],
    ['another coding', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n', 501],
    ['a URI over 8 kB', `GET /${'u'.repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['a header over 8 kB', `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'c'.repeat(9000)}\r\n\r\n`, 400],
  ])('refused: %s', async (_, request, status) => {
    const { sandbox } = await start();
    const got = await exchange(sandbox, 80, request);
    expect(Number(got.slice(9, 12))).toBe(status);
    expect(got).toContain('Connection: close\r\n');
    if (request.includes('Cookie')) expect(got).toContain('<center>Request Header Or Cookie Too Large</center>\r\n');
  });

  test('a body nobody wants is read away before the next request', async () => {
    const { sandbox } = await start();
    const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello`;
    const got = await exchange(sandbox, 80, post + get('/', CLOSE));
    expect(got.match(/HTTP\/1\.1 200 OK/g)?.length).toBe(2);
  });

  test('a length with many zeros before it is that length: what follows the body is the next request', async () => {
    const { sandbox } = await start();
    const smuggled = get('/smuggled');
    const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${String(smuggled.length).padStart(30, '0')}\r\n\r\n${smuggled}`;
    await exchange(sandbox, 80, post + get('/', CLOSE));
    const asked = (): string[] => sandbox.events.flatMap((event) => (event.type === 'nginx.request' ? [event.uri] : []));
    await until(() => asked().length > 1);
    expect(asked()).toEqual(['/', '/']);
  });

  test('a body nobody wants and nobody sends does not hold the connection for ever', async () => {
    open = await serving(conf('one').replace('server {', 'lingering_timeout 100ms; server {'));
    // it ends only when nginx closes the connection
    expect(await exchange(open.sandbox, 80, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n')).toContain('HTTP/1.1 200 OK');
  });

  test('HTTP/1.0 closes unless it asks to stay', async () => {
    const { sandbox } = await start();
    expect(await exchange(sandbox, 80, 'GET / HTTP/1.0\r\n\r\n')).toContain('Connection: close\r\n');
    const kept = await exchange(sandbox, 80, `GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n`);
    expect(kept).toContain('Connection: keep-alive\r\n');
  });
});
