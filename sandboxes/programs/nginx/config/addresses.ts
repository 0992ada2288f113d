/** Addresses in directives: what `listen`, `server` and the pass directives take, with nginx's words for what they do not. */
import type { PeerAddress } from './upstream-model.ts';

/** Text says why an address is no address, as in `invalid port in "99999" of the "listen" directive`. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** The sandbox has one host, called localhost. */
function resolve(host: string): string | null {
  if (host === '*' || host === '0.0.0.0') return '0.0.0.0';
  if (IPV4.test(host)) return host.split('.').every((part) => Number(part) < 256) ? host : null;
  return host.toLowerCase() === 'localhost' ? '127.0.0.1' : null;
}

function parsePort(text: string): number | null {
  const port = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : null;
}

/** `80`, `127.0.0.1:80`, `*:80`, `localhost`. Null for an IPv6 address, which the sandbox has none of. */
export function parseListen(text: string): Parsed<{ ip: string; port: number } | null> {
  if (text.startsWith('[')) return { value: null };
  if (text.includes('/') || text.includes('?')) return { problem: 'invalid host' };
  const colon = text.indexOf(':');
  const onlyPort = colon < 0 && /^\d+$/.test(text);
  const host = onlyPort ? '*' : colon < 0 ? text : text.slice(0, colon);
  const port = onlyPort ? parsePort(text) : colon < 0 ? 80 : parsePort(text.slice(colon + 1));
  if (port === null) return { problem: 'invalid port' };
  if (host === '') return { problem: 'no host' };
  const ip = resolve(host);
  return ip === null ? { problem: 'host not found' } : { value: { ip, port } };
}

/** An address as a pass directive names it, and the URI after it (`''` when there is none). Hosts are not looked up yet. */
export function parsePass(text: string, withUri: boolean): Parsed<{ address: string; uri: string }> {
  if (text.toLowerCase().startsWith('unix:')) {
    // A colon ends the path where a URI follows.
    const colon = text.indexOf(':', 5);
    const path = colon < 0 ? text.slice(5) : text.slice(5, colon);
    if (path === '') return { problem: 'no path in the unix domain socket' };
    if (path.length > 107) return { problem: 'too long path in the unix domain socket' };
    return { value: { address: `unix:${path}`, uri: colon < 0 ? '' : text.slice(colon + 1) } };
  }
  const slash = text.search(/[/?]/);
  if (slash >= 0 && !withUri) return { problem: 'invalid host' };
  const address = slash < 0 ? text : text.slice(0, slash);
  const colon = address.indexOf(':');
  if (colon >= 0 && parsePort(address.slice(colon + 1)) === null) return { problem: 'invalid port' };
  if (address === '' || colon === 0) return { problem: 'no host' };
  const uri = slash < 0 ? '' : text.slice(slash);
  return { value: { address, uri: uri.startsWith('?') ? `/${uri}` : uri } };
}

/** `unix:/run/shop/shop.sock`, `127.0.0.1:3031` or a name, with the port that counts where none is given. */
export function parseUpstream(text: string, port: number | null): Parsed<{ address: PeerAddress; name: string }> {
  const parsed = parsePass(text, false);
  if ('problem' in parsed) return parsed;
  const { address } = parsed.value;
  if (address.startsWith('unix:')) return { value: { address: { path: address.slice(5) }, name: address } };
  const [host = '', given] = address.split(':');
  const number = given === undefined ? port : parsePort(given);
  if (number === null) return { problem: 'no port' };
  const ip = resolve(host);
  if (ip === null || host === '*') return { problem: 'host not found' };
  return { value: { address: { port: number, ip }, name: `${ip}:${number}` } };
}
