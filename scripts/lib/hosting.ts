/**
 * The rules of src/headers.ts in the words of common hosts. Netlify, Cloudflare, Vercel and IIS look for their file in the root
 * of what they serve, so the build writes theirs into `dist/`; nginx's lies in docs/hosting/.
 */
import { escaped } from '../../src/escaped.ts';
import { type HeaderFields, headersFor, RULES } from '../../src/headers.ts';
import { MEDIA_TYPES } from './media-types.ts';

const MADE = 'Made from src/headers.ts by scripts/lib/hosting.ts: change it there.';

/** Folders as a prefix, files as they are. */
const isFolder = (path: string): boolean => path.endsWith('/');

/**
 * Netlify, Cloudflare and Vercel apply every rule that fits, and the first two join the values of a header that comes twice: the
 * general rule must name nothing that another one names. That is only Cache-Control, and all three say by themselves that
 * files are to be asked for again.
 */
function disjointRules(base: string): { path: string; headers: HeaderFields }[] {
  return RULES.map(({ path, headers: { 'Cache-Control': cache, ...rest } }) => ({
    path: base + path.slice(1),
    headers: cache === undefined || cache === 'no-cache' ? rest : { 'Cache-Control': cache, ...rest },
  }));
}

/** `dist/_headers`, for Netlify and Cloudflare; the site lies at `base`. */
export function headersFile(base = '/'): string {
  const blocks = disjointRules(base).map(({ path, headers }) => {
    const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);
    return [isFolder(path) ? `${path}*` : path, ...lines].join('\n');
  });
  return `# ${MADE}\n\n${blocks.join('\n\n')}\n`;
}

/** `dist/vercel.json`, for `vercel deploy dist`; the site lies at `base`. */
export function vercelConfig(base = '/'): string {
  const headers = disjointRules(base).map((rule) => ({
    source: isFolder(rule.path) ? `${rule.path}(.*)` : rule.path,
    headers: Object.entries(rule.headers).map(([key, value]) => ({ key, value })),
  }));
  return `${JSON.stringify({ $schema: 'https://openapi.vercel.sh/vercel.json', trailingSlash: true, headers }, null, 2)}\n`;
}

/** `docs/hosting/nginx.conf`, a whole `server` block. */
export function nginxConfig(): string {
  const types = Object.entries(MEDIA_TYPES).map(([ending, type]) => `        "${type}" ${ending.slice(1)};`);
  const locations = RULES.map(({ path }) => {
    const lines = Object.entries(headersFor(path)).map(([name, value]) => `        add_header ${name} "${value}" always;`);
    return [`    location ${isFolder(path) ? '' : '= '}${path} {`, ...lines, '    }'].join('\n');
  });
  return `# Follow the Request on nginx. ${MADE}
# Copy dist/ to the root below. Isolated pages need HTTPS (or localhost): add "listen 443 ssl" and your certificate.
server {
    listen 80;
    server_name _;
    root /var/www/follow-the-request;
    index index.html;
    error_page 404 /404.html;
    # Also right behind a proxy that speaks TLS.
    absolute_redirect off;
    # The build leaves a .gz beside every file that gets smaller by it.
    gzip_static on;
    gzip_vary on;

    # In place of mime.types, which in many versions knows neither .mjs nor .ndjson.
    types {
${types.join('\n')}
    }
    default_type application/octet-stream;

    # A location with a header of its own inherits none from the server: each has the full list. A 404 comes from /404.html
    # and has the headers of "/": it is never kept for a year.
${locations.join('\n\n')}
}
`;
}

/**
 * IIS sends custom headers with errors too, but a file that is missing for a moment must not be missing for a year: caching
 * is set where it counts for files that are there.
 */
function clientCache(cacheControl: string): string {
  if (cacheControl === 'no-cache') return '<clientCache cacheControlMode="DisableCache" />';
  const directives = cacheControl.split(', ');
  const seconds = Number(directives.find((one) => one.startsWith('max-age='))?.slice('max-age='.length));
  const days = seconds / 86_400;
  if (!Number.isInteger(days)) throw new Error(`web.config cannot say "${cacheControl}"`);
  const others = directives.filter((one) => !one.startsWith('max-age=')).join(', ');
  return `<clientCache cacheControlMode="UseMaxAge" cacheControlMaxAge="${days}.00:00:00" cacheControlCustom="${escaped(others)}" />`;
}

/** The sections of one rule. What is added is removed first: IIS answers 500.19 to a name that the server has already. */
function iisSections(
  { 'Cache-Control': cache, ...headers }: HeaderFields,
  indent: string,
  more: { types?: string[]; removed?: string[] } = {},
): string {
  const staticContent = [...(cache === undefined ? [] : [clientCache(cache)]), ...(more.types ?? [])];
  const custom = [
    ...(more.removed ?? []).map((name) => `<remove name="${name}" />`),
    ...Object.entries(headers).flatMap(([name, value]) => [
      `<remove name="${name}" />`,
      `<add name="${name}" value="${escaped(value)}" />`,
    ]),
  ];
  const section = (open: string, lines: readonly string[], close: string): string[] =>
    lines.length === 0 ? [] : [open, ...lines.map((line) => `  ${line}`), close];
  return [
    ...section('<staticContent>', staticContent, '</staticContent>'),
    ...section('<httpProtocol>', section('<customHeaders>', custom, '</customHeaders>'), '</httpProtocol>'),
  ]
    .map((line) => `${indent}${line}`)
    .join('\n');
}

/** `dist/web.config`, for IIS 7.5 and later; nothing has to be installed beside the static content feature. */
export function webConfig(): string {
  const [general, ...special] = RULES;
  if (general === undefined) throw new Error('There are no header rules');
  const types = Object.entries(MEDIA_TYPES).flatMap(([ending, type]) => [
    `<remove fileExtension="${ending}" />`,
    `<mimeMap fileExtension="${ending}" mimeType="${type}" />`,
  ]);
  const locations = special.map(({ path, headers }) => {
    const name = path.replace(/^\/|\/$/g, '');
    return `  <location path="${name}">
    <system.webServer>
${iisSections(headers, '      ')}
    </system.webServer>
  </location>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<!-- ${MADE} -->
<configuration>
  <system.webServer>
    <defaultDocument enabled="true">
      <files>
        <clear />
        <add value="index.html" />
      </files>
    </defaultDocument>
    <httpErrors errorMode="Custom">
      <remove statusCode="404" subStatusCode="-1" />
      <error statusCode="404" subStatusCode="-1" prefixLanguageFilePath="" path="404.html" responseMode="File" />
    </httpErrors>
    <!-- Course pages may show the site in a frame: a ban that the server has for all its sites is lifted. -->
${iisSections(general.headers, '    ', { types, removed: ['X-Frame-Options'] })}
  </system.webServer>
${locations.join('\n')}
</configuration>
`;
}
