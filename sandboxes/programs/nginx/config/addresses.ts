/** Addresses in directives: what `listen` and `uwsgi_pass` take, with nginx's words for what they do not. */
import type { Upstream } from './model.ts';

/** Text says why an address is no address, as in `invalid port in "99999" of the "listen" directive`. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** The sandbox has one host, called localhost. */
function resolve(host: string): string | null {
  if (host === '*' || host === '0.0.0.0') return '0.0.0.0';
  if (IPV4.test(host)) return host;
  return host === 'localhost' ? '127.0.0.1' : null;
}

function parsePort(text: string): number | null {
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : null;
}

/** `80`, `127.0.0.1:80`, `*:80`, `localhost`. Null for an IPv6 address, which the sandbox has none of. */
export function parseListen(text: string): Parsed<{ ip: string; port: number } | null> {
  if (text.startsWith('[')) return { value: null };
  const colon = text.indexOf(':');
  const onlyPort = /^\d+$/.test(text);
  const host = onlyPort ? '*' : colon < 0 ? text : text.slice(0, colon);
  const port = onlyPort ? parsePort(text) : colon < 0 ? 80 : parsePort(text.slice(colon + 1));
  if (port === null) return { problem: 'invalid port' };
  if (host === '') return { problem: 'no host' };
  const ip = resolve(host);
  return ip === null ? { problem: 'host not found' } : { value: { ip, port } };
}

/** `unix:/run/shop/shop.sock` or `127.0.0.1:3031`. */
export function parseUpstream(text: string): Parsed<Upstream> {
  if (text.toLowerCase().startsWith('unix:')) {
    // An old way of writing puts a colon after the path.
    const path = text.slice(5).replace(/:$/, '');
    if (path === '') return { problem: 'no path in the unix domain socket' };
    return { value: { address: { path }, name: `unix:${path}` } };
  }
  if (text.includes('/')) return { problem: 'invalid host' };
  const colon = text.indexOf(':');
  if (colon < 0) return { problem: 'no port' };
  const host = text.slice(0, colon);
  const port = parsePort(text.slice(colon + 1));
  if (host === '') return { problem: 'no host' };
  if (port === null) return { problem: 'invalid port' };
  const ip = resolve(host);
  if (ip === null) return { problem: 'host not found' };
  return { value: { address: { port, ip }, name: `${ip}:${port}` } };
}
