/** For tests of nginx: a sandbox with a configuration, raw requests, and a uwsgi server that answers what a test says. */

import type { Connection, Program } from '../../host/host.ts';
import { createLocalSandbox, type LocalProcess, type LocalSandbox } from '../../host/local.ts';
import { MemoryTree } from '../../host/memory-tree.ts';
import type { Tree } from '../../host/tree.ts';
import { bytesOf, byteText, concat } from '../http/bytes.ts';
import { connectTls } from '../tls/client.ts';
import { decodeHeader, HEADER_SIZE } from '../uwsgi/protocol.ts';

export const PASSWD =
  'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nnobody:x:65534:65534::/:/bin/false\n';
export const GROUP = 'root:x:0:\nadm:x:4:\nwww-data:x:33:\nnogroup:x:65534:\n';
export const UWSGI_PARAMS = [
  ['QUERY_STRING', '$query_string'],
  ['REQUEST_METHOD', '$request_method'],
  ['CONTENT_TYPE', '$content_type'],
  ['CONTENT_LENGTH', '$content_length'],
  ['REQUEST_URI', '$request_uri'],
  ['PATH_INFO', '$document_uri'],
  ['DOCUMENT_ROOT', '$document_root'],
  ['SERVER_PROTOCOL', '$server_protocol'],
  ['REQUEST_SCHEME', '$scheme'],
  ['HTTPS', '$https if_not_empty'],
  ['REMOTE_ADDR', '$remote_addr'],
  ['REMOTE_PORT', '$remote_port'],
  ['SERVER_PORT', '$server_port'],
  ['SERVER_NAME', '$server_name'],
]
  .map(([name, value]) => `uwsgi_param ${name} ${value};\n`)
  .join('');

export interface Upstreams {
  /** Every packet and body that came. */
  readonly received: { packet: Uint8Array; body: Uint8Array }[];
  /** What to do with the next requests. */
  answer: (connection: Connection, body: Uint8Array) => Promise<void>;
}

/** A uwsgi server as a sandbox program: one process, one request after another beside each other. */
export function uwsgiServer(upstreams: Upstreams, path = '/run/shop/shop.sock', backlog = 100): Program {
  return async (host) => {
    const listener = await host.listen({ path }, { backlog, mode: 0o666 });
    await host.print('ready\n');
    for (let connection = await listener.accept(); connection !== null; connection = await listener.accept()) {
      void serve(connection, upstreams);
    }
    return 0;
  };
}

async function serve(connection: Connection, upstreams: Upstreams): Promise<void> {
  try {
    let bytes: Uint8Array = new Uint8Array(0);
    let wanted = HEADER_SIZE;
    while (bytes.length < wanted) {
      const more = await connection.read();
      if (more === null) break;
      bytes = concat([bytes, more]);
      const header = decodeHeader(bytes);
      if (header) wanted = HEADER_SIZE + header.size + Number(/CONTENT_LENGTH..(\d+)/s.exec(byteText(bytes))?.[1] ?? 0);
    }
    const size = HEADER_SIZE + (decodeHeader(bytes)?.size ?? 0);
    const body = bytes.slice(size);
    upstreams.received.push({ packet: bytes.slice(0, size), body });
    await upstreams.answer(connection, body);
  } catch {
    // nginx has given the request up: a test looks at what nginx says about it.
  }
  connection.close();
}

/** An HTTP server that answers every request with its own name, the method and the URI it received, as the recordings' did. */
export function echoServer(name: string, port: number): Program {
  return async (host) => {
    const listener = await host.listen({ port, ip: '127.0.0.1' }, { backlog: 100 });
    await host.print('ready\n');
    for (let connection = await listener.accept(); connection !== null; connection = await listener.accept()) {
      const text = byteText((await connection.read()) ?? new Uint8Array(0));
      const [method = '', uri = ''] = text.split(' ');
      const body = `${name} ${method} ${uri}\n`;
      await connection.write(
        `HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nX-Backend: ${name}\r\n\r\n${body}`,
      );
      connection.close();
    }
    return 0;
  };
}

/** Answer with these bytes and close. */
export const reply = (text: string) => async (connection: Connection) => connection.write(bytesOf(text));

export interface Served {
  readonly sandbox: LocalSandbox;
  readonly nginx: LocalProcess;
}

/** A sandbox with nginx running on this configuration. */
export async function serving(
  conf: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  programs: Readonly<Record<string, Program>> = {},
  tree: Tree = new MemoryTree(),
): Promise<Served> {
  const sandbox = createLocalSandbox({
    tree,
    files: {
      '/etc/nginx/nginx.conf': conf,
      '/etc/nginx/uwsgi_params': UWSGI_PARAMS,
      '/etc/passwd': PASSWD,
      '/etc/group': GROUP,
      '/var/log/nginx/': '',
      '/run/shop/': '',
      ...files,
    },
    programs,
  });
  const nginx = await sandbox.spawn('nginx', ['-g', 'daemon off;']);
  await until(() => sandbox.events.some((event) => event.type === 'process.role' && event.role === 'worker') || nginx.output() !== '');
  return { sandbox, nginx };
}

/** Send bytes to a port (and the end of them) and read to the end of the answer. */
export function exchange(sandbox: LocalSandbox, port: number, request: string, end = false): Promise<string> {
  return sandbox.run(async (host) => converse(await host.connect({ port, ip: '127.0.0.1' }), request, end));
}

/** The same over TLS, to port 443. */
export function exchangeTls(sandbox: LocalSandbox, request: string): Promise<string> {
  return sandbox.run(async (host) => {
    const connection = await host.connect({ port: 443, ip: '127.0.0.1' });
    return converse(await connectTls(connection, host, { serverName: null, protocols: [], check: () => null }), request);
  });
}

async function converse(connection: Connection, request: string, end = false): Promise<string> {
  await connection.write(bytesOf(request));
  if (end) connection.end();
  const parts: Uint8Array[] = [];
  for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read()) parts.push(bytes);
  connection.close();
  return byteText(concat(parts));
}

/** Wait until something holds; fails after five seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
