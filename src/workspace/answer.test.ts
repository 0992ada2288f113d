import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../runtime/runtime.ts';
import { completeUrl, explainFailure, readBody, size, statusKind, statusText, summarise, whyRefused } from './answer.ts';
import { frontUnder } from './front.ts';

const response = (over: Partial<HttpResponse> = {}): HttpResponse => ({
  status: 200,
  statusText: 'OK',
  headers: [['Content-Type', 'text/plain']],
  body: new TextEncoder().encode('hello'),
  conn: 'c1',
  n: 1,
  ms: 5,
  failed: null,
  ...over,
});

describe('status', () => {
  it.each([
    [response(), 'ok', '200 OK'],
    [response({ status: 304, statusText: 'Not Modified' }), 'redirect', '304 Not Modified'],
    [response({ status: 404, statusText: 'Not Found' }), 'client-error', '404 Not Found'],
    [response({ status: 502, statusText: 'Bad Gateway' }), 'server-error', '502 Bad Gateway'],
    [response({ status: 504, statusText: 'Gateway Time-out' }), 'timeout', '504 Gateway Time-out'],
    [response({ status: 299, statusText: '' }), 'ok', '299'],
    [response({ status: 0, failed: 'ECONNREFUSED' }), 'failed', 'No answer'],
    [null, 'waiting', 'Waiting'],
  ] as const)('%#', (answer, kind, text) => {
    expect([statusKind(answer), statusText(answer)]).toEqual([kind, text]);
  });
});

describe('a failure in plain words', () => {
  // what sandboxes/programs/browser says, and what the page says when it gives up itself
  const refused = 'localhost refused to connect. Is the server running?';

  it('names the port that nobody listens on', () => {
    expect(explainFailure(refused, 'http://localhost/', 'page')).toMatch(/nobody listens on port 80\..*Restart servers/);
    expect(explainFailure(refused, 'http://localhost:8080/', 'page')).toMatch(/port 8080\./);
    expect(explainFailure(refused, 'https://localhost/', 'page')).toMatch(/port 443\./);
  });

  it.each([
    ['', false, 'http://localhost/', /systemctl start nginx/],
    [
      'systemd[1]: Started nginx.service - x.\nsystemd[1]: Stopped nginx.service - x.\n',
      false,
      'http://localhost/',
      /systemctl start nginx/,
    ],
    ['systemd[1]: Failed to start nginx.service - x.\n', false, 'http://localhost/', /nginx -t .*systemctl restart nginx/],
    ['systemd[1]: Failed to start nginx.service - x.\nsystemd[1]: Stopped nginx.service - x.\n', false, 'http://localhost/', /start nginx/],
    ['systemd[1]: Failed to start shop.service - x.\n', true, 'https://localhost/', /sites-enabled.*systemctl reload nginx/],
    ['', true, 'http://localhost:9090/', /ss -ltn/],
  ])('gives the advice for a machine that systemd runs, after %j', (output, runs, url, advice) => {
    const said = explainFailure(refused, url, frontUnder(output, runs, true));
    expect(said).toMatch(advice);
    expect(said).not.toMatch(/Restart servers/);
  });

  it('advises no start of Nginx on a machine where nobody has started anything', () => {
    const said = explainFailure(refused, 'http://localhost/', frontUnder('', false, false));
    expect(said).toMatch(/port 80\. Neither Nginx nor uWSGI runs.*as it should be/);
    expect(said).not.toMatch(/systemctl|Restart servers/);
    // who has stopped it knows that it is there
    expect(frontUnder('systemd[1]: Stopped nginx.service - x.\n', false, false)).toBe('off');
  });

  it.each([
    ['The connection to localhost was reset.', /died before its answer was complete/],
    ['localhost did not send any data.', /^localhost did not send any data\. The process/],
    ['localhost closed the connection before the whole answer had come.', /died before its answer was complete/],
    ['localhost took too long to respond.', /No answer came in time/],
    ['timed out', /No answer came in time/],
    ['The request was stopped.', /You cancelled/],
    ['cancelled', /You cancelled/],
    ['something new.', /^something new\. Check/],
  ])('%s', (failed, text) => {
    expect(explainFailure(failed, 'http://localhost/', 'page')).toMatch(text);
  });
});

describe('addresses as typed', () => {
  it.each([
    ['', 'http://localhost/'],
    ['/slow?ms=1', 'http://localhost/slow?ms=1'],
    ['localhost/x', 'http://localhost/x'],
    ['localhost:8080', 'http://localhost:8080/'],
    [' http://shop.test/a b ', 'http://shop.test/a%20b'],
    ['ftp://localhost/', null],
    ['https://localhost', 'https://localhost/'],
    ['http://', null],
    ['javascript:alert(1)', null],
  ])('%s', (typed, url) => {
    expect(completeUrl(typed)).toBe(url);
  });
});

it('says what is wrong with an address', () => {
  expect(whyRefused('/x')).toBeNull();
  expect(whyRefused('https://localhost/x')).toBeNull();
  expect(whyRefused('ftp://x')).toMatch(/no web address/);
});

describe('the body', () => {
  it('is text, HTML, something else or nothing', () => {
    expect(readBody(response())).toEqual({ kind: 'text', text: 'hello' });
    expect(readBody(response({ headers: [['content-type', 'text/html; charset=utf-8']] })).kind).toBe('html');
    expect(readBody(response({ headers: [['content-type', 'application/json']] })).kind).toBe('text');
    expect(readBody(response({ headers: [] })).kind).toBe('text');
    expect(readBody(response({ headers: [['Content-Type', 'image/png']] }))).toEqual({ kind: 'binary', text: '5 B of image/png' });
    expect(readBody(response({ body: new Uint8Array() })).kind).toBe('empty');
  });

  it('is cut when it is long, and says so', () => {
    const { text } = readBody(response({ body: new Uint8Array(50_000).fill(97) }));
    expect(text).toHaveLength(20_000 + '\n[the first 20.0 kB of 50.0 kB]'.length);
  });
});

it('writes sizes short', () => {
  expect([size(21), size(4096), size(9_598_218)]).toEqual(['21 B', '4.1 kB', '9.6 MB']);
});

it('sums answers up in a sentence', () => {
  expect(summarise([response()])).toBe('1 answer: 1 with 200.');
  expect(summarise([response(), response({ status: 502 }), response(), response({ status: 0, failed: 'x' })])).toBe(
    '4 answers: 2 with 200, 1 with 502, 1 never came.',
  );
  expect(summarise([response()], 7)).toBe('1 answer: 1 with 200. 7 still under way.');
});
