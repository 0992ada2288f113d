/** What the command line of `npm run package:scorm` asks for. Pure: it is told which lessons there are. */
import { parseArgs } from 'node:util';
import { isVersion, type Version } from './bridge/dialects.ts';

const MODES = ['bundled', 'remote'] as const;
export type Mode = (typeof MODES)[number];

export interface Wishes {
  readonly slugs: readonly string[];
  readonly version: Version;
  readonly mode: Mode;
  /** Address of the published site, with a slash at its end; null: not told. */
  readonly site: string | null;
  /** Folder for the packages, as it was typed. */
  readonly out: string;
}

/** A wish that cannot be met; the text says which there are. */
export class WishError extends Error {}

export const USAGE = `usage: npm run package:scorm -- --lesson all|SLUG [--version 1.2|2004] [--mode bundled|remote] [--site URL] [--out DIR]

  --lesson   a lesson by its name, or all: one package for each
  --version  1.2 (if not told; every platform knows it) or 2004, which is its 4th edition
  --mode     bundled (if not told): the lesson and its server are in the package, and need no network but the platform's own
             remote: the lesson comes from your published site, and the package is small
  --site     address of the published site. remote needs it; in bundled ones, links that lead out of the lesson lead there
  --out      folder for the packages (if not told: packages)`;

/** Errors: a WishError. */
export function wishesOf(args: readonly string[], lessons: readonly string[]): Wishes {
  const { lesson, version = '1.2', mode = 'bundled', site, out = 'packages' } = read(args);
  if (lesson === undefined) throw new WishError(`Which lesson? --lesson all, or one of ${lessons.join(', ')}.`);
  if (lesson !== 'all' && !lessons.includes(lesson))
    throw new WishError(`There is no lesson ${lesson}. There are ${lessons.join(', ')}; and all.`);
  if (!isVersion(version)) throw new WishError(`--version ${version} is not known. There are 1.2 and 2004.`);
  if (!isMode(mode)) throw new WishError(`--mode ${mode} is not known. There are ${MODES.join(' and ')}.`);
  if (mode === 'remote' && site === undefined)
    throw new WishError('--mode remote needs --site: the address of the published site, as https://courses.example/web/.');
  return { slugs: lesson === 'all' ? lessons : [lesson], version, mode, site: site === undefined ? null : siteAddress(site), out };
}

const isMode = (text: string): text is Mode => (MODES as readonly string[]).includes(text);

function read(args: readonly string[]): Readonly<Partial<Record<'lesson' | 'version' | 'mode' | 'site' | 'out', string>>> {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...args], options: { lesson: text, version: text, mode: text, site: text, out: text } }).values;
  } catch (error) {
    throw new WishError(error instanceof Error ? error.message : String(error));
  }
}

/** Platforms are served by https, and their pages may hold no frame of less; the machine itself counts as safe. */
function siteAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && url.hostname === 'localhost');
  if (!url || !safe) throw new WishError(`--site ${text} is no address of a published site. It begins with https://.`);
  return `${url.origin}${url.pathname.replace(/\/?$/, '/')}`;
}
