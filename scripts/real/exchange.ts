/** A visitor who is the same for both sides: the same bytes go to the real servers and, by a published port, to the sandbox. */
import { type IncomingMessage, Agent as PlainAgent, type RequestOptions, request } from 'node:http';
import { request as requestTls, Agent as TlsAgent } from 'node:https';

/** What takes longer is stuck, in milliseconds. */
const ANSWER_MS = 20_000;

export interface Wish {
  readonly method: string;
  /** Path and query, as it stands in the request line. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Wishes that go over one connection, one after another. */
export interface Visit {
  readonly name: string;
  readonly https?: boolean;
  readonly wishes: readonly Wish[];
}

export interface Answer {
  readonly status: number;
  /** `HTTP/1.1 200 OK` */
  readonly line: string;
  /** In order, names as they were sent. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** Of the visitor's end of the connection. */
  readonly port: number;
}

/** No answer: the code of the error. That nobody listens is a reset by the sandbox's published port, and a refusal by the machine. */
export interface NoAnswer {
  readonly failed: string;
}

const codeOf = ({ code = 'ECONNRESET' }: NodeJS.ErrnoException): string => (code === 'ECONNREFUSED' ? 'ECONNRESET' : code);

/** Where the lesson's ports 80 and 443 are. */
export type Door = (port: 80 | 443) => { readonly host: string; readonly port: number };

/** Makes the visit. The connection is closed at its end. */
export async function visit({ https = false, wishes }: Visit, door: Door): Promise<(Answer | NoAnswer)[]> {
  const options = { keepAlive: true, maxSockets: 1 };
  const agent = https ? new TlsAgent(options) : new PlainAgent(options);
  const answers: (Answer | NoAnswer)[] = [];
  try {
    for (const wish of wishes) answers.push(await exchange(wish, https, agent, door));
  } finally {
    agent.destroy();
  }
  return answers;
}

function exchange(wish: Wish, https: boolean, agent: PlainAgent, door: Door): Promise<Answer | NoAnswer> {
  const { host, port } = door(https ? 443 : 80);
  const headers = {
    Host: 'localhost',
    ...(wish.body === undefined ? {} : { 'Content-Length': String(wish.body.length) }),
    ...wish.headers,
  };
  // whom the certificate is for is a matter of curl's checks
  const tls = https ? { servername: 'localhost', rejectUnauthorized: false } : {};
  const options: RequestOptions = {
    host,
    port,
    method: wish.method,
    path: wish.path,
    headers,
    agent,
    setHost: false,
    timeout: ANSWER_MS,
    ...tls,
  };
  return new Promise((resolve) => {
    const sent = (https ? requestTls : request)(options, (message) => {
      const own = message.socket.localPort ?? 0;
      const parts: Buffer[] = [];
      message.on('data', (part: Buffer) => parts.push(part));
      message.on('error', (error: NodeJS.ErrnoException) => resolve({ failed: codeOf(error) }));
      message.on('end', () => resolve(answerOf(message, own, Buffer.concat(parts).toString('latin1'))));
    });
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ failed: codeOf(error) }));
    sent.end(wish.body);
  });
}

function answerOf({ statusCode = 0, statusMessage, httpVersion, rawHeaders }: IncomingMessage, port: number, body: string): Answer {
  const headers = rawHeaders.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, rawHeaders[i + 1] ?? '']] : []));
  return { status: statusCode, line: `HTTP/${httpVersion} ${statusCode} ${statusMessage}`, headers, body, port };
}
