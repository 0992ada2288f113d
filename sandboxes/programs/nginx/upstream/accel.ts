/** `X-Accel-*`: headers by which a server behind asks something of nginx itself. They are not for the client. */
import { header } from '../../http/head.ts';
import type { PassSettings } from '../config/pass-model.ts';
import { type Next, type Request, status } from '../request.ts';
import type { UpstreamHead } from './answer.ts';

export const ACCEL: ReadonlySet<string> = new Set([
  ...['x-accel-redirect', 'x-accel-buffering', 'x-accel-expires', 'x-accel-limit-rate', 'x-accel-charset'],
]);
/** Those that this nginx does nothing about; X-Accel-Expires is for a cache, which it has not. */
const LACKING = ['X-Accel-Limit-Rate', 'X-Accel-Charset'];
/** Headers that stay with the request when it is sent elsewhere; the others are lost (ngx_http_upstream_headers_in). */
const CARRIED = new Set(['set-cookie', 'content-disposition', 'cache-control', 'expires']);

/** Is this answer buffered? The server behind may ask for the opposite of what is configured. */
export function isBuffered(settings: PassSettings, { headers }: UpstreamHead): boolean {
  const wish = settings.ignore.has('x-accel-buffering') ? null : header(headers, 'x-accel-buffering');
  return wish === null ? settings.buffering : wish.toLowerCase() !== 'no';
}

/** `X-Accel-Redirect`: another URI or named location answers instead of the server behind. Null without one. */
export function accelRedirect(request: Request, settings: PassSettings, { headers }: UpstreamHead): Next | null {
  for (const name of LACKING) {
    const key = name.toLowerCase();
    if (header(headers, key) !== null && !settings.ignore.has(key)) {
      request.log('warn', `"${name}" in an upstream's answer is not obeyed: real nginx knows it, this sandbox's nginx does not`);
    }
  }
  const target = settings.ignore.has('x-accel-redirect') ? null : header(headers, 'x-accel-redirect');
  if (target === null) return null;
  request.carried = {
    type: header(headers, 'content-type'),
    lines: headers.filter(({ key }) => CARRIED.has(key)).map(({ name, value }) => [name, value]),
  };
  request.doing = ' while reading response header from upstream';
  if (target.startsWith('@')) return { kind: 'named', name: target };
  const where = safeUri(target);
  if (where === null) {
    request.log('error', `unsafe URI "${target}" was detected`);
    return status(404);
  }
  if (request.method !== 'HEAD') request.method = 'GET';
  return { kind: 'uri', ...where };
}

/** A URI that an application made, perhaps from what its user sent; null for one that leads upwards (ngx_http_parse_unsafe_uri). */
function safeUri(text: string): { uri: string; args: string } | null {
  const question = text.indexOf('?');
  const path = question < 0 ? text : text.slice(0, question);
  const uri = path.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  if (path === '' || [path, uri].some((one) => one.includes('\0') || /(^|\/)\.\.(\/|$)/.test(one))) return null;
  return { uri, args: question < 0 ? '' : text.slice(question + 1) };
}
