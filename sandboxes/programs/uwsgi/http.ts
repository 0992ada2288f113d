/** `http-socket`: a request that comes as plain HTTP, turned into the variables that a uwsgi packet would have. */
import type { Connection } from '../../host/host.ts';
import { type Header, parseRequest, type RequestHead } from '../http/head.ts';
import { Body, Reader } from '../http/reader.ts';
import { NODE_NAME } from './app.ts';
import { encodePacket } from './protocol.ts';

/** The request as a packet with its body behind, or null when none came. Throws what the connection throws. */
export async function readHttp(connection: Connection, bufferSize: number): Promise<Uint8Array | null> {
  const reader = new Reader(connection);
  const text = await reader.head({ line: bufferSize, total: bufferSize });
  if (text === null) return null;
  const head = parseRequest(text);
  const length = bodyLength(head.headers);
  const packet = encodePacket(httpVariables(head, connection, null));
  const body = await new Body(reader, length).all();
  const whole = new Uint8Array(packet.length + body.length);
  whole.set(packet);
  whole.set(body, packet.length);
  return whole;
}

/** Bytes of the body, 0 when nothing is said: chunks are not known here. */
export const bodyLength = (headers: readonly Header[]): number =>
  Number.parseInt(headers.findLast(({ key }) => key === 'content-length')?.value ?? '', 10) || 0;

/** The variables of a request that came as HTTP, in the real one's order: at an `http-socket`, or through the `router` of that name. */
export function httpVariables(head: RequestHead, connection: Connection, router: string | null): [string, string][] {
  const { method, target, protocol, headers } = head;
  const { address, peer } = connection;
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const uri: [string, string] = ['REQUEST_URI', target];
  const info: [string, string] = ['PATH_INFO', percentDecoded(path)];
  const query: [string, string] = ['QUERY_STRING', question < 0 ? '' : target.slice(question + 1)];
  return [
    ['REQUEST_METHOD', method],
    ...(router === null ? [uri, info, query] : question < 0 ? [uri, info, query] : [info, uri, query]),
    ['SERVER_PROTOCOL', protocol],
    ['SCRIPT_NAME', ''],
    ['SERVER_NAME', NODE_NAME],
    ['SERVER_PORT', 'port' in address ? String(address.port) : ''],
    ...(router === null ? [] : ([['UWSGI_ROUTER', router]] as [string, string][])),
    ['REMOTE_ADDR', peer],
    // Clients have no ports in the sandbox.
    ...(router === null ? [] : ([['REMOTE_PORT', '0']] as [string, string][])),
    ...headers.map(({ key, value }): [string, string] => {
      const name = key.toUpperCase().replaceAll('-', '_');
      return [key === 'content-length' || key === 'content-type' ? name : `HTTP_${name}`, value];
    }),
  ];
}

const percentDecoded = (path: string): string =>
  path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
