/** What came back from a request, put into words and shapes for the browser pane. Pure. */
import type { HttpResponse } from '../runtime/runtime.ts';
import { adviceAt, type Front } from './front.ts';

/** What a request was for: a page and what it shows, or only the answer. */
export type Purpose = 'document' | 'stylesheet' | 'image' | 'request';

/** A request that was sent from the page, and its answer once there is one. */
export interface Exchange {
  readonly id: number;
  readonly method: string;
  readonly url: string;
  readonly purpose: Purpose;
  /** When it was sent, and when the first of those that go with it was: milliseconds of the page's clock. */
  readonly at: number;
  readonly began: number;
  /** Null while it is under way. */
  readonly response: HttpResponse | null;
  readonly cancel: () => void;
}

export type StatusKind = 'waiting' | 'ok' | 'redirect' | 'client-error' | 'server-error' | 'timeout' | 'failed';

/** The class of an answer: it chooses colour and shape. */
export function statusKind(response: HttpResponse | null): StatusKind {
  if (!response) return 'waiting';
  if (response.failed !== null) return 'failed';
  const { status } = response;
  if (status === 504 || status === 408) return 'timeout';
  if (status >= 500) return 'server-error';
  if (status >= 400) return 'client-error';
  if (status >= 300) return 'redirect';
  return 'ok';
}

/** The status as read: `200 OK`, or that there is none. */
export function statusText(response: HttpResponse | null): string {
  if (!response) return 'Waiting';
  return response.failed !== null ? 'No answer' : `${response.status} ${response.statusText}`.trim();
}

/** Why no answer came and what to do: what happened, why, the next step. `failed` is in the words of the sandbox's browser, `front` as it was then. */
export function explainFailure(failed: string, url: string, front: Front): string {
  const port = portOf(url);
  if (/refused to connect/.test(failed)) return `Connection refused: nobody listens on port ${port}. ${adviceAt(port, front)}`;
  if (/was reset|did not send any data|before the whole answer/.test(failed))
    return `${failed} The process at the other end closed the connection or died before its answer was complete. The server log says who. Then send it again.`;
  if (/took too long|timed out/.test(failed))
    return `No answer came in time. Somebody holds the connection and does not answer, or nobody takes it from the queue of port ${port}. Look at the picture: where does the request stand?`;
  if (/stopped|cancelled/.test(failed))
    return 'You cancelled it. The server may still be working on it: it only notices when it writes the answer.';
  return `${failed.replace(/\.$/, '')}. Check the address and send it again.`;
}

function portOf(url: string): string {
  try {
    const { port, protocol } = new URL(url);
    return port || (protocol === 'https:' ? '443' : '80');
  } catch {
    return '80';
  }
}

/** What is wrong with an address as typed, and what to type; null when it can be sent to. */
export function whyRefused(typed: string): string | null {
  return completeUrl(typed) ? null : `“${typed}” is no web address. Type a path such as /slow?ms=500, or http://localhost/.`;
}

/** `/slow?ms=1` and `localhost/slow` mean the sandbox's own server. Null when it is no http or https address. */
export function completeUrl(typed: string): string | null {
  const text = typed.trim();
  const absolute =
    text.startsWith('/') || text === ''
      ? `http://localhost${text || '/'}`
      : /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
        ? text
        : `http://${text}`;
  try {
    const url = new URL(absolute);
    return /^https?:$/.test(url.protocol) && url.hostname ? url.href : null;
  } catch {
    return null;
  }
}

/** The body as a person can read it. */
export interface Body {
  readonly kind: 'text' | 'html' | 'binary' | 'empty';
  readonly text: string;
}

const SHOWN = 20_000;

/** Decodes a body by its content type; one that is no text is described, a long one is cut with a note. */
export function readBody(response: HttpResponse): Body {
  const { body } = response;
  if (!body.length) return { kind: 'empty', text: 'The answer has no body.' };
  const type = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (type && !/^text\/|json|xml|javascript|x-www-form-urlencoded/i.test(type))
    return { kind: 'binary', text: `${size(body.length)} of ${type}` };
  const text = new TextDecoder().decode(body.subarray(0, SHOWN));
  return {
    kind: /^text\/html/i.test(type) ? 'html' : 'text',
    text: body.length > SHOWN ? `${text}\n[the first ${size(SHOWN)} of ${size(body.length)}]` : text,
  };
}

/** Bytes with a unit: `21 B`, `4.1 kB`. */
export function size(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** One sentence for several answers, for people who hear the page: "8 answers: 7 with 200, 1 with 502." `waiting` are still to come. */
export function summarise(responses: readonly HttpResponse[], waiting = 0): string {
  const counts = new Map<string, number>();
  for (const { failed, status } of responses) {
    const key = failed === null ? `with ${status}` : 'never came';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const parts = [...counts].map(([key, count]) => `${count} ${key}`);
  return `${responses.length} ${responses.length === 1 ? 'answer' : 'answers'}: ${parts.join(', ')}.${waiting ? ` ${waiting} still under way.` : ''}`;
}
