import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TraceHeader } from '../../sandboxes/host/events.ts';
import { randomLog } from './fixtures/random.ts';
import { small } from './fixtures/small.ts';
import { TraceLog } from './log.ts';

const header: TraceHeader = { v: 1, kind: 'recording', lesson: 'x', scenario: 'y', inputs: 'z', made: '2026-01-01T00:00:00Z' };
const root = join(import.meta.dirname, '../..');
const evil = '<img src=x onerror=alert(1)>';

/** What reading one event says, its fields given beside those that every event has. */
function complaint(fields: Record<string, unknown>): string {
  const text = [header, { t: 1, pid: 2, seq: 3, ...fields }].map((line) => JSON.stringify(line)).join('\n');
  try {
    TraceLog.parse(text);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test.each(globSync(['lessons/*/*/{recording,real}.ndjson', 'src/trace/fixtures/*.ndjson'], { cwd: root }))('%s can be read', (file) => {
  expect(TraceLog.parse(readFileSync(join(root, file), 'utf8')).events.length).toBeGreaterThan(100);
});

test('what runs write reads back, whatever happened in them', () => {
  for (const events of [small, randomLog(1, 100), randomLog(2, 100)]) {
    const log = new TraceLog(events);
    expect(TraceLog.parse(log.serialise(header)).events).toEqual(log.events);
  }
});

const response = { type: 'client.response', conn: 'c', n: 1, status: 200, bytes: 1, server: 'nginx' };
const role = { type: 'process.role', role: 'worker', server: 'uwsgi', worker: 1 };
const exit = { type: 'process.exit', code: 0, signal: null };
const environ = { type: 'wsgi.environ', conn: 'c', environ: { PATH_INFO: '/' } };
const start = { type: 'process.start', ppid: 1, program: 'sh', args: ['-c'], uid: 0 };
const data = { type: 'conn.data', conn: 'c', bytes: 1 };
const listen = { type: 'socket.listen', listener: 1, address: '0.0.0.0:80', backlog: 100 };

test.each([response, role, exit, environ, start, data, listen])('$type as it should be', (event) => {
  expect(complaint(event)).toBe('');
});

test.each<[string, Record<string, unknown>]>([
  ['status of client.response must be a whole number', { ...response, status: evil }],
  ['status of client.response must be a whole number', { ...response, status: [evil] }],
  ['status of client.response must be a whole number', { ...response, status: null }],
  ['status of client.response must be a whole number', { ...response, status: 200.5 }],
  ['status of client.response must be a whole number', { ...response, status: undefined }],
  ['conn of client.response must be text', { ...response, conn: { toString: evil } }],
  ['pid of client.response must be a whole number', { ...response, pid: evil }],
  ['seq of client.response must be a whole number', { ...response, seq: true }],
  ['t of client.response must be a number', { ...response, t: '1' }],
  ['backlog of socket.listen must be a whole number', { ...listen, backlog: evil }],
  ['worker of process.role must be a whole number, if there is one', { ...role, worker: evil }],
  ['worker of process.role must be a whole number, if there is one', { ...role, worker: null }],
  ['role of process.role must be master or worker', { ...role, role: evil }],
  ['role of process.role must be master or worker', { ...role, role: ['master'] }],
  ['code of process.exit must be a whole number or null', { ...exit, code: undefined }],
  ['signal of process.exit must be text or null', { ...exit, signal: 9 }],
  ['args of process.start must be a list of texts', { ...start, args: evil }],
  ['args of process.start must be a list of texts', { ...start, args: [evil, 1] }],
  ['environ of wsgi.environ must be an object of texts', { ...environ, environ: [evil] }],
  ['environ of wsgi.environ must be an object of texts', { ...environ, environ: { PATH_INFO: {} } }],
  ['environ of wsgi.environ must be an object of texts', { ...environ, environ: null }],
  ['data of conn.data must be text, if there is one', { ...data, data: 1 }],
  ['reset of conn.close must be true or false', { type: 'conn.close', conn: 'c', reset: 'false' }],
  ['there is no event type "constructor"', { type: 'constructor' }],
  ['there is no event type "__proto__"', { type: '__proto__' }],
  [`there is no event type "${'x'.repeat(40)}"`, { type: 'x'.repeat(1e5) }],
  ['an event needs a type', { type: 7 }],
])('%s', (why, event) => {
  expect(complaint(event)).toBe(`trace, line 2: ${why}`);
});

test('a header says in text what it is of', () => {
  expect(() => TraceLog.parse(JSON.stringify({ ...header, lesson: [evil] }))).toThrow('trace, line 1: lesson of the header must be text');
});

test('a header may name the real servers that ran', () => {
  const real = { nginx: '1.22.1', uwsgi: '2.0.21', python: '3.11.2', machine: 'Linux' };
  expect(TraceLog.parse(JSON.stringify({ ...header, real })).header?.real).toEqual(real);
  for (const wrong of [{ ...real, nginx: 1.22 }, { nginx: '1.22.1' }, null, 'nginx'])
    expect(() => TraceLog.parse(JSON.stringify({ ...header, real: wrong }))).toThrow(
      'trace, line 1: real of the header must be the names of nginx, uwsgi, python and machine, if there is one',
    );
});
