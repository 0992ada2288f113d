/** All that the built site ships of others, and a look whether anything was forgotten. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PublishedWheel, WheelManifest } from '../../src/runtime/wheels.ts';
import { ENGINE_PACKAGES } from '../build-engine.ts';
import { at, cache } from '../lib/paths.ts';
import { installedPart } from './packages.ts';
import { byName, type Part, type Shipped } from './part.ts';
import { pythonParts, wheelPart } from './python.ts';

/** Where the build leaves it for the page (src/pages/licences). */
export const SHIPPED: string = join(cache, 'shipped.json');

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

/** What the last build noted. */
export const readShipped = (): Shipped => readJson(SHIPPED);

/** Stands inline in pages, so that no bundle knows of it. */
const INLINE = 'astro';
/** Lies beside the example that loads it. */
const COPIED: Readonly<Record<string, readonly string[]>> = {
  'embed/examples/dist/reveal.css': ['reveal.js'],
  'embed/examples/dist/reveal.js': ['reveal.js'],
};

/** `files`: the packages in each file of the pages. Errors: an Error that names a part without licence. */
export function shipped(files: Readonly<Record<string, readonly string[]>>): Shipped {
  const engine = existsSync(ENGINE_PACKAGES) ? readJson<Record<string, string[]>>(ENGINE_PACKAGES) : {};
  const addresses = readJson<Record<string, unknown>>(at('src/runtime/generated/engine.json'));
  const manifest = readJson<WheelManifest<PublishedWheel>>(at('src/runtime/generated/wheels.json'));
  const python = pythonParts(String(addresses['pyodide']), manifest.python);
  const pythonFiles = ['loader', 'asm', 'wasm', 'stdlib'].map((part) => String(addresses[part]).slice(1));
  const wheels = manifest.wheels.map((wheel) => wheelPart(wheel, readFileSync(at('public', wheel.address))));
  const font: Part = {
    name: 'Request Display, a subset of Hammersmith One',
    version: '5.3.0 of @fontsource/hammersmith-one',
    licence: 'OFL-1.1',
    text: readFileSync(at('public/fonts/OFL.txt'), 'utf8'),
    source: 'https://github.com/google/fonts/tree/main/ofl/hammersmithone',
  };
  const packages = [...new Set([INLINE, ...Object.values({ ...files, ...engine, ...COPIED }).flat()])].map(installedPart);
  return {
    packages: byName(packages),
    python,
    wheels: byName(wheels),
    fonts: [font],
    files: {
      ...files,
      ...engine,
      ...COPIED,
      ...Object.fromEntries(pythonFiles.map((file) => [file, python.map(({ name }) => name)])),
      ...Object.fromEntries(manifest.wheels.map(({ address, name }) => [address.slice(1), [name]])),
      'fonts/request-display.woff2': [font.name],
    },
  };
}

/** Files that were joined after the bundler had told what is in them: what is in each is what was in its parts. */
export function noteJoined(joined: ReadonlyMap<string, readonly string[]>): void {
  const known = readShipped();
  const gone = new Set([...joined.values()].flat());
  const files = Object.entries(known.files).filter(([file]) => !gone.has(file));
  const made = [...joined].map(([file, parts]) => [file, [...new Set(parts.flatMap((part) => known.files[part] ?? []))]]);
  writeFileSync(SHIPPED, JSON.stringify({ ...known, files: Object.fromEntries([...files, ...made]) }));
}

/** Files with code, fonts or data that somebody may have written elsewhere; pages and recordings are the course's own. */
const MAY_BE_OTHERS = /\.(js|mjs|css|wasm|zip|whl|woff2?|ttf|otf|png|jpg|webp)$/;
/** Made of the course's own files alone. */
const OWN = /^(service-worker\.js|(embed\/v1\/)?request-flow\.js|icons\/.*)$/;

/** A line for each of the built files (paths below the site's root) of which nobody said what is in it, and for each part without a text in `page`. */
export function unnamed(built: readonly string[], { files, ...parts }: Shipped, page: string): string[] {
  const texts = new Set(
    [...page.matchAll(/<details[^>]*\sdata-part="([^"]*)"[^>]*>[^]*?<pre[^>]*>([^]{40,}?)<\/pre>/g)].map(([, name]) => name),
  );
  const told = new Set(Object.values(parts).flatMap((some) => some.map(({ name }) => name)));
  return [
    ...built
      .filter((file) => MAY_BE_OTHERS.test(file) && !OWN.test(file) && !(file in files))
      .map((file) => `${basename(file)}: nobody said what is in it`),
    ...[...new Set(Object.values(files).flat())]
      .filter((name) => !told.has(name))
      .map((name) => `${name}: is shipped, and its licence is not`),
    ...[...told].filter((name) => !texts.has(name.replaceAll('&', '&amp;'))).map((name) => `${name}: no text on the page of licences`),
  ];
}
