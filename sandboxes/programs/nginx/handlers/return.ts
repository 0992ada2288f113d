/** `return`: a status, a text or a redirect, straight from the configuration. */
import { bytesOf } from '../../http/bytes.ts';
import type { Return } from '../config/model.ts';
import { contentType } from '../mime.ts';
import { DONE, type Next, type Request, status } from '../request.ts';
import { send, sendPage } from '../response.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export async function answerReturn(request: Request, { code, text }: Return): Promise<Next> {
  if (code === 444) return { kind: 'close' };
  if (REDIRECTS.has(code)) {
    await sendPage(request, code, '', text?.(request) ?? '');
    return DONE;
  }
  if (text === null) {
    if (code >= 300 || code === 204) return status(code);
    await send(request, { status: code, type: contentType(request) }, bytesOf(''));
    return DONE;
  }
  await send(request, { status: code, type: contentType(request) }, bytesOf(text(request)));
  return DONE;
}
