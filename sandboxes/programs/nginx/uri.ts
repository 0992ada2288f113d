/** Request targets: path and query apart, the path decoded and normalised as nginx matches it (byte text). */

export interface Target {
  /** `/a b/c`: decoded, with `//`, `.` and `..` resolved. */
  readonly uri: string;
  readonly args: string;
  /** Path and query as sent, without scheme and host. */
  readonly raw: string;
  /** Host of an absolute target, or null. */
  readonly host: string | null;
}

/** Null for a target that nginx answers with 400. */
export function parseTarget(target: string): Target | null {
  let raw = target;
  let host: string | null = null;
  if (!raw.startsWith('/')) {
    const absolute = /^https?:\/\/([^/?#]+)(.*)$/i.exec(raw);
    if (!absolute?.[1]) return null;
    host = absolute[1];
    raw = absolute[2] || '/';
    if (!raw.startsWith('/')) raw = `/${raw}`;
  }
  const hash = raw.indexOf('#');
  const sent = hash < 0 ? raw : raw.slice(0, hash);
  const question = sent.indexOf('?');
  const path = question < 0 ? sent : sent.slice(0, question);
  const args = question < 0 ? '' : sent.slice(question + 1);
  const uri = normalise(path);
  return uri === null ? null : { uri, args, raw, host };
}

function normalise(path: string): string | null {
  const decoded = path.includes('%') ? decode(path) : path;
  if (decoded === null) return null;
  if (!decoded.includes('//') && !decoded.includes('/.')) return decoded;
  const parts: string[] = [];
  const segments = decoded.split('/').slice(1);
  segments.forEach((segment, i) => {
    const last = i === segments.length - 1;
    if (segment === '..') {
      parts.pop();
      if (last) parts.push('');
    } else if (segment === '.' || segment === '') {
      if (last) parts.push('');
    } else parts.push(segment);
  });
  return climbsOut(segments) ? null : `/${parts.join('/')}`;
}

/** Does the path go above the root at any point? */
function climbsOut(segments: readonly string[]): boolean {
  let depth = 0;
  for (const segment of segments) {
    if (segment === '..') depth--;
    else if (segment !== '.' && segment !== '') depth++;
    if (depth < 0) return true;
  }
  return false;
}

function decode(path: string): string | null {
  if (/%(?![0-9a-fA-F]{2})|%00/.test(path)) return null;
  return path.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** A decoded path as it may stand in a Location header. */
export function escapePath(path: string): string {
  return path.replace(/[\x00-\x20"#%?\x7f-\xff]/g, (ch) => `%${ch.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
