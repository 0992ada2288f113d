// Each host's file is read back by that host's own rules, page by page. IIS's is in e2e/hosting.spec.ts: the browser reads XML.
import { describe, expect, test } from 'vitest';
import { Lexer } from '../../sandboxes/programs/nginx/config/lexer.ts';
import { headersFor } from '../../src/headers.ts';
import { headersFile, nginxConfig, vercelConfig } from './hosting.ts';
import { lessonFolders, readLesson } from './lesson.ts';
import { MEDIA_TYPES } from './media-types.ts';

const lessons = lessonFolders().map((folder) => `/lessons/${readLesson(folder).slug}/`);
const PATHS = [
  ...['/', '/404.html', '/lessons/', ...lessons, '/lessons/which-worker/task.json', '/embed/which-worker/'],
  ...['/assets/page.abc.js', '/assets/recording.abc.ndjson', '/engine/process.abc.js', '/fonts/display.woff2'],
  ...['/service-worker.js', '/engine', '/lessons', '/enginex/a.js'],
];

/** Header values by name; a name that comes twice is joined, as Cloudflare does: that must not happen. */
function joined(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of pairs) all[name] = name in all ? `${all[name]}, ${value}` : value;
  return all;
}

/** What these hosts say of files that no rule says how long to keep: as good as `no-cache`. */
const OWN_DEFAULT = 'public, max-age=0, must-revalidate';
const onCachingHost = (path: string) => {
  const headers = headersFor(path);
  return headers['Cache-Control'] === 'no-cache' ? { ...headers, 'Cache-Control': OWN_DEFAULT } : headers;
};
const withDefault = (headers: Record<string, string>) => ({ 'Cache-Control': OWN_DEFAULT, ...headers });

describe('_headers', () => {
  const blocks = headersFile()
    .split('\n\n')
    .filter((block) => !block.startsWith('#'))
    .map((block) => {
      const [pattern = '', ...lines] = block.trim().split('\n');
      const headers = lines.map((line) => /^ {2}([\w-]+): (.+)$/.exec(line)?.slice(1) as [string, string]);
      return { pattern, headers };
    });

  test.each(PATHS)('%s', (path) => {
    const fits = ({ pattern }: { pattern: string }) => (pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path);
    expect(withDefault(joined(blocks.filter(fits).flatMap(({ headers }) => headers)))).toEqual(onCachingHost(path));
  });
});

describe('vercel.json', () => {
  const config = JSON.parse(vercelConfig()) as {
    trailingSlash: boolean;
    headers: { source: string; headers: { key: string; value: string }[] }[];
  };

  test.each(PATHS)('%s', (path) => {
    const fitting = config.headers.filter(({ source }) => new RegExp(`^${source}$`).test(path));
    const pairs = fitting.flatMap(({ headers }) => headers.map(({ key, value }) => [key, value] as const));
    expect(withDefault(joined(pairs))).toEqual(onCachingHost(path));
  });

  test('a folder without its slash is sent there', () => expect(config.trailingSlash).toBe(true));
});

describe('nginx.conf', () => {
  interface Block {
    readonly words: readonly string[];
    readonly inside: Block[];
  }
  const lexer = new Lexer('nginx.conf', nginxConfig());
  function block(): Block[] {
    const found: Block[] = [];
    for (;;) {
      const { words, end } = lexer.next();
      if (end === '}' || end === 'end') return found;
      found.push({ words, inside: end === '{' ? block() : [] });
    }
  }
  const [server] = block();
  const inServer = server?.inside ?? [];
  const locations = inServer.filter(({ words }) => words[0] === 'location');

  test.each(PATHS)('%s', (path) => {
    const exact = locations.find(({ words }) => words[1] === '=' && words[2] === path);
    const prefixes = locations.filter(({ words }) => words.length === 2 && path.startsWith(words[1] ?? ''));
    const [longest] = prefixes.sort((a, b) => (b.words[1]?.length ?? 0) - (a.words[1]?.length ?? 0));
    const headers = (exact ?? longest)?.inside.map(({ words: [, name = '', value = '', always] }) => {
      expect(always).toBe('always');
      return [name, value] as const;
    });
    // Nothing is inherited from the server by a location that adds a header itself.
    expect(joined(headers ?? [])).toEqual(headersFor(path));
    expect(headers).toHaveLength(Object.keys(headersFor(path)).length);
  });

  test('every ending has its type, and what is not there is the page for it', () => {
    const types = inServer.find(({ words }) => words[0] === 'types')?.inside ?? [];
    expect(Object.fromEntries(types.map(({ words: [type = '', ending = ''] }) => [`.${ending}`, type]))).toEqual(MEDIA_TYPES);
    expect(inServer).toContainEqual({ words: ['error_page', '404', '/404.html'], inside: [] });
  });

  test('the file in docs/hosting is this one; mend it with vitest -u', async () => {
    await expect(nginxConfig()).toMatchFileSnapshot('../../docs/hosting/nginx.conf');
  });
});
