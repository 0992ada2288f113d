/** `try_files`: the first of some paths that exists, else a last resort. */
import { toUnicode } from '../../http/bytes.ts';
import type { TryFiles } from '../config/model.ts';
import { type Next, type Request, status } from '../request.ts';

/** Points the request at what was found and answers null (the location's handler goes on), or says where to go instead. */
export async function tryFiles(request: Request, { files, last }: TryFiles): Promise<Next | null> {
  const { alias } = request.settings;
  for (const { path, directory } of files) {
    const given = path(request);
    // Below an alias a path that begins with the location stands for the aliased one.
    const matched = request.location.pattern;
    const below = alias > 0 && alias !== Number.POSITIVE_INFINITY && given.startsWith(matched);
    const file = alias > 0 && !below ? request.settings.root(request) + given : request.filename(given);
    const info = await request.client.host.fs.stat(toUnicode(file)).catch(() => null);
    if (info?.kind !== (directory ? 'directory' : 'file')) continue;
    request.uri =
      alias > 0 && !below && alias !== Number.POSITIVE_INFINITY
        ? matched + given
        : alias === Number.POSITIVE_INFINITY
          ? request.uri
          : given;
    return null;
  }
  if ('code' in last) return status(last.code);
  if ('named' in last) return { kind: 'named', name: last.named };
  const target = last.uri(request);
  const question = target.indexOf('?');
  if (question < 0) return { kind: 'uri', uri: target, args: request.args };
  return { kind: 'uri', uri: target.slice(0, question), args: target.slice(question + 1) };
}
