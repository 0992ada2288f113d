/** Request targets: path and query apart, the path decoded and normalised as nginx matches it (byte text). */

export interface Target {
  /** `/a b/c`: decoded, with `//`, `.` and `..` resolved. */
  readonly uri: string;
  readonly args: string;
  /** Path and query as sent, without scheme and host. */
  readonly raw: string;
  /** Had the path escapes, so that it must be escaped again before it is passed on? */
  readonly quoted: boolean;
}

/** Null for a path that nginx answers with 400. `raw` begins with a slash. */
export function parseTarget(raw: string, mergeSlashes = true): Target | null {
  const question = raw.indexOf('?');
  const plain = question < 0 ? raw : raw.slice(0, question);
  if (!/%|#|\/\/|\/\.|\?.*#/.test(raw)) return { uri: plain, args: question < 0 ? '' : raw.slice(question + 1), raw, quoted: false };
  const normal = normalise(raw, mergeSlashes);
  return normal && { ...normal, raw, quoted: raw.slice(0, normal.end).includes('%') };
}

/** nginx's own states: an escaped character counts like a plain one, but an escaped `?`, `%` or `#` is only itself. */
type State = 'usual' | 'slash' | 'dot' | 'dotdot';

function normalise(raw: string, mergeSlashes: boolean): { uri: string; args: string; end: number } | null {
  let uri = '';
  let state: State = 'usual';
  for (let at = 0; at < raw.length; at++) {
    let ch = raw.charAt(at);
    if (ch === '?' || ch === '#') {
      const path = leave(uri, state);
      return path === null ? null : { uri: path, args: ch === '?' ? (raw.slice(at + 1).split('#')[0] ?? '') : '', end: at };
    }
    if (ch === '%') {
      const code = /^[0-9a-fA-F]{2}$/.test(raw.slice(at + 1, at + 3)) ? Number.parseInt(raw.slice(at + 1, at + 3), 16) : 0;
      if (code === 0) return null;
      at += 2;
      ch = String.fromCharCode(code);
      if (ch === '%' || ch === '#' || ch === '?') {
        uri += ch;
        state = 'usual';
        continue;
      }
    }
    if (ch === '/') {
      const path = leave(uri, state);
      if (path === null) return null;
      uri = state === 'usual' || (state === 'slash' && !mergeSlashes) ? `${path}/` : path;
      state = 'slash';
      continue;
    }
    uri += ch;
    state = ch !== '.' || state === 'usual' || state === 'dotdot' ? 'usual' : state === 'slash' ? 'dot' : 'dotdot';
  }
  const path = leave(uri, state);
  return path === null ? null : { uri: path, args: '', end: raw.length };
}

/** A path at the end of a segment: `/a/.` loses the dot, `/a/b/..` the segment before it; null above the root. */
function leave(uri: string, state: State): string | null {
  if (state === 'dot') return uri.slice(0, -1);
  if (state !== 'dotdot') return uri;
  // Without the two dots and the slash before them, back to the slash before that.
  const slash = uri.lastIndexOf('/', uri.length - 4);
  return uri.length < 4 || slash < 0 ? null : uri.slice(0, slash + 1);
}

const hex = (ch: string): string => `%${ch.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** A decoded path as it may stand in a request line or a Location header. */
export const escapePath = (path: string): string => path.replace(/[\x00-\x20"#%?\x7f-\xff\\^`{|}<>]/g, hex);

/** Text as it may stand in a query. */
export const escapeArgs = (text: string): string => text.replace(/[\x00-\x20"#%&+?\x7f-\xff\\^`{|}<>;]/g, hex);

/** A redirect's path as nginx tidies it: what need not be escaped is not. */
export function unescapeRedirect(text: string): string {
  const question = text.indexOf('?');
  const path = question < 0 ? text : text.slice(0, question);
  const tidy = path.replace(/%([0-9a-fA-F]{2})/g, (whole, code: string) => {
    const value = Number.parseInt(code, 16);
    return value > 0x25 && value < 0x7f ? String.fromCharCode(value) : whole;
  });
  return question < 0 ? tidy : tidy + text.slice(question);
}
