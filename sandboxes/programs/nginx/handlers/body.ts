/** A request's body, read whole before it is used, as nginx does by default. */
import { concat } from '../../http/bytes.ts';
import { BadChunk, CutShort } from '../../http/reader.ts';
import { type Next, type Request, status } from '../request.ts';

/** Read the body, or say what is wrong with it. */
export async function readBody(request: Request): Promise<Next | null> {
  const { incoming, client, settings } = request;
  if (incoming.done) {
    if (request.contentLength !== null) request.body ??= new Uint8Array(0);
    return null;
  }
  await client.sayContinue(request);
  const parts: Uint8Array[] = [];
  let late = false;
  const { deadlines } = client.worker;
  try {
    for (;;) {
      const deadline = deadlines.set(settings.bodyTimeout, () => {
        late = true;
        client.close();
      });
      let piece: Uint8Array | null;
      try {
        piece = await incoming.next();
      } finally {
        deadlines.cancel(deadline);
      }
      if (piece === null) break;
      request.bodyLength += piece.length;
      if (request.chunkedBody && settings.maxBody > 0 && request.bodyLength > settings.maxBody) {
        request.log('error', `client intended to send too large chunked body: ${request.bodyLength} bytes`);
        return status(413);
      }
      parts.push(piece);
    }
  } catch (error) {
    if (late) {
      request.log('info', 'client timed out (110: Connection timed out) while reading client request body');
      request.status = 408;
      return { kind: 'close' };
    }
    if (error instanceof CutShort) {
      request.log('info', 'client prematurely closed connection');
      request.status = 400;
      return { kind: 'close' };
    }
    if (!(error instanceof BadChunk)) throw error;
    request.log('error', 'client sent invalid chunked body');
    return status(400);
  }
  request.body = concat(parts);
  return null;
}
