/** A request's body as it comes, and read whole before it is used, as nginx does by default. */
import { isSystemError } from '../../../host/host.ts';
import { concat } from '../../http/bytes.ts';
import { BadChunk, CutShort } from '../../http/reader.ts';
import { type Next, type Request, status } from '../request.ts';

/** The body does not come as it was announced; `next` is what becomes of the request. */
export class BadBody extends Error {
  readonly next: Next;
  constructor(next: Next) {
    super('the request body does not come as announced');
    this.next = next;
  }
}

/**
 * The next piece of the body, within client_body_timeout; null at its end, and for one that does not come when it is no
 * more `wanted`. Throws BadBody, with the reason logged.
 */
export async function nextPiece(request: Request, wanted = () => true): Promise<Uint8Array | null> {
  const { incoming, client, settings } = request;
  let late = false;
  const deadline = client.worker.deadlines.set(settings.bodyTimeout, () => {
    if (!wanted()) return;
    late = true;
    client.close();
  });
  try {
    const piece = await incoming.next();
    request.bodyLength += piece?.length ?? 0;
    return piece;
  } catch (error) {
    if (!wanted()) return null;
    if (error instanceof BadChunk) {
      request.log('error', 'client sent invalid chunked body');
      throw new BadBody(status(400));
    }
    if (!late && !(error instanceof CutShort) && !isSystemError(error)) throw error;
    if (!late) {
      request.log(
        'info',
        isSystemError(error) ? `recv() failed (${error.errno}: ${error.strerror})` : 'client prematurely closed connection',
      );
    }
    request.status = late ? 408 : 400;
    throw new BadBody({ kind: 'close' });
  } finally {
    client.worker.deadlines.cancel(deadline);
  }
}

/** Read the body, or say what is wrong with it. */
export async function readBody(request: Request): Promise<Next | null> {
  const { incoming, settings } = request;
  if (incoming.done) {
    if (request.contentLength !== null) request.body ??= new Uint8Array(0);
    return null;
  }
  await request.client.sayContinue(request);
  const parts: Uint8Array[] = [];
  try {
    for (let piece = await nextPiece(request); piece !== null; piece = await nextPiece(request)) {
      if (request.chunkedBody && settings.maxBody > 0 && request.bodyLength > settings.maxBody) {
        request.log('error', `client intended to send too large chunked body: ${request.bodyLength} bytes`);
        return status(413);
      }
      parts.push(piece);
    }
  } catch (error) {
    if (error instanceof BadBody) return error.next;
    throw error;
  }
  request.body = concat(parts);
  return null;
}
