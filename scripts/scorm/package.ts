/** Puts a package together: manifest, launcher, scripts, schemas, and in a bundled one the lesson itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { embedPath } from '../../src/embed/addresses.ts';
import { bundle } from '../engine/bundle.ts';
import { elementScript } from '../lib/embed-integration.ts';
import type { Shipped } from '../licences/part.ts';
import type { Version } from './bridge/dialects.ts';
import { launcher, SCRIPTS } from './launcher.ts';
import { LAUNCHER, manifest } from './manifest.ts';
import { type LessonOnSite, pageOf, sitePart } from './site-part.ts';
import type { Mode } from './wishes.ts';

/** Many platforms refuse an upload above this, as long as nobody has set another limit. */
const USUAL_LIMIT = 20_000_000;
/** The same files give the same package, to the byte. */
const PACKED_AT = new Date(2020, 0, 1);
/** All of it that no platform is known to lack the media type of, or that scripts fetch as bytes. */
const ENDINGS = /^[\x21-\x7e]+\.(html|js|css|json|svg|png|txt|woff2|wasm|zip|ndjson)$/;

export interface PackageLesson extends LessonOnSite {
  readonly title: string;
}

interface Options {
  readonly lesson: PackageLesson;
  readonly version: Version;
  readonly mode: Mode;
  readonly site: string | null;
  /** The built site, for a bundled package. */
  readonly dist: string;
  readonly scripts: Readonly<Record<keyof typeof SCRIPTS, string>>;
  /** What a bundled package ships of others. */
  readonly shipped: Shipped | null;
}

export type Package = Readonly<Record<string, Uint8Array>>;

/** Both scripts of the launcher. */
export async function launcherScripts(): Promise<Options['scripts']> {
  const bridge = await bundle('scripts/scorm/bridge/main.ts', { format: 'iife', platform: 'browser' });
  if (bridge === null) throw new Error('scripts/scorm/bridge/main.ts is not there');
  return { bridge: `/* Follow the Request in a learning platform. MIT. */\n${bridge}`, element: await elementScript() };
}

/** The schemas of a version; platforms expect them beside the manifest. */
const schemas = (version: Version): [string, Uint8Array][] => {
  const folder = join(import.meta.dirname, 'schemas', version);
  return readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))]);
};

/** The files of a package. Errors: an Error that names a file that a platform would not serve, or what the site has not. */
export function packageFiles({ lesson, version, mode, site, dist, scripts, shipped }: Options): Package {
  const { slug, title } = lesson;
  const src = mode === 'remote' ? `${site}${embedPath(slug)}` : `site/${pageOf(slug)}`;
  const bundled = mode === 'remote' ? [] : [...sitePart(dist, lesson, site)].map(([file, bytes]) => [`site/${file}`, bytes] as const);
  const files: [string, Uint8Array][] = [
    [LAUNCHER, Buffer.from(launcher({ version, title, src }))],
    [SCRIPTS.bridge, Buffer.from(scripts.bridge)],
    [SCRIPTS.element, Buffer.from(scripts.element)],
    ...(shipped ? [['licences.txt', Buffer.from(licencesText(shipped))] as [string, Uint8Array]] : []),
    ...bundled.map(([file, bytes]): [string, Uint8Array] => [file, bytes]),
  ];
  const names = files.map(([file]) => file);
  for (const name of names) if (!ENDINGS.test(name)) throw new Error(`${name} cannot go into a package: platforms may not serve it.`);
  return Object.fromEntries([
    ['imsmanifest.xml', Buffer.from(manifest({ version, slug, title, files: names }))] as const,
    ...schemas(version),
    ...files,
  ]);
}

const licencesText = ({ packages, python, wheels, fonts }: Shipped): string =>
  [...packages, ...python, ...wheels, ...fonts]
    .map(({ name, version, licence, text, source }) => `${name} ${version} (${licence})\n${source}\n\n${text.trim()}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);

export const zipped = (files: Package): Uint8Array => zipSync({ ...files }, { level: 9, mtime: PACKED_AT });

/** `which-worker-scorm-1.2-bundled.zip` */
export const packageName = (slug: string, version: Version, mode: Mode): string => `${slug}-scorm-${version}-${mode}.zip`;

/** `8.1 MB`, and a word of warning when it is much. */
export function sizeText(bytes: number): string {
  const size = `${(bytes / 1_000_000).toFixed(bytes < 100_000 ? 2 : 1)} MB`;
  return bytes > USUAL_LIMIT ? `${size}: more than many platforms take without being set up for it; --mode remote is small` : size;
}
