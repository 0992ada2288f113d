/** `http-socket`: a request that comes as plain HTTP, turned into the variables that a uwsgi packet would have. */
import type { Connection } from '../../host/host.ts';
import { parseRequest } from '../http/head.ts';
import { Body, Reader } from '../http/reader.ts';
import { NODE_NAME } from './app.ts';
import { encodePacket } from './protocol.ts';

/** The request as a packet with its body behind, or null when none came. Throws what the connection throws. */
export async function readHttp(connection: Connection, bufferSize: number): Promise<Uint8Array | null> {
  const reader = new Reader(connection);
  const text = await reader.head({ line: bufferSize, total: bufferSize });
  if (text === null) return null;
  const { method, target, protocol, headers } = parseRequest(text);
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const { address } = connection;
  const pairs: [string, string][] = [
    ['REQUEST_METHOD', method],
    ['REQUEST_URI', target],
    ['PATH_INFO', percentDecoded(path)],
    ['QUERY_STRING', question < 0 ? '' : target.slice(question + 1)],
    ['SERVER_PROTOCOL', protocol],
    ['SCRIPT_NAME', ''],
    ['SERVER_NAME', NODE_NAME],
    ['SERVER_PORT', 'port' in address ? String(address.port) : ''],
    ['REMOTE_ADDR', connection.peer],
  ];
  let length = 0;
  for (const { key, value } of headers) {
    const name = key.toUpperCase().replaceAll('-', '_');
    if (key === 'content-length') length = Number.parseInt(value, 10) || 0;
    pairs.push([key === 'content-length' || key === 'content-type' ? name : `HTTP_${name}`, value]);
  }
  const packet = encodePacket(pairs);
  const body = await new Body(reader, length).all();
  const whole = new Uint8Array(packet.length + body.length);
  whole.set(packet);
  whole.set(body, packet.length);
  return whole;
}

const percentDecoded = (path: string): string =>
  path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
