/** What kind of thing an answer is, and how a browser shows it. Pure, but for the parser of HTML. */
import type { HttpResponse } from '../../runtime/runtime.ts';
import { size } from '../answer.ts';

export function headerOf({ headers }: Pick<HttpResponse, 'headers'>, name: string): string | null {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1] ?? null;
}

/** Without parameters, in small letters; empty when there is none. */
export const typeOf = (response: Pick<HttpResponse, 'headers'>): string =>
  (headerOf(response, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

export type Shape = 'html' | 'json' | 'text' | 'image' | 'download' | 'nothing';

/** Without a type a browser looks at the bytes; here it is HTML when it begins as such, and text when it can be read. */
export function shapeOf(response: Pick<HttpResponse, 'headers' | 'body'>): Shape {
  if (/^\s*attachment\b/i.test(headerOf(response, 'content-disposition') ?? '')) return 'download';
  const type = typeOf(response);
  if (!response.body.length && !/^(text|image)\//.test(type)) return 'nothing';
  if (type === '') return sniff(response.body);
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html';
  if (/^application\/(.+\+)?json$|^text\/json$/.test(type)) return 'json';
  if (/^image\//.test(type)) return 'image';
  return /^text\/|^application\/(javascript|xml|.+\+xml)$/.test(type) ? 'text' : 'download';
}

function sniff(body: Uint8Array): Shape {
  const start = new TextDecoder().decode(body.subarray(0, 512));
  if (/^\s*<(!doctype html|html|head|body|h1|p|div|title|!--)/i.test(start)) return 'html';
  return /[\0-\x08\x0e-\x1a]/.test(start) ? 'download' : 'text';
}

/** By the type's charset or the page's own; without either UTF-8 where it is that, and else what old browsers took. */
export function textOf(response: Pick<HttpResponse, 'headers' | 'body'>, limit = Number.POSITIVE_INFINITY): string {
  const body = response.body.subarray(0, limit);
  const start = new TextDecoder('latin1').decode(body.subarray(0, 1024));
  const named =
    /charset\s*=\s*"?([\w-]+)/i.exec(headerOf(response, 'content-type') ?? '')?.[1] ??
    /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(start)?.[1];
  try {
    return new TextDecoder(named ?? 'utf-8', { fatal: named === undefined }).decode(body, { stream: limit < response.body.length });
  } catch {
    return new TextDecoder('windows-1252').decode(body);
  }
}

/** JSON with a line for each value; what is none stays as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** What a browser would do with an answer that it does not show. */
export function downloadSentence(response: Pick<HttpResponse, 'headers' | 'body'>, url: string): string {
  const named = /filename\s*=\s*"?([^";]+)/i.exec(headerOf(response, 'content-disposition') ?? '')?.[1];
  const name = named ?? new URL(url).pathname.split('/').pop() ?? '';
  const type = typeOf(response);
  return `This would be downloaded${name ? ` as ${name}` : ''}: ${size(response.body.length)}${type ? ` of ${type}` : ''}. A browser shows pages, text and images, and saves everything else.`;
}

/** The address that a redirect leads to; null when it is none. */
export function redirectOf(response: Pick<HttpResponse, 'status' | 'headers'>, url: string): string | null {
  if (![301, 302, 303, 307, 308].includes(response.status)) return null;
  const location = headerOf(response, 'location');
  if (location === null) return null;
  try {
    const next = new URL(location, url);
    // the part of the page that was asked for is asked for there, too
    if (!next.hash) next.hash = new URL(url).hash;
    return next.href;
  } catch {
    return null;
  }
}

/** What a browser asks for: the address, and what it sends along. */
export interface Ask {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly contentType?: string;
}

/** After a redirect: only 307 and 308 ask the same way again. */
export function redirected(ask: Ask, status: number, url: string): Ask {
  return status === 307 || status === 308 ? { ...ask, url } : { url, method: 'GET' };
}

/** What a form sends. */
export function formAsk(
  { url, method, multipart }: { url: string; method: 'GET' | 'POST'; multipart: boolean },
  fields: readonly (readonly [string, string])[],
): Ask {
  const encoded = new URLSearchParams(fields.map(([name, value]) => [name, value.replace(/\r\n|\r|\n/g, '\r\n')])).toString();
  if (method === 'GET') {
    const to = new URL(url);
    to.search = encoded;
    to.hash = '';
    return { url: to.href, method };
  }
  if (!multipart) return { url, method, body: encoded, contentType: 'application/x-www-form-urlencoded' };
  const boundary = `----form${Math.random().toString(36).slice(2)}`;
  const parts = fields.map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name.replace(/["\r\n]/g, encodeURIComponent)}"\r\n\r\n${value}\r\n`,
  );
  return { url, method, body: `${parts.join('')}--${boundary}--\r\n`, contentType: `multipart/form-data; boundary=${boundary}` };
}
