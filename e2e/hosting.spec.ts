// The files that make static hosts send the headers, as the build left them; IIS's is read as IIS reads it, by the browser's XML reader.
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { headersFile, vercelConfig } from '../scripts/lib/hosting.ts';
import { MEDIA_TYPES } from '../scripts/lib/media-types.ts';
import { dist } from '../scripts/lib/paths.ts';
import { headersFor } from '../src/headers.ts';
import { builtFiles } from './pages.ts';

interface Entry {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}
/** A `system.webServer`: the entries of each section, by the path of its elements. */
type Sections = Readonly<Record<string, readonly Entry[]>>;
interface WebConfig {
  readonly root: Sections;
  readonly locations: readonly { readonly path: string; readonly sections: Sections }[];
}

const built = builtFiles().filter((path) => !/\.(br|gz)$|^\/(_headers|vercel\.json|web\.config)$/.test(path));

/** Fails on what is not well-formed. */
function readWebConfig(page: Page): Promise<WebConfig> {
  return page.evaluate(
    (text) => {
      const parsed = new DOMParser().parseFromString(text, 'application/xml');
      const error = parsed.querySelector('parsererror');
      if (error !== null) throw new Error(error.textContent ?? '');
      const entry = (element: Element) => ({
        tag: element.tagName,
        attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
      });
      const sections = (parent: Element | null): Record<string, { tag: string; attributes: Record<string, string> }[]> => {
        const server = [...(parent?.children ?? [])].find(({ tagName }) => tagName === 'system.webServer');
        const found = ['staticContent', 'httpProtocol > customHeaders', 'httpErrors', 'defaultDocument > files'].map((path) => {
          const section = server?.querySelector(`:scope > ${path}`);
          return [path, [...(section?.children ?? [])].map(entry)] as const;
        });
        return Object.fromEntries(found);
      };
      const root = parsed.documentElement;
      if (root.tagName !== 'configuration') throw new Error(root.tagName);
      const locations = [...root.children].filter(({ tagName }) => tagName === 'location');
      return {
        root: sections(root),
        locations: locations.map((one) => ({ path: one.getAttribute('path') ?? '', sections: sections(one) })),
      };
    },
    readFileSync(join(dist, 'web.config'), 'utf8'),
  );
}

/** A collection of IIS after these entries: a key that is there already is error 500.19, whatever its case. */
function collect(entries: readonly Entry[], key: string, before: ReadonlyMap<string, Entry>): Map<string, Entry> {
  const all = new Map(before);
  for (const entry of entries) {
    const id = entry.attributes[key]?.toLowerCase();
    if (id === undefined) continue;
    if (entry.tag !== 'remove' && all.has(id)) throw new Error(`500.19: ${id} is there already`);
    if (entry.tag === 'remove') all.delete(id);
    else all.set(id, entry);
  }
  return all;
}

/** What a server may have for all its sites; the file must bear it. */
const SERVER_HEADERS = ['x-powered-by', 'x-frame-options', 'x-content-type-options', 'referrer-policy', 'access-control-allow-origin'];
const SERVER_TYPES = ['.html', '.css', '.js', '.json', '.svg', '.txt', '.wasm', '.woff2', '.xml', '.zip'];
const existing = (keys: readonly string[]): Map<string, Entry> =>
  new Map(keys.map((key) => [key, { tag: 'add', attributes: { name: key, value: 'of the server' } }]));

/** Directives of a Cache-Control, in no order. */
const directives = (value = ''): string[] => value.split(/, ?/).sort();

/** Cache-Control as the static file handler makes it of `clientCache`. */
function cacheControl(clientCache: Entry | undefined): string {
  const { cacheControlMode, cacheControlMaxAge = '', cacheControlCustom } = clientCache?.attributes ?? {};
  if (cacheControlMode === 'DisableCache') return 'no-cache';
  expect(cacheControlMode).toBe('UseMaxAge');
  const [, days, hours, minutes, seconds] = (/^(\d+)\.(\d\d):(\d\d):(\d\d)$/.exec(cacheControlMaxAge) ?? []).map(Number);
  const age = (((days ?? Number.NaN) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  return `${cacheControlCustom},max-age=${age}`;
}

test('web.config gives every built file the headers and the type that the preview gives it', async ({ page }) => {
  const config = await readWebConfig(page);
  const types = collect(config.root['staticContent'] ?? [], 'fileExtension', existing(SERVER_TYPES));
  expect(built.length).toBeGreaterThan(50);
  for (const file of built) {
    const path = file.replace(/\/index\.html$/, '/');
    const locations = config.locations.filter((one) => `${path.slice(1)}/`.startsWith(`${one.path}/`));
    const levels = [config.root, ...locations.map(({ sections }) => sections)];
    const custom = levels.reduce(
      (before, level) => collect(level['httpProtocol > customHeaders'] ?? [], 'name', before),
      existing(SERVER_HEADERS),
    );
    custom.delete('x-powered-by');
    const sent = Object.fromEntries([...custom.values()].map(({ attributes }) => [attributes['name'], attributes['value']]));
    const { 'Cache-Control': cache, ...headers } = headersFor(path);
    expect(sent, path).toEqual(headers);
    const caches = levels.flatMap((level) => (level['staticContent'] ?? []).filter(({ tag }) => tag === 'clientCache'));
    expect(directives(cacheControl(caches.at(-1))), path).toEqual(directives(cache));
    expect(types.get(extname(file))?.attributes['mimeType'], path).toBe(MEDIA_TYPES[extname(file)]);
  }
});

test('web.config: the first page of a folder, and the page for what is not there', async ({ page }) => {
  const { root } = await readWebConfig(page);
  expect(root['defaultDocument > files']).toEqual([
    { tag: 'clear', attributes: {} },
    { tag: 'add', attributes: { value: 'index.html' } },
  ]);
  const notFound = root['httpErrors']?.find(({ tag }) => tag === 'error')?.attributes;
  // `File` keeps the status: `ExecuteURL` would answer 200. Paths count from the site's root.
  expect(notFound).toMatchObject({ statusCode: '404', responseMode: 'File' });
  expect(existsSync(join(dist, notFound?.['path'] ?? 'none'))).toBe(true);
});

test('_headers and vercel.json are where their hosts look for them', () => {
  expect(readFileSync(join(dist, '_headers'), 'utf8')).toBe(headersFile());
  expect(readFileSync(join(dist, 'vercel.json'), 'utf8')).toBe(vercelConfig());
});

test('every built file has a type', () => {
  expect(built.filter((path) => MEDIA_TYPES[extname(path)] === undefined)).toEqual([]);
});
