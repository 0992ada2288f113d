/** `proxy_pass`: the HTTP request that the server behind gets, and the Location header that comes back. */
import { bytesOf } from '../../http/bytes.ts';
import type { Target } from '../config/upstream-model.ts';
import type { Request } from '../request.ts';
import { escapePath } from '../uri.ts';

/** What nginx sets where proxy_set_header does not; headers of the client with these names are left out. */
const OWN = ['host', 'connection', 'content-length', 'transfer-encoding', 'te', 'keep-alive', 'expect', 'upgrade'];

/**
 * The URI for the server behind. Without a URI in proxy_pass it is the client's own, byte for byte as long as nothing
 * has rewritten it; with one, that URI stands for what the location matched.
 */
export function proxyUri(request: Request, target: Target): string {
  const given = target.uriIsFixed ? (target.uri?.(request) ?? '') : uriOf(target.address?.(request) ?? '');
  if (given !== '' && !target.uriIsFixed) return given;
  if (given === '' && request.rawIsValid) return request.rawUri;
  const { uri, args } = request;
  const matched = request.locationIsValid && given !== '' ? Math.min(request.location.pattern.length, uri.length) : 0;
  const rest = uri.slice(matched);
  const escaped = request.quoted || request.internal ? escapePath(rest) : rest;
  return `${request.locationIsValid ? given : ''}${escaped}${args ? `?${args}` : ''}`;
}

/** The address in a URL that was made from variables; null when it is none. */
export function proxyAddress(request: Request, url: string): string | null {
  const match = /^http:\/\/(unix:[^:]+|[^/?]+)/.exec(url);
  if (!match?.[1]) return null;
  setHost(request, match[1]);
  return match[1];
}

function uriOf(url: string): string {
  const rest = url.replace(/^http:\/\/(unix:[^:]+:?|[^/?]*)/, '');
  return rest.startsWith('?') ? `/${rest}` : rest;
}

function setHost(request: Request, address: string): void {
  if (address.startsWith('unix:')) request.proxyHost = { host: 'localhost', port: '' };
  else request.proxyHost = { host: address, port: address.split(':')[1] ?? '80' };
}

/** The head of the request. */
export function proxyRequest(request: Request, uri: string, target: Target): Uint8Array {
  const { proxy } = request.settings;
  if (target.host !== '') setHost(request, target.host);
  const body = proxy.body?.(request) ?? null;
  const method = proxy.method?.(request) || request.method;
  const set = new Set(proxy.params.map((param) => param.name.toLowerCase()));
  let text = `${method} ${uri} HTTP/1.${proxy.minor}\r\n`;
  for (const { name, value } of proxy.params) {
    const made = value(request);
    if (made !== '') text += `${name}: ${made}\r\n`;
  }
  const length = bodyLength(request, body);
  const own: [string, string][] = [
    ['Host', request.proxyHost?.host ?? ''],
    ['Connection', 'close'],
    ['Content-Length', length === null ? '' : String(length)],
  ];
  for (const [name, value] of own) if (value !== '' && !set.has(name.toLowerCase())) text += `${name}: ${value}\r\n`;
  if (proxy.passHeaders) {
    for (const line of request.head.headers) {
      if (!OWN.includes(line.key) && !set.has(line.key)) text += `${line.name}: ${line.value}\r\n`;
    }
  }
  return bytesOf(`${text}\r\n${body ?? ''}`);
}

/** Bytes of the body that is passed on; null when there is none. */
function bodyLength(request: Request, body: string | null): number | null {
  if (body !== null) return body.length;
  if (!request.settings.proxy.passBody) return null;
  if (request.body) return request.body.length;
  return request.contentLength;
}

/** A Location from upstream as the client is to see it; null when it stays as it is. */
export function rewriteLocation(request: Request, target: Target, location: string): string | null {
  const { redirects } = request.settings.proxy;
  if (redirects === null) return byDefault(request, target, location);
  for (const { from, to } of redirects) {
    if (from instanceof RegExp) {
      const match = from.exec(location);
      if (!match) continue;
      request.capture(match);
      return location.slice(0, match.index) + to(request) + location.slice(match.index + match[0].length);
    }
    const start = from(request);
    if (location.startsWith(start)) return to(request) + location.slice(start.length);
  }
  return null;
}

/** What proxy_pass names becomes what the location matches again. */
function byDefault(request: Request, target: Target, location: string): string | null {
  if (target.address || target.group === null) return null;
  const uri = target.uri?.(request) ?? '';
  const start = `http://${target.group.name}${uri === '' ? '/' : uri}`;
  if (!location.startsWith(start)) return null;
  return (uri === '' ? '/' : request.location.pattern) + location.slice(start.length);
}
