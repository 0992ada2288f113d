/**
 * The response headers of every path of the site, written down once. The preview and the development server, the files for
 * static hosts (scripts/lib/hosting.ts) and the service worker for hosts without such files (src/offline/service-worker.ts)
 * all take them from here.
 *
 * The content security policy of a page is not among them: it is a `<meta>` (scripts/lib/csp.ts). It names the hashes of
 * that page's scripts, it then holds on any host, and of two policies a page gets the narrower one, so that a header would only
 * be a second place to forget. Neither is there `X-Frame-Options` or `frame-ancestors`: any course page may show the site, and
 * `frame-ancestors *` would still shut out one that was opened from a file.
 */

export type HeaderFields = Readonly<Record<string, string>>;

/** The headers of a folder and all below it (`path` ends with a slash), or of one file. */
export interface HeaderRule {
  readonly path: string;
  readonly headers: HeaderFields;
}

/** What a host without header control cannot send. */
const OPENER = 'Cross-Origin-Opener-Policy';
const EMBEDDER = 'Cross-Origin-Embedder-Policy';
const ISOLATION: readonly string[] = [OPENER, EMBEDDER];

/**
 * `require-corp`, not `credentialless`: Safari knows only the first, and nothing on a page comes from another site, so that
 * nothing needs the second. (WebContainer must then be booted with `coep: 'require-corp'`.)
 */
const REQUIRE_CORP = 'require-corp';

/** Their names carry a hash of their content. On an isolated page a worker's script needs the page's embedder policy, or it is blocked. */
const FOR_EVER: HeaderFields = { 'Cache-Control': 'public, max-age=31536000, immutable' };
const NAMED_BY_CONTENT: HeaderFields = { ...FOR_EVER, [EMBEDDER]: REQUIRE_CORP };

/** The folders of pages with a work area. */
export const ISOLATED: readonly string[] = ['/lessons/', '/playground/'];

/** From the general to the special: where two rules name the same header, the later one counts. */
export const RULES: readonly HeaderRule[] = [
  {
    path: '/',
    headers: {
      'Cache-Control': 'no-cache',
      // A course page may show the site in a sandboxed frame: its origin is opaque, so even our own files are foreign to it.
      'Access-Control-Allow-Origin': '*',
      // A course page that is isolated itself may show only what says so.
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'strict-origin-when-cross-origin',
    },
  },
  { path: '/assets/', headers: NAMED_BY_CONTENT },
  { path: '/engine/', headers: NAMED_BY_CONTENT },
  { path: '/search/', headers: FOR_EVER },
  // Isolation is for lessons and the playground only: the WebContainer engine needs it, and an embed must not ask for it.
  ...ISOLATED.map((path) => ({ path, headers: { [OPENER]: 'same-origin', [EMBEDDER]: REQUIRE_CORP } })),
  // A service worker has no page whose policy it could inherit.
  { path: '/service-worker.js', headers: { 'Content-Security-Policy': "default-src 'none'; connect-src 'self'" } },
];

/** All headers of a path; it begins with a slash and counts from the site's root. */
export function headersFor(path: string): HeaderFields {
  const rules = RULES.filter((rule) => (rule.path.endsWith('/') ? path.startsWith(rule.path) : path === rule.path));
  return Object.assign({}, ...rules.map((rule) => rule.headers));
}

/** Only those of a path's headers that isolate a page, or let an isolated page use a worker's script. */
export function isolationHeadersFor(path: string): HeaderFields {
  return Object.fromEntries(Object.entries(headersFor(path)).filter(([name]) => ISOLATION.includes(name)));
}
