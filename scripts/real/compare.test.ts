import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { differences, differing, type Heard } from './compare.ts';
import { plainCurl } from './curl.ts';
import type { Answer } from './exchange.ts';
import { readHops } from './hop-log.ts';
import { plainAnswer, plainError, plainUwsgi } from './normal.ts';

test('lines that only one side has are found, and another order', () => {
  expect(differing('a', ['x', 'y', 'y'], ['y', 'x', 'z'])).toEqual([
    { where: 'a', only: 'here', line: 'y' },
    { where: 'a', only: 'real', line: 'z' },
  ]);
  expect(differing('a', ['x', 'y'], ['y', 'x'])).toEqual([{ where: 'a', only: 'here', line: 'in another order, from here on: x' }]);
  expect(differing('a', ['x', 'y'], ['y', 'x'], false)).toEqual([]);
});

const answer = (headers: Answer['headers'], body: string): Answer => ({ status: 200, line: 'HTTP/1.1 200 OK', headers, body, port: 1 });
const page = (pid: number, length: number): string[] =>
  plainAnswer(answer([['Content-Length', String(length)]], `Hello from worker 2 (pid ${pid})\n`));

test('of an answer, numbers of processes and times do not count, and a wrong length does', () => {
  expect(page(12345, 32)).toEqual(page(7, 28));
  expect(page(12345, 33)).not.toEqual(page(7, 28));
  const file = (etag: string): string[] =>
    plainAnswer(
      answer(
        [
          ['ETag', etag],
          ['Date', 'Mon, 23 Nov 2026 15:20:18 GMT'],
        ],
        'x',
      ),
    );
  expect(file('"6b0459b2-a4"')).toEqual(file('"1-a4"'));
  expect(file('"6b0459b2-a4"')).not.toEqual(file('"6b0459b2-a5"'));
  expect(file('"1-1"')[2]).toBe('Date: (a time)');
});

test('of a line of a log, what hangs on the moment goes', () => {
  expect(plainError('2026/11/22 05:39:49 [error] 3471#3471: *12 open() "/x" failed (2: No such file or directory)')).toBe(
    'T [error] P: *N open() "/x" failed (2: No such file or directory)',
  );
  const line =
    '[pid: 18360|app: 0|req: 1/1] 127.0.0.1 () {30 vars in 324 bytes} [Mon Nov 23 15:21:11 2026] GET / => generated 32 bytes in 7 msecs (HTTP/1.1 200) 2 headers in 80 bytes (1 switches on core 0)';
  expect(plainUwsgi(line)).toBe(
    '[pid: N|app: 0|req: N/N] 127.0.0.1 () {30 vars in N bytes} [T] GET / => generated N bytes in N msecs (HTTP/1.1 200) 2 headers in N bytes (N switches on core N)',
  );
});

/** One request to a worker, with the lengths that the two logs tell. */
const heard = (body: string, sent: number, generated: number, head: number): Heard => ({
  exchanges: [{ name: 'a page', answer: answer([['Content-Length', String(body.length)]], body) }],
  logs: {
    access: [`127.0.0.1 - - [23/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 ${sent} "-" "-"`],
    uwsgi: [
      `[pid: 7|app: 0|req: 1/1] 127.0.0.1 () {30 vars in 324 bytes} [Mon Nov 23 15:21:11 2026] GET / => generated ${generated} bytes in 7 msecs (HTTP/1.1 200) 2 headers in ${head} bytes (1 switches on core 0)`,
    ],
    ...{ error: [], elsewhere: [], start: [], by: ['worker'] },
  },
});

test('lengths in logs count, but for the digits of numbers that differ', () => {
  const one = heard('from pid 12345', 14, 14, 80);
  expect(differences(heard('a pid 1234', 10, 10, 80), heard('a pid 7', 7, 7, 79))).toEqual([]);
  expect(differences(one, heard('from pid 7', 10, 10, 80))).toEqual([]);
  expect(differences(one, heard('from pid 7', 14, 10, 80)).map(({ where }) => where)).toEqual(['access log', 'access log']);
  expect(differences(one, heard('from pid 7', 10, 14, 80)).map(({ where }) => where)).toEqual(['uwsgi log', 'uwsgi log']);
  expect(differences(heard('Hello', 5, 5, 80), heard('Hello', 5, 5, 81)).map(({ line }) => / headers in \d+/.exec(line)?.[0])).toEqual([
    ' headers in 80',
    ' headers in 81',
  ]);
});

test('what the real side was not asked is an error, not one difference fewer', () => {
  const one = heard('Hello', 5, 5, 80);
  expect(() => differences(one, { ...one, exchanges: [] })).toThrow('not asked for a page');
});

test('of curl, what it says of the connection goes', () => {
  expect(plainCurl(0, '*   Trying 127.0.0.1:80...\r\n> User-Agent: curl/7.88.1\r\n< Server: nginx/1.22.1\r\nHello\n')).toEqual([
    'exit 0',
    '> User-Agent: curl/V',
    '< Server: nginx/V',
    'Hello',
    '',
  ]);
});

test('a hop log tells each server that was tried', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hops-'));
  try {
    const line = {
      ...{
        at: '1.5',
        seconds: '0.002',
        port: '40000',
        connection: '3',
        n: '1',
        pid: '9',
        request: 'GET / HTTP/1.1',
        status: '200',
      },
      ...{
        bytes: '9',
        address: '127.1.1.2:3031, unix:/s',
        upstreamStatus: '502, 200',
        connect: '-, 0.001',
        header: '-, 0.002',
        response: '0.000, 0.002',
      },
    };
    writeFileSync(join(folder, 'log'), `${JSON.stringify(line)}\n${JSON.stringify({ ...line, address: '' })}\n{"id":`);
    const [tried, alone] = readHops(join(folder, 'log'));
    expect(tried?.upstreams).toEqual([
      { address: '127.1.1.2:3031', status: 502, connect: null, header: null, response: 0 },
      { address: 'unix:/s', status: 200, connect: 0.001, header: 0.002, response: 0.002 },
    ]);
    expect(alone?.upstreams).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
