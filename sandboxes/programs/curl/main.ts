/** curl: one request for each address, with curl's messages and exit codes. */
import { type Connection, type Host, isSystemError } from '../../host/host.ts';
import { bytesOf, byteText, fromUnicode } from '../http/bytes.ts';
import {
  EmptyReply,
  HttpConnection,
  type HttpUrl,
  hostHeader,
  type Incoming,
  type Outgoing,
  parseUrl,
  requestText,
} from '../http/exchange.ts';
import { BadHead, header } from '../http/head.ts';
import { BadChunk, CutShort } from '../http/reader.ts';
import { CurlError } from './error.ts';
import { resolve } from './hosts.ts';
import { type CurlOptions, HELP, readOptions } from './options.ts';
import { explain, secure } from './secure.ts';

const encoder = new TextEncoder();

export default async function curl(host: Host): Promise<number> {
  const options = readOptions(host.args);
  if ('problem' in options) {
    await host.printError(options.problem);
    return 2;
  }
  if (options.help) {
    await host.print(HELP);
    return 0;
  }
  let code = 0;
  for (const url of options.urls) {
    const transfer = new Transfer(host, options, url);
    code = await transfer.run();
  }
  return code;
}

class Transfer {
  readonly #host: Host;
  readonly #options: CurlOptions;
  readonly #url: string;
  readonly #started: number;
  #http: HttpConnection | null = null;
  /** Before it has become `#http`: a handshake may be under way on it. */
  #open: Connection | null = null;
  #address = '';
  #timedOut = false;
  #received = 0;
  #status = 0;
  #type = '';
  #server = '';
  #connected = 0;
  #firstByte = 0;

  constructor(host: Host, options: CurlOptions, url: string) {
    this.#host = host;
    this.#options = options;
    this.#url = /^[a-z]+:\/\//i.test(url) ? url : `http://${url}`;
    this.#started = host.now();
  }

  /** Carry the transfer out and report on it; its exit code. */
  async run(): Promise<number> {
    const { maxTime, silent, showError, writeOut } = this.#options;
    if (maxTime !== null) void this.#limit(maxTime);
    let code = 0;
    try {
      await this.#transfer();
    } catch (error) {
      const failure = await this.#explain(error);
      code = failure.code;
      if (this.#http || this.#status === 0) this.#event('failed', failure.message);
      if (!silent || showError) await this.#host.printError(`curl: (${code}) ${failure.message}\n${failure.more}`);
    } finally {
      (this.#http?.connection ?? this.#open)?.close();
    }
    if (writeOut !== null) await this.#host.print(this.#format(writeOut));
    return code;
  }

  async #transfer(): Promise<void> {
    const url = parseUrl(this.#url);
    if (!url) {
      const scheme = /^([a-z]+):/i.exec(this.#url)?.[1] ?? '';
      if (!/^https?$/i.test(scheme)) throw new CurlError(1, `Protocol "${scheme}" not supported or disabled in libcurl`);
      throw new CurlError(3, 'URL using bad/illegal format or missing URL');
    }
    const raw = await this.#connect(url.host, url.port);
    this.#open = raw;
    this.#connected = this.#host.now();
    await this.#verbose(`* Connected to ${url.host} (${this.#address}) port ${url.port} (#0)\n`);
    const http = new HttpConnection(url.secure ? await this.#secure(raw, url) : raw);
    this.#http = http;
    const request = this.#request(url);
    await this.#verbose(marked('> ', requestText(request)));
    this.#event('request', request.method);
    await http.send(request);
    const incoming = await http.receive(request.method);
    this.#firstByte = this.#host.now();
    await this.#receive(incoming, url.host);
  }

  async #connect(name: string, port: number): Promise<Connection> {
    const { unixSocket } = this.#options;
    const ip = unixSocket === null ? await resolve(this.#host, name) : null;
    if (unixSocket === null && ip === null) {
      await this.#verbose(`* Could not resolve host: ${name}\n* Closing connection 0\n`);
      throw new CurlError(6, `Could not resolve host: ${name}`);
    }
    this.#address = ip ?? unixSocket ?? '';
    await this.#verbose(`*   Trying ${this.#address}:${ip === null ? 0 : port}...\n`);
    try {
      return await this.#host.connect(ip === null ? { path: this.#address } : { port, ip });
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (unixSocket !== null) throw new CurlError(7, `Failed to connect to ${name} port ${port}: ${error.strerror}`);
      const ms = Math.round(this.#host.now() - this.#started);
      throw new CurlError(7, `Failed to connect to ${name} port ${port} after ${ms} ms: Couldn't connect to server`);
    }
  }

  #secure(connection: Connection, url: HttpUrl): Promise<Connection> {
    const { insecure, authorities } = this.#options;
    return secure(this.#host, connection, url.host, url.port, { insecure, authorities, verbose: (text) => this.#verbose(text) });
  }

  get #method(): string {
    const { method, headOnly, data } = this.#options;
    return method ?? (headOnly ? 'HEAD' : data === null ? 'GET' : 'POST');
  }

  #request(url: HttpUrl): Outgoing {
    const { data, headers } = this.#options;
    const body = data === null ? null : encoder.encode(data);
    const lines = new Map<string, [string, string]>();
    const set = (field: string, value: string): void => void lines.set(field.toLowerCase(), [field, value]);
    set('Host', hostHeader(url));
    set('User-Agent', 'curl/7.88.1');
    set('Accept', '*/*');
    const extra: [string, string][] = [];
    if (body) {
      set('Content-Length', String(body.length));
      set('Content-Type', 'application/x-www-form-urlencoded');
    }
    for (const line of headers) {
      const colon = line.indexOf(':');
      if (colon <= 0) continue;
      const field = line.slice(0, colon);
      const value = fromUnicode(line.slice(colon + 1).trim());
      // `-H 'Accept:'` takes a header away; the first of a name replaces curl's own, further ones are added.
      if (value === '') lines.delete(field.toLowerCase());
      else if (lines.has(field.toLowerCase())) set(field, value);
      else extra.push([field, value]);
    }
    return { method: this.#method, target: fromUnicode(url.target), headers: [...lines.values(), ...extra], body };
  }

  async #receive(incoming: Incoming, name: string): Promise<void> {
    const { include, headOnly, output } = this.#options;
    const { head, text, body } = incoming;
    this.#status = head.status;
    this.#type = header(head.headers, 'content-type') ?? '';
    this.#server = header(head.headers, 'server') ?? '';
    await this.#verbose(marked('< ', text));
    const file: Uint8Array[] = [];
    const put = async (bytes: Uint8Array): Promise<void> => {
      if (output === null) await this.#host.print(bytes);
      else if (output !== '/dev/null') file.push(bytes);
    };
    if (include || headOnly) await put(bytesOf(text));
    try {
      if (!headOnly) {
        for (let piece = await body.next(); piece !== null; piece = await body.next()) {
          this.#received += piece.length;
          await put(piece);
        }
      }
    } finally {
      if (output !== null && output !== '/dev/null') await this.#host.fs.write(output, bytesOf(file.map(byteText).join('')));
    }
    this.#event('response', '');
    await this.#verbose(`* Connection #0 to host ${name} left intact\n`);
  }

  async #limit(ms: number): Promise<void> {
    await this.#host.sleep(ms);
    this.#timedOut = true;
    (this.#http?.connection ?? this.#open)?.close();
  }

  async #explain(error: unknown): Promise<CurlError> {
    if (error instanceof CurlError && !this.#timedOut) return error;
    if (this.#timedOut) {
      const ms = Math.round(this.#host.now() - this.#started);
      return new CurlError(28, `Operation timed out after ${ms} milliseconds with ${this.#received} bytes received`);
    }
    if (error instanceof EmptyReply) return new CurlError(52, 'Empty reply from server');
    if (error instanceof CutShort) return new CurlError(18, 'transfer closed with outstanding read data remaining');
    if (error instanceof BadChunk) return new CurlError(56, 'Illegal or missing hexadecimal sequence in chunked-encoding');
    if (error instanceof BadHead) return new CurlError(1, 'Received HTTP/0.9 when not allowed');
    if (isSystemError(error, 'ECONNRESET')) return new CurlError(56, 'Recv failure: Connection reset by peer');
    if (isSystemError(error, 'EPIPE')) return new CurlError(55, 'Send failure: Broken pipe');
    if (isSystemError(error)) return new CurlError(23, `Failure writing output to destination: ${error.strerror}`);
    const ofTls = await explain(error);
    if (ofTls) return ofTls;
    throw error;
  }

  #event(what: 'request' | 'response' | 'failed', text: string): void {
    const conn = this.#http?.connection.id ?? '';
    const n = this.#http ? 1 : 0;
    if (what === 'request') this.#host.event('client.request', { conn, n, method: text, url: this.#url });
    else if (what === 'failed')
      this.#host.event('client.failed', { conn, n, reason: text, ...(conn ? {} : { method: this.#method, url: this.#url }) });
    else this.#host.event('client.response', { conn, n, status: this.#status, bytes: this.#received, server: this.#server });
  }

  async #verbose(text: string): Promise<void> {
    if (this.#options.verbose) await this.#host.printError(bytesOf(text.replaceAll('\r\n', '\n')));
  }

  #format(pattern: string): string {
    const seconds = (at: number): string => ((at > 0 ? at - this.#started : 0) / 1000).toFixed(6);
    const values: Readonly<Record<string, string>> = {
      http_code: String(this.#status).padStart(3, '0'),
      response_code: String(this.#status).padStart(3, '0'),
      time_total: seconds(this.#host.now()),
      time_connect: seconds(this.#connected),
      time_starttransfer: seconds(this.#firstByte),
      size_download: String(this.#received),
      content_type: this.#type,
      url: this.#url,
    };
    return pattern
      .replace(/%\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
      .replace(/\\([nrt])/g, (_, ch: string) => ({ n: '\n', r: '\r', t: '\t' })[ch] ?? ch);
  }
}

/** Every line of a head behind a mark, as `-v` shows it. */
const marked = (mark: string, text: string): string => text.replace(/[^\n]*\n/g, (line) => mark + line);
