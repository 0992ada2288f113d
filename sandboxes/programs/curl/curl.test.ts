/** curl and the browser process against a server that says what a test wants. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Connection, Program } from '../../host/host.ts';
import { createLocalSandbox, type LocalSandbox } from '../../host/local.ts';
import { byteText } from '../http/bytes.ts';

let sandbox: LocalSandbox;
afterEach(() => sandbox.dispose());

/** A server on port 80 that answers each connection's requests with these texts, one after another, then closes. */
async function server(answers: readonly string[], seen: string[] = []): Promise<void> {
  const program: Program = async (host) => {
    const listener = await host.listen({ port: 80 }, { backlog: 50 });
    await host.print('ready');
    for (let connection = await listener.accept(); connection !== null; connection = await listener.accept()) void serve(connection);
    return 0;
  };
  const serve = async (connection: Connection): Promise<void> => {
    try {
      for (const answer of answers) {
        let text = '';
        while (!text.includes('\r\n\r\n')) {
          const bytes = await connection.read();
          if (bytes === null) return connection.close();
          text += byteText(bytes);
        }
        seen.push(text);
        await connection.write(answer);
      }
    } finally {
      connection.close();
    }
  };
  sandbox = createLocalSandbox({ programs: { server: program } });
  const process = await sandbox.spawn('server');
  while (process.output() !== 'ready') await new Promise((resolve) => setTimeout(resolve, 2));
}

async function curl(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const process = await sandbox.spawn('curl', args);
  const { code } = await process.exited;
  return { code, out: process.stdout(), err: process.stderr() };
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nhi\n';

describe('curl', () => {
  test('prints the body, with -i the head too, with -v what was said', async () => {
    const seen: string[] = [];
    await server([OK], seen);
    expect(await curl('http://localhost/x')).toEqual({ code: 0, out: 'hi\n', err: '' });
    expect(seen).toEqual(['GET /x HTTP/1.1\r\nHost: localhost\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n']);
    expect((await curl('-i', 'localhost')).out).toBe(OK);
    expect((await curl('-sv', 'localhost/')).err).toBe(
      '*   Trying 127.0.0.1:80...\n* Connected to localhost (127.0.0.1) port 80 (#0)\n> GET / HTTP/1.1\n> Host: localhost\n> User-Agent: curl/7.88.1\n' +
        '> Accept: */*\n> \n< HTTP/1.1 200 OK\n< Content-Type: text/plain\n< Content-Length: 3\n< \n* Connection #0 to host localhost left intact\n',
    );
  });

  test('sends data, headers and methods', async () => {
    const seen: string[] = [];
    await server([OK], seen);
    await curl('-s', '-d', 'a=1', '-d', 'b=2', '-H', 'X-Test: yes', '-H', 'Accept:', '-H', 'User-Agent: me', 'http://localhost:80/f');
    expect(seen[0]).toBe(
      'POST /f HTTP/1.1\r\nHost: localhost\r\nUser-Agent: me\r\nContent-Length: 7\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Test: yes\r\n\r\na=1&b=2',
    );
    await curl('-sXDELETE', 'localhost/d');
    expect(seen[1]).toMatch(/^DELETE \/d /);
    await curl('-sI', 'localhost/h');
    expect(seen[2]).toMatch(/^HEAD \/h /);
  });

  test('-o and -w', async () => {
    await server([OK]);
    const got = await curl('-s', '-o', '/tmp/out', '-w', '%{http_code} %{size_download} %{content_type}\\n', 'localhost');
    expect(got).toEqual({ code: 0, out: '200 3 text/plain\n', err: '' });
    expect(sandbox.files.read('/tmp/out')).toBe('hi\n');
    expect((await curl('-s', '-w', '%{time_total}', '-o', '/dev/null', 'localhost')).out).toMatch(/^0\.\d{6}$/);
  });

  test('failures by their numbers and words', async () => {
    await server([]);
    expect(await curl('localhost')).toEqual({ code: 52, out: '', err: 'curl: (52) Empty reply from server\n' });
    const refused = await curl('http://localhost:81/');
    expect(refused.code).toBe(7);
    expect(refused.err).toMatch(/^curl: \(7\) Failed to connect to localhost port 81 after \d+ ms: Couldn't connect to server\n$/);
    expect((await curl('-s', 'http://localhost:81/')).err).toBe('');
    expect((await curl('-sS', 'http://localhost:81/')).err).toMatch(/^curl: \(7\)/);
    expect(await curl()).toMatchObject({ code: 2 });
    expect((await curl('--nope', 'x')).err).toMatch(/^curl: option --nope: is unknown\n/);
    expect((await curl('ftp://localhost/')).err).toBe('curl: (1) Protocol "ftp" not supported or disabled in libcurl\n');
  });

  test('names: localhost, loopback addresses and those of /etc/hosts, no others', async () => {
    const seen: string[] = [];
    await server([OK], seen);
    sandbox.files.write('/etc/hosts', '# names\n127.0.0.1 localhost shop.example.com  # ours\n');
    for (const name of ['LocalHost', '127.0.0.1', '127.8.0.1', '0.0.0.0', 'shop.example.com', 'api.localhost']) {
      expect(await curl(`http://${name}/`), name).toEqual({ code: 0, out: 'hi\n', err: '' });
      expect((await sandbox.request(`http://${name}/`)).status, name).toBe(200);
    }
    const asked = seen.length;
    for (const name of ['example.com', 'ours', 'names', 'shop.example.com.org']) {
      expect(await curl(`http://${name}/`)).toEqual({ code: 6, out: '', err: `curl: (6) Could not resolve host: ${name}\n` });
      const { status, failed } = await sandbox.request(`http://${name}/`);
      expect([status, failed]).toEqual([0, `There is no ${name} in this sandbox; use http://localhost/`]);
    }
    expect((await curl('http://10.0.0.1/')).code).toBe(7);
    expect(seen.length).toBe(asked);
  });

  test('--help', async () => {
    await server([OK]);
    const { code, out } = await curl('--help');
    expect([code, out.split('\n')[0]]).toEqual([0, 'Usage: curl [options...] <url>']);
    expect(out.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  test('--max-time', async () => {
    await server(['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi', 'never sent']);
    const got = await curl('-s', '-S', '--max-time', '0.2', 'localhost');
    expect(got.code).toBe(28);
    expect(got.err).toMatch(/^curl: \(28\) Operation timed out after 2\d\d milliseconds with 2 bytes received\n$/);
  });
});

describe('browser', () => {
  test('keeps connections and counts requests on them', async () => {
    await server([OK, OK, OK]);
    const first = await sandbox.request('http://localhost/1');
    const second = await sandbox.request('http://localhost/2');
    expect([first.status, atob(first.body), first.failed]).toEqual([200, 'hi\n', null]);
    expect(second.conn).toBe(first.conn);
    expect([first.n, second.n]).toEqual([1, 2]);
    const sent = sandbox.events.filter((event) => event.type === 'client.request');
    expect(sent.map((event) => [event.n, event.url])).toEqual([
      [1, 'http://localhost/1'],
      [2, 'http://localhost/2'],
    ]);
  });

  test('opens as many connections as there are requests under way', async () => {
    await server([OK]);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => sandbox.request(`http://localhost/${i}`)));
    expect(new Set(answers.map((answer) => answer.conn)).size).toBe(8);
  });

  test('a kept connection that the server has closed is replaced', async () => {
    await server([OK]);
    for (const path of ['a', 'b', 'c']) expect((await sandbox.request(`http://localhost/${path}`)).status).toBe(200);
  });

  test('says why there is no answer', async () => {
    await server([]);
    expect((await sandbox.request('http://localhost:81/')).failed).toBe('localhost refused to connect. Is the server running?');
    expect((await sandbox.request('http://localhost/')).failed).toBe('localhost did not send any data.');
    expect((await sandbox.request('mailto:x')).failed).toBe('"mailto:x" is not an http address.');
    const failed = sandbox.events.filter((event) => event.type === 'client.failed');
    expect(failed.length).toBe(3);
    // nothing was sent, so this is the only place that can say what it was
    expect(failed[0]).toMatchObject({ conn: '', method: 'GET', url: 'http://localhost:81/' });
    expect(failed[1]).not.toHaveProperty('url');
  });

  test('bodies, headers and odd addresses go out whole', async () => {
    const seen: string[] = [];
    await server([OK], seen);
    await sandbox.request('http://localhost/ä b?x=%20', { method: 'POST', body: 'é', headers: { 'X-A': 'b\r\nInjected: 1' } });
    expect(seen[0]).toMatch(/^POST \/%C3%A4%20b\?x=%20 HTTP\/1\.1\r\n/);
    expect(seen[0]).toContain('Content-Length: 2\r\n');
    expect(seen[0]).toContain('X-A: b Injected: 1\r\n');
  });

  test('stops a request', async () => {
    await server(['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', 'never sent']);
    const browser = await sandbox.spawn('browser');
    await browser.write('{"id":1,"method":"GET","url":"http://localhost/"}\n');
    while (!sandbox.events.some((event) => event.type === 'client.request')) await new Promise((resolve) => setTimeout(resolve, 2));
    await browser.write('{"id":1,"abort":true}\n');
    browser.end();
    await browser.exited;
    expect(JSON.parse(browser.stdout())).toMatchObject({ id: 1, status: 0, failed: 'The request was stopped.' });
  });
});
