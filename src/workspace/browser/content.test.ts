import { describe, expect, it } from 'vitest';
import type { CertificateFacts } from '../../runtime/runtime.ts';
import { downloadSentence, formAsk, prettyJson, redirected, redirectOf, shapeOf, textOf } from './content.ts';
import { safetyOf, troubleOf, warningOf } from './trouble.ts';
import { leftOut, spanOf } from './words.ts';

const answer = (type: string | null, text = 'x', more: readonly (readonly [string, string])[] = []) => ({
  status: 200,
  headers: [...(type === null ? [] : [['Content-Type', type] as const]), ...more],
  body: new TextEncoder().encode(text),
});

describe('how a browser shows an answer', () => {
  it.each([
    ['text/html; charset=utf-8', 'html'],
    ['application/json', 'json'],
    ['application/problem+json', 'json'],
    ['text/plain', 'text'],
    ['application/javascript', 'text'],
    ['image/svg+xml', 'image'],
    ['application/zip', 'download'],
    ['application/octet-stream', 'download'],
  ])('%s', (type, shape) => {
    expect(shapeOf(answer(type))).toBe(shape);
  });

  it('without a type by what it begins with', () => {
    expect([
      shapeOf(answer(null, ' <!doctype html>')),
      shapeOf(answer(null, 'hello')),
      shapeOf(answer(null, 'a\0b')),
      shapeOf(answer(null, '')),
    ]).toEqual(['html', 'text', 'download', 'nothing']);
  });

  it('an attachment is saved, whatever it is', () => {
    const file = answer('text/html', 'x', [['Content-Disposition', 'attachment; filename="a.html"']]);
    expect(shapeOf(file)).toBe('download');
    expect(downloadSentence(file, 'http://localhost/x')).toMatch(/^This would be downloaded as a\.html: 1 B of text\/html\./);
  });

  it('reads text by its charset, by the page’s own, or as what it can be', () => {
    const bytes = (type: string, ...body: number[]) => ({ headers: [['content-type', type] as const], body: Uint8Array.from(body) });
    expect(textOf(bytes('text/plain; charset=latin1', 0xe4))).toBe('ä');
    expect(textOf(bytes('text/plain', 0xc3, 0xa4))).toBe('ä');
    expect(textOf(bytes('text/plain', 0xe4))).toBe('ä');
    expect(textOf(bytes('text/plain; charset=nonsense', 0x61))).toBe('a');
    expect(textOf(answer('text/html', '<meta charset="utf-8">ä'))).toContain('ä');
  });

  it('lays JSON out', () => {
    expect([prettyJson('{"a":1}'), prettyJson('{')]).toEqual(['{\n  "a": 1\n}', '{']);
  });
});

describe('redirects', () => {
  const to = (status: number, location: string | null, url = 'http://localhost/a/b#part') =>
    redirectOf({ status, headers: location === null ? [] : [['Location', location]] }, url);
  it('lead on, relative ones too, and keep the part of the page', () => {
    expect(to(302, '../c')).toBe('http://localhost/c#part');
    expect(to(301, 'https://localhost/#other')).toBe('https://localhost/#other');
    expect([to(200, '/'), to(302, null), to(304, '/'), to(302, 'http://')]).toEqual([null, null, null, null]);
  });
  it('ask by GET, but for 307 and 308', () => {
    const post = { url: '/a', method: 'POST', body: 'x', contentType: 't' } as const;
    expect(redirected(post, 303, '/b')).toEqual({ url: '/b', method: 'GET' });
    expect(redirected(post, 307, '/b')).toEqual({ ...post, url: '/b' });
  });
});

describe('forms', () => {
  const form = { url: 'http://localhost/f?old=1#x', multipart: false } as const;
  it('put their fields into the address, or into the body', () => {
    expect(
      formAsk({ ...form, method: 'GET' }, [
        ['a', 'b c'],
        ['ü', '&'],
      ]),
    ).toEqual({ url: 'http://localhost/f?a=b+c&%C3%BC=%26', method: 'GET' });
    expect(formAsk({ ...form, method: 'POST' }, [['a', 'x\ny']])).toMatchObject({
      url: form.url,
      method: 'POST',
      body: 'a=x%0D%0Ay',
      contentType: 'application/x-www-form-urlencoded',
    });
  });
  it('of several parts have a line between them', () => {
    const { body = '', contentType = '' } = formAsk({ ...form, method: 'POST', multipart: true }, [['a"b', 'x']]);
    const boundary = contentType.replace('multipart/form-data; boundary=', '');
    expect(body).toBe(`--${boundary}\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\nx\r\n--${boundary}--\r\n`);
  });
});

describe('the browser’s own pages', () => {
  it.each([
    ['localhost refused to connect. Is the server running?', 'http://localhost:81/', 'ERR_CONNECTION_REFUSED', /port 81/],
    ['The connection to localhost was reset.', 'http://localhost/', 'ERR_CONNECTION_RESET', /server log/],
    ['localhost did not send any data.', 'http://localhost/', 'ERR_EMPTY_RESPONSE', /died before/],
    ['timed out', 'http://localhost/', 'ERR_CONNECTION_TIMED_OUT', /where does the request stand/],
    ['There is no shop.test in this sandbox; use http://localhost/', 'http://shop.test/', 'ERR_NAME_NOT_RESOLVED', /called shop\.test/],
    ['localhost does not speak TLS there; try http instead of https.', 'https://localhost:80/', 'ERR_SSL_PROTOCOL_ERROR', /no ssl/],
    ['The page redirects too often: 20 times, and the last time to x.', 'http://localhost/', 'ERR_TOO_MANY_REDIRECTS', /20 times/],
    ['something new', 'http://localhost/', 'ERR_INVALID_RESPONSE', /something new/],
  ])('%s', (failed, url, code, text) => {
    const trouble = troubleOf(failed, url, 'page');
    expect(trouble.code).toBe(code);
    expect(trouble.text).toMatch(text);
  });

  const facts: CertificateFacts = {
    trouble: 'authority',
    nameMatches: true,
    problem: 'self-signed certificate',
    subject: 'localhost',
    issuer: 'localhost',
    names: ['localhost'],
    notBefore: Date.UTC(2026, 0, 1),
    notAfter: Date.UTC(2026, 1, 1),
    fingerprint: 'ab01',
    now: Date.UTC(2026, 0, 15),
  };
  it.each([
    [{}, 'NET::ERR_CERT_AUTHORITY_INVALID', /not trusted by this machine/, /signed its certificate itself/],
    [
      { nameMatches: false, now: Date.UTC(2026, 5, 1) },
      'NET::ERR_CERT_AUTHORITY_INVALID',
      /not trusted/,
      /for another name, too\. It has expired, too\./,
    ],
    [
      { trouble: 'name', names: ['a.test', 'b.test'] },
      'NET::ERR_CERT_COMMON_NAME_INVALID',
      /is from a\.test, b\.test\./,
      /the address says localhost/,
    ],
    [{ trouble: 'name', names: [] }, 'NET::ERR_CERT_COMMON_NAME_INVALID', /names no host/, /subjectAltName/],
    [{ trouble: 'expired', now: Date.UTC(2026, 1, 4) }, 'NET::ERR_CERT_DATE_INVALID', /expired 3 days ago/, /renewed/],
    [{ trouble: 'not-yet', now: Date.UTC(2025, 11, 31) }, 'NET::ERR_CERT_DATE_INVALID', /only valid in 1 day\./, /clock/],
    [
      { trouble: 'other', problem: 'certificate signature failure' },
      'NET::ERR_CERT_INVALID',
      /certificate signature failure/,
      /openssl x509/,
    ],
  ] as const)('a certificate: %j', (over, code, why, meaning) => {
    const warning = warningOf({ ...facts, ...over }, 'https://localhost/');
    expect(warning.code).toBe(code);
    expect(warning.why).toMatch(why);
    expect(warning.meaning).toMatch(meaning);
    expect(warning.facts).toContainEqual(['Valid', '2026-01-01 to 2026-02-01']);
  });

  it('the mark in front of the address', () => {
    expect(safetyOf('http://localhost/', null)).toBe('plain');
    expect(safetyOf('https://localhost/', { ...facts, trouble: null })).toBe('secure');
    expect(safetyOf('https://localhost/', facts)).toBe('broken');
    expect(safetyOf('https://localhost/', null)).toBe('none');
  });
});

it('says what is not shown', () => {
  expect(leftOut({ script: 2, object: 1, embed: 1, p: 3 })).toBe(
    'Not shown: 2 scripts, 2 plug-ins. Scripts of a page do not run in this browser.',
  );
  expect(leftOut({})).toBe('');
});

it('draws the times of what was sent together on one scale', () => {
  const response = { ...answer('text/plain'), statusText: '', conn: '', n: 1, ms: 50, failed: null };
  const one = { id: 1, method: 'GET', url: '', purpose: 'document', at: 100, began: 100, cancel: () => {}, response } as const;
  const two = { ...one, id: 2, at: 150, response: { ...response, ms: 150 } };
  const other = { ...one, id: 3, at: 900, began: 900, response: { ...response, ms: 5000 } };
  const all = [other, two, one];
  expect([spanOf(one, all), spanOf(two, all), spanOf(other, all)]).toEqual([
    { from: 0, to: 0.25 },
    { from: 0.25, to: 1 },
    { from: 0, to: 1 },
  ]);
  expect(spanOf({ ...one, response: null }, all)).toBeNull();
});
