import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalSandbox } from '../../host/local.ts';
import { PASSWD, until } from '../uwsgi/testing.ts';
import { readOptions } from './options.ts';
import { type Outcome, reportText } from './report.ts';

const conf = `worker_processes 1;
events {}
http {
  server {
    listen 80;
    location / { return 200 "hello\\n"; }
    location /gone { return 404 "no\\n"; }
    location /early { return 444; }
  }
}
`;

describe('ab against nginx', () => {
  const sandbox = createLocalSandbox({ files: { ...PASSWD, '/etc/nginx/nginx.conf': conf, '/var/log/nginx/': '', '/body': 'a=1' } });
  afterAll(() => sandbox.dispose());
  beforeAll(async () => {
    await sandbox.spawn('nginx', ['-g', 'daemon off;']);
    await until(() => sandbox.events.filter(({ type }) => type === 'process.role').length > 1);
  });
  const ab = async (...args: readonly string[]) => {
    const process = await sandbox.spawn('ab', args);
    const { code } = await process.exited;
    return { code, out: process.stdout(), err: process.stderr() };
  };
  /** Numbers that differ from run to run. */
  const timeless = (text: string): string =>
    text
      .replace(/^(Time taken for tests|Requests per second|Time per request|Transfer rate)(:\s+)[\d.]+/gm, '$1$2N')
      .replace(/^(Connect|Processing|Waiting|Total):.*$/gm, '$1')
      .replace(/^(\s+\d+%)\s+\d+/gm, '$1 N')
      .replace(/^(WARNING|ERROR):.*\n.*\n/gm, '');

  it('reports as the real one does', async () => {
    const { code, out, err } = await ab('-n', '20', '-c', '4', 'http://127.0.0.1/');
    expect([code, err]).toEqual([0, '']);
    expect(timeless(out)).toBe(`This is ApacheBench, Version 2.3 <$Revision: 1903618 $>
Copyright 1996 Adam Twiss, Zeus Technology Ltd, http://www.zeustech.net/
Licensed to The Apache Software Foundation, http://www.apache.org/

Benchmarking 127.0.0.1 (be patient).....done


Server Software:        nginx/1.22.1
Server Hostname:        127.0.0.1
Server Port:            80

Document Path:          /
Document Length:        6 bytes

Concurrency Level:      4
Time taken for tests:   N seconds
Complete requests:      20
Failed requests:        0
Total transferred:      ${20 * 148} bytes
HTML transferred:       120 bytes
Requests per second:    N [#/sec] (mean)
Time per request:       N [ms] (mean)
Time per request:       N [ms] (mean, across all concurrent requests)
Transfer rate:          N [Kbytes/sec] received

Connection Times (ms)
              min  mean[+/-sd] median   max
Connect
Processing
Waiting
Total

Percentage of the requests served within a certain time (ms)
  50% N
  66% N
  75% N
  80% N
  90% N
  95% N
  98% N
  99% N
 100% N (longest request)
`);
  });

  it('has so many connections open at the same time, and keeps them with -k', async () => {
    const from = sandbox.events.length;
    const { out } = await ab('-n', '30', '-c', '5', '-k', 'http://127.0.0.1/');
    expect(out).toContain('Keep-Alive requests:    30\n');
    expect(sandbox.events.slice(from).filter(({ type }) => type === 'conn.queued')).toHaveLength(5);
  });

  it('tells how far it is, counts other answers, and sends a body', async () => {
    const { err, out } = await ab(
      '-n',
      '200',
      '-c',
      '8',
      '-p',
      '/body',
      '-T',
      'application/x-www-form-urlencoded',
      'http://127.0.0.1/gone',
    );
    expect(err).toBe('Completed 100 requests\nCompleted 200 requests\nFinished 200 requests\n');
    expect(out).toContain('Non-2xx responses:      200\n');
    expect(out).toMatch(/^Total body sent: {8}\d+\n/m);
  });

  it('gives up on a server that is not there or does not answer', async () => {
    expect(await ab('http://127.0.0.1:81/')).toMatchObject({ code: 111, err: 'apr_socket_recv: Connection refused (111)\n' });
    const silent = await ab('-n', '20', 'http://127.0.0.1/early');
    expect(silent).toMatchObject({ code: 104, err: expect.stringContaining('Test aborted after 10 failures') });
  });

  it('prints what it has when it is interrupted', async () => {
    const process = await sandbox.spawn('ab', ['-t', '60', 'http://127.0.0.1/']);
    await expect
      .poll(() => sandbox.events.filter(({ type, pid }) => type === 'client.response' && pid === process.pid).length)
      .toBeGreaterThan(2);
    sandbox.kill(process.pid, 'SIGINT');
    expect(await process.exited).toEqual({ code: 1, signal: null });
    expect(process.stdout()).toMatch(/^Complete requests: {6}[1-9]/m);
  });
});

describe("ab's command line", () => {
  it('is refused in ab’s words', () => {
    const problem = (...args: readonly string[]): string => {
      const read = readOptions(args);
      return typeof read === 'object' && 'problem' in read ? (read.problem.split('\n')[0] ?? '') : '';
    };
    expect(problem('-n', '2', '-c', '4', 'http://x/')).toBe('ab: Cannot use concurrency level greater than total number of requests');
    expect(problem('-n', 'many', 'http://x/')).toBe('ab: Invalid number of requests');
    expect(problem('http://localhost')).toBe('ab: invalid URL');
    expect(problem('https://localhost/')).toMatch(/speaks HTTP only/);
    expect(problem('-g', 'x', 'http://x/')).toMatch(/does not have -g/);
    expect(problem()).toBe('ab: wrong number of arguments');
  });
});

describe("ab's report", () => {
  it('rounds and aligns as the real one', () => {
    const timings = [
      { connect: 2, wait: 164, total: 185 },
      { connect: 3, wait: 466, total: 476 },
      { connect: 1063, wait: 12_560, total: 12_566 },
    ];
    const outcome: Outcome = {
      server: 'Apache',
      host: 'example.test',
      port: 80,
      path: '/',
      length: 19_580,
      concurrency: 5,
      taken: 211_457,
      timings,
      failed: { connect: 0, receive: 0, length: 2, exceptions: 0 },
      writeErrors: 0,
      not2xx: 0,
      kept: null,
      received: 60_000,
      body: 58_740,
      sent: null,
    };
    const lines = reportText(outcome).split('\n');
    expect(lines).toContain('   (Connect: 0, Receive: 0, Length: 2, Exceptions: 0)');
    expect(lines).toContain('Time taken for tests:   211.457 seconds');
    expect(lines).toContain('              min  mean[+/-sd] median   max');
    expect(lines).toContain('Connect:        2  356 612.3      3    1063');
    expect(lines).toContain('Processing:   183 4053 6453.5    473   11503');
    expect(lines).toContain('  50%    476');
    expect(lines).toContain(' 100%  12566 (longest request)');
  });
});
