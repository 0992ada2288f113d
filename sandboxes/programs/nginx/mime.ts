/** The type of an answer by the ending of the URI, as nginx takes it (not of the file's name), or as a server behind has said. */
import type { Request } from './request.ts';

export function contentType(request: Request): string {
  if (request.carried?.type) return request.carried.type;
  const name = request.uri;
  const { types, defaultType } = request.settings;
  const dot = name.lastIndexOf('.');
  if (dot < 0 || name.indexOf('/', dot) >= 0) return defaultType;
  return types.get(name.slice(dot + 1).toLowerCase()) ?? defaultType;
}
