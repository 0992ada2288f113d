/** `try_files`: the first of some paths that exists, else a last resort. */
import { toUnicode } from '../../http/bytes.ts';
import type { TryFiles } from '../config/model.ts';
import { type Next, type Request, status } from '../request.ts';

/** Points the request at what was found and answers null (the location's handler goes on), or says where to go instead. */
export async function tryFiles(request: Request, { files, last }: TryFiles): Promise<Next | null> {
  for (const { path, directory } of files) {
    const uri = path(request);
    const info = await request.client.host.fs.stat(toUnicode(request.filename(uri))).catch(() => null);
    if (info?.kind === (directory ? 'directory' : 'file')) {
      request.uri = uri;
      return null;
    }
  }
  if ('code' in last) return status(last.code);
  return 'named' in last ? { kind: 'named', name: last.named } : { kind: 'uri', uri: last.uri(request) };
}
