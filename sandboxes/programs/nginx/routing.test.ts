/** Locations, server names, files and methods against what the real nginx answered. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, byteText, fromUnicode } from '../http/bytes.ts';
import locations from './fixtures/locations.json' with { type: 'json' };
import files from './fixtures/static.json' with { type: 'json' };
import { echoServer, exchange, type Served, serving, until } from './testing.ts';

const conf = (servers: string): string =>
  `events {}\nhttp {\n types { text/html html; text/css css; text/plain txt; }\n default_type application/octet-stream;\n${servers}\n}\n`;
const close = (line: string, host: string, more = ''): string => `${line}\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`;

describe('locations', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serving(conf(locations.sets.map((set) => set.server_block).join('\n')), {
      '/usr/share/nginx/html/index.html': 'welcome\n',
    });
  });
  afterAll(() => served.sandbox.dispose());

  for (const set of locations.sets) {
    const port = Number(/listen 127\.0\.0\.1:(\d+)/.exec(set.server_block)?.[1]);
    test.each(set.results)(`${set.name}: $uri`, async ({ uri, status, location }) => {
      const answer = await exchange(served.sandbox, port, close(`GET ${uri} HTTP/1.1`, 'localhost'));
      expect(Number(answer.slice(9, 12))).toBe(status);
      if (location === null) return;
      const [body] = answer.split('\r\n\r\n').slice(1);
      // The block writes its own label, sometimes shortened.
      expect(fromUnicode(location).startsWith((body ?? '').trimEnd())).toBe(true);
      expect(body?.trimEnd()).not.toBe('');
    });
  }
});

const TREE = {
  '/etc/nginx/alias/site.css': 'alias/site.css\n',
  '/etc/nginx/alias/sub/x.txt': 'alias/sub/x\n',
  '/etc/nginx/root/404.html': 'other 404\n',
  '/etc/nginx/root/a.txt': 'root/a.txt\n',
  '/etc/nginx/root/index.html': 'root index\n',
  '/etc/nginx/root/noindex/z.txt': 'z\n',
  '/etc/nginx/root/page.html': 'plain\n',
  '/etc/nginx/root/static/site.css': 'root/static/site.css\n',
  '/etc/nginx/root/sub/index.html': 'root/sub/index\n',
  '/etc/nginx/secret.txt': 'secret\n',
};

interface Recorded {
  readonly request: string;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly error_log: readonly string[];
  readonly req_opts?: { readonly host?: string; readonly method?: string; readonly body?: string };
}

describe('files', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serving(conf(files.groups.map((group) => group.server_block).join('\n')), TREE, { backend: echoServer('B1', 9201) });
    const backend = await served.sandbox.spawn('backend');
    await until(() => backend.output() !== '');
  });
  afterAll(() => served.sandbox.dispose());

  for (const group of files.groups) {
    const results: readonly Recorded[] = group.results;
    test.each(results)(`${group.name}: $request $req_opts`, async ({ request, status, headers, body, error_log, req_opts }) => {
      const { sandbox } = served;
      const before = errorLines(served);
      const sent = req_opts?.body ?? '';
      const host = req_opts?.host ?? (group.name === 'root_vs_alias' ? 'localhost' : `localhost:${group.port}`);
      const length = sent === '' ? '' : `Content-Length: ${sent.length}\r\n`;
      const answer = await exchange(
        sandbox,
        group.port,
        `${close(`${req_opts?.method ?? 'GET'} ${request} HTTP/1.1`, host, length)}${sent}`,
      );
      const [head = '', ...rest] = answer.split('\r\n\r\n');
      expect(head === '' ? null : Number(head.slice(9, 12))).toBe(status);
      for (const [name, value] of Object.entries(headers)) expect(head).toContain(`\r\n${name}: ${value}`);
      // The recorded list of files has the date of its own file in it, and its chunk size begins the body.
      const undated = (text: string): string => text.replace(/\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d/, 'DATE');
      if (!body.endsWith('(nginx page)')) expect(undated(rest.join('\r\n\r\n'))).toBe(undated(body));
      else
        expect(rest.join('\r\n\r\n')).toContain(
          `<center><h1>${body.replace(' (nginx page)', '')}</h1></center>\r\n<hr><center>nginx/1.22.1</center>`,
        );
      if (error_log.length > 0) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        const added = errorLines(served).slice(before.length);
        const plain = (line: string): string =>
          line.replace(/^\S+ \S+ (\[\w+\]) \d+#\d+: \*\d+ /, '$1 ').replace(/host: "localhost:\d+"/, 'host: "localhost"');
        expect(added.map(plain)).toEqual(error_log);
      }
    });
  }

  test('conditional requests, HEAD and the order of header lines', async () => {
    const { sandbox } = served;
    const full = await exchange(sandbox, 9300, close('GET /static/site.css HTTP/1.1', 'localhost'));
    expect(
      full
        .split('\r\n\r\n')[0]
        ?.split('\r\n')
        .map((line) => line.split(':')[0]),
    ).toEqual([
      'HTTP/1.1 200 OK',
      'Server',
      'Date',
      'Content-Type',
      'Content-Length',
      'Last-Modified',
      'Connection',
      'ETag',
      'Accept-Ranges',
    ]);
    const etag = /ETag: (.*)\r/.exec(full)?.[1] ?? '';
    const modified = /Last-Modified: (.*)\r/.exec(full)?.[1] ?? '';
    expect(etag).toBe(`"${(Date.parse(modified) / 1000).toString(16)}-15"`);
    const matched = await exchange(sandbox, 9300, close('GET /static/site.css HTTP/1.1', 'localhost', `If-None-Match: ${etag}\r\n`));
    expect(matched).toMatch(/^HTTP\/1\.1 304 Not Modified\r\n/);
    expect(matched).toMatch(/\r\n\r\n$/);
    expect(matched).not.toContain('Content-Length');
    const since = await exchange(sandbox, 9300, close('GET /static/site.css HTTP/1.1', 'localhost', `If-Modified-Since: ${modified}\r\n`));
    expect(since).toMatch(/^HTTP\/1\.1 304 /);
    const later = 'If-Modified-Since: Sun, 22 Nov 2037 05:32:00 GMT\r\n';
    expect(await exchange(sandbox, 9300, close('GET /static/site.css HTTP/1.1', 'localhost', later))).toMatch(/^HTTP\/1\.1 200 /);
    const head = await exchange(sandbox, 9300, close('HEAD /static/site.css HTTP/1.1', 'localhost'));
    expect(head).toContain('Content-Length: 21\r\n');
    expect(head).toMatch(/\r\n\r\n$/);
  });
});

function errorLines({ sandbox }: Served): string[] {
  return sandbox.files
    .read('/var/log/nginx/error.log')
    .split('\n')
    .filter((line) => line !== '');
}

test('byte text goes to bytes and back', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(bytesOf(byteText(all))).toEqual(all);
});
