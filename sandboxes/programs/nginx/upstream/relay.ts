/** The body of an upstream's answer on its way to the client. */

import { hasToken, header } from '../../http/head.ts';
import { BadChunk, Body, CutShort, type Reader } from '../../http/reader.ts';
import type { Target } from '../config/upstream-model.ts';
import { Output } from '../output.ts';
import type { Request, UpstreamState } from '../request.ts';
import type { AnswerHead } from '../response.ts';
import { ACCEL, isBuffered } from './accel.ts';
import type { UpstreamHead } from './answer.ts';
import { rewriteLocation } from './proxy.ts';
import { UpstreamFailure, type Watch } from './watch.ts';

const ACTION = 'reading upstream';

/** Lines of an answer that nginx keeps to itself or writes anew. */
const HIDDEN: Readonly<Record<'uwsgi' | 'proxy', ReadonlySet<string>>> = {
  uwsgi: new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-type']),
  proxy: new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-type', 'date', 'server', 'x-pad']),
};

export interface RelayParts {
  readonly family: 'uwsgi' | 'proxy';
  readonly target: Target;
  readonly state: UpstreamState;
}

/** Pass head and body to the client. Throws UpstreamFailure when upstream breaks off. */
export async function relay(request: Request, watch: Watch, reader: Reader, head: UpstreamHead, parts: RelayParts): Promise<void> {
  const { family, state } = parts;
  const settings = request.settings[family];
  const chunked = family === 'proxy' && hasToken(head.headers, 'transfer-encoding', 'chunked');
  const given = header(head.headers, 'content-length');
  const length = !chunked && given !== null && /^\d{1,15}$/.test(given) ? Number(given) : null;
  const bodyless = request.isHead || head.status === 204 || head.status === 304;
  const output = new Output(request, answerHead(request, head, length, parts), head.bare);

  const buffering = isBuffered(settings, head);
  const most = settings.buffers.count * settings.buffers.size;
  const body = new Body(reader, bodyless ? 0 : chunked ? 'chunked' : (length ?? 'close'));
  if (!buffering) await output.flush();
  /** A write under way: the client takes its time while the next pieces are read, up to `most` bytes. */
  let writing: Promise<void> | null = null;
  try {
    for (;;) {
      const piece = await watch.read(() => body.next(), ACTION);
      if (piece === null) break;
      state.length += piece.length;
      state.received += piece.length;
      output.add(piece);
      if (!buffering) await output.flush();
      else if (output.waiting >= settings.bufferSize) {
        if (writing !== null && output.waiting >= most) await writing;
        writing ??= output.flush().then(() => {
          writing = null;
        });
      }
    }
  } catch (error) {
    await writing;
    // Chunks that are none end the connection before what is waiting has gone out.
    if (!(error instanceof BadChunk)) await output.flush();
    throw broken(error);
  }
  await writing;
  if (typeof length === 'number' && !bodyless && reader.hasBuffered) {
    request.log('warn', 'upstream sent more data than specified in "Content-Length" header while reading upstream');
  }
  await output.end();
}

/** A body that ended too early, or is not in the chunks it should be in. */
function broken(error: unknown): unknown {
  if (error instanceof CutShort) return new UpstreamFailure(502, 'error', null, `upstream prematurely closed connection while ${ACTION}`);
  if (error instanceof BadChunk) return new UpstreamFailure(502, 'error', null, `upstream sent invalid chunked response while ${ACTION}`);
  return error;
}

function answerHead(request: Request, head: UpstreamHead, length: number | null, { family, target }: RelayParts): AnswerHead {
  const { hide, pass } = request.settings[family];
  const hidden = HIDDEN[family];
  const more: [string, string][] = [];
  const has = new Set<string>();
  let location: string | undefined;
  for (const { key, name, value } of head.headers) {
    const own =
      key === 'content-length' || key === 'content-type' || key === 'transfer-encoding' || key === 'connection' || key === 'keep-alive';
    const kept = !hidden.has(key) && !ACCEL.has(key) && !hide.includes(key);
    if (!kept && (own || !pass.includes(key))) continue;
    has.add(key);
    const rewritten = key === 'location' && family === 'proxy' ? rewriteLocation(request, target, value) : null;
    // One that has become a path is made a full address, like nginx's own.
    if (rewritten?.startsWith('/') && request.settings.absoluteRedirect) location = rewritten;
    else more.push([name, rewritten ?? value]);
  }
  return {
    status: head.status,
    reason: head.reason,
    type: hide.includes('content-type') ? undefined : (header(head.headers, 'content-type') ?? undefined),
    length,
    ...(location === undefined ? {} : { location }),
    more,
    has,
  };
}
