/** The lecture's deployment, asked by the sandbox's own curl, beside what the real one answered (fixtures/deployment.json). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection, Program } from '../../host/host.ts';
import { bytesOf, byteText, concat } from '../http/bytes.ts';
import { testFiles, testIdentity } from '../tls/testing.ts';
import { decodeHeader, decodePacket, HEADER_SIZE } from '../uwsgi/protocol.ts';
import { plainAnswer } from './cases/case.ts';
import recorded from './fixtures/deployment.json' with { type: 'json' };
import { type Served, serving, until } from './testing.ts';

const CONF = `
user www-data;
worker_processes auto;
pid /run/shop/nginx.pid;
error_log /run/shop/error.log info;
events { worker_connections 768; }
http {
    types { text/css css; }
    default_type application/octet-stream;
    sendfile on;
    access_log /run/shop/access.log;

    upstream flask_like_app {
        server unix:/run/shop/site.sock;
    }
    server {
        listen 80;
        server_name localhost;
        return 301 https://$host$request_uri;
    }
    server {
        listen 443 ssl;
        server_name localhost;
        ssl_protocols TLSv1.3;
        ssl_certificate     /srv/shop/certs/site.crt;
        ssl_certificate_key /srv/shop/certs/site.key;

        location /static/ {
            alias /srv/shop/static/;
        }
        location / {
            include uwsgi_params;
            uwsgi_pass flask_like_app;
        }
    }
}
`;

/** Recorded commands that are not tried, and why. */
const SKIPPED: Readonly<Record<string, string>> = {
  'curl -skv https://localhost/ 2>&1': 'the record is TLS 1.2 with an RSA certificate',
  'curl -sv http://localhost/ 2>&1': 'the order of two streams in one pipe, and a progress line',
  'curl -ski https://localhost/static/site.css -r 0-9': "the sandbox's curl has no -r",
  'curl -sv https://localhost/ 2>&1': 'the record is TLS 1.2 with an RSA certificate',
};

const outputOf = (part: string): string => recorded.deploy.find(({ cmd }) => cmd.includes(part))?.out ?? '';
/** The lines of `/env` that are uWSGI's and Python's own. */
const OWN_LINES = outputOf('-sk https://localhost/env').replace(/^[A-Z].*\n/gm, '');

/** What the recorded application answers. */
function application(variables: ReadonlyMap<string, string>, body: string): string | null {
  const path = variables.get('PATH_INFO') ?? '';
  const answer = (type: string, text: string, status = '200 OK'): string =>
    `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${text.length}\r\n\r\n${variables.get('REQUEST_METHOD') === 'HEAD' ? '' : text}`;
  if (path === '/') return answer('application/json', '{"hello": "world", "worker": 3, "pid": 3845}\n');
  if (path === '/echo') return answer('application/json', `{"len": ${body.length}, "body": "${body}", "worker": 1, "pid": 3843}\n`);
  if (path === '/env') {
    const lines = [...variables].map(([name, value]) => `${name} = '${value}'\n`).sort();
    return answer('text/plain', lines.join('') + OWN_LINES);
  }
  if (path === '/raise') return null;
  return answer('application/json', `{"error": "not found", "path": "${path}"}\n`, '404 Not Found');
}

async function serve(connection: Connection): Promise<void> {
  let bytes: Uint8Array = new Uint8Array(0);
  let end = HEADER_SIZE;
  let variables = new Map<string, string>();
  for (let more = await connection.read(); more !== null; more = await connection.read()) {
    bytes = concat([bytes, more]);
    end = HEADER_SIZE + (decodeHeader(bytes)?.size ?? 0);
    if (bytes.length < end) continue;
    variables = new Map(decodePacket(bytes.subarray(0, end)).pairs);
    if (bytes.length >= end + Number(variables.get('CONTENT_LENGTH') ?? 0)) break;
  }
  const answer = application(variables, byteText(bytes.subarray(end)));
  if (answer !== null) await connection.write(bytesOf(answer));
  connection.close();
}

const upstream: Program = async (host) => {
  const listener = await host.listen({ path: '/run/shop/site.sock' }, { backlog: 100, mode: 0o666 });
  await host.print('ready\n');
  for (let next = await listener.accept(); next !== null; next = await listener.accept()) void serve(next).catch(() => undefined);
  return 0;
};

let served: Served;
beforeAll(async () => {
  const { certificate, key } = testFiles(testIdentity('localhost'));
  const style = outputOf('If-Modified-Since').split('\n\n').slice(1).join('\n\n');
  served = await serving(
    CONF,
    { '/srv/shop/certs/site.crt': certificate, '/srv/shop/certs/site.key': key, '/srv/shop/static/site.css': style },
    { upstream },
  );
  const process = await served.sandbox.spawn('upstream');
  await until(() => process.output() !== '');
});
afterAll(() => served.sandbox.dispose());

const plain = (text: string): string => plainAnswer(text.replaceAll('\r\n', '\n')).replace(/REMOTE_PORT = '\d{5}'/, 'REMOTE_PORT');
/** The words of a shell command. */
const words = (line: string): string[] => (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));

test.each(Object.entries(SKIPPED))('skipped: %s (%s)', (cmd) => expect(recorded.deploy.map((one) => one.cmd)).toContain(cmd));

test.each(recorded.deploy.filter(({ cmd }) => !Object.hasOwn(SKIPPED, cmd)))('$cmd', async ({ cmd, out, rc }) => {
  const [line = '', head] = cmd.split(' | ');
  const both = line.endsWith(' 2>&1');
  const [program = '', ...args] = words(line.replace(' 2>&1', ''));
  const process = await served.sandbox.spawn(program, args);
  expect((await process.exited).code).toBe(rc);
  const got = plain(both ? process.output() : process.stdout());
  const lines = head === undefined ? Number.POSITIVE_INFINITY : Number(head.replace('head -', ''));
  expect(got.split('\n').slice(0, lines).join('\n')).toBe(plain(out).split('\n').slice(0, lines).join('\n'));
});
