/** The npm packages in what is built: which ones the bundler took something of, and their licences. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { at } from '../lib/paths.ts';
import { commonText, type Part } from './part.ts';

/** Files of a package that say what may be done with it. */
const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** `@noble/hashes` of a module's path; null for a module of our own, or one that the bundler made up. */
export function packageOf(module: string): string | null {
  const path = module.replaceAll('\\', '/');
  const start = path.lastIndexOf('/node_modules/');
  if (start < 0) return null;
  return /^(@[^/]+\/[^/]+|[^/]+)/.exec(path.slice(start + '/node_modules/'.length))?.[0] ?? null;
}

/** The packages of these modules, each once. */
export function packagesOf(modules: readonly string[]): string[] {
  return [...new Set(modules.map(packageOf).filter((name) => name !== null))].sort();
}

/** Vite plugin: tells the packages in each file that a page may load; sheets come from the half that renders pages, too. */
export function notePackages(tell: (files: Readonly<Record<string, readonly string[]>>) => void): Plugin {
  const noted: Record<string, readonly string[]> = {};
  return {
    name: 'note-packages',
    generateBundle: {
      // Sheets are made by then.
      order: 'post',
      handler(_options, bundle) {
        const isLast = this.environment.name === 'client';
        for (const output of Object.values(bundle)) {
          if (output.type === 'chunk') {
            const rules = output.moduleIds.filter((id) => /\.css($|\?)/.test(id));
            for (const sheet of output.viteMetadata?.importedCss ?? []) noted[sheet] = packagesOf(rules);
          }
          if (isLast) noted[output.fileName] = packagesOf(output.type === 'chunk' ? output.moduleIds : output.originalFileNames);
        }
        if (isLast) tell(noted);
      },
    },
  };
}

interface PackageJson {
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name?: string };
  readonly repository?: string | { readonly url?: string };
  readonly homepage?: string;
}

/** A package as it is installed. Errors: an Error that names it when it says no licence, or brings no text of an unusual one. */
export function installedPart(name: string): Part {
  const folder = at('node_modules', name);
  const json = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
  if (!json.license) throw new Error(`${name} does not say its licence`);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => LICENCE_FILE.test(file)) : [];
  const author = typeof json.author === 'string' ? json.author : json.author?.name;
  const repository = typeof json.repository === 'string' ? json.repository : json.repository?.url;
  return {
    name,
    version: json.version,
    licence: json.license,
    text:
      files.length > 0
        ? files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n')
        : commonText(name, json.license, author?.replace(/ *[<(].*/, '') ?? `the authors of ${name}`),
    source: sourceOf(repository) ?? json.homepage ?? `https://www.npmjs.com/package/${name}`,
  };
}

/** `github:a/b`, `a/b`, `git+ssh://git@github.com/a/b.git` as an address to open. */
function sourceOf(repository: string | undefined): string | null {
  const github = /^(?:github:)?([\w.-]+\/[\w.-]+)$/.exec(repository ?? '')?.[1];
  if (github) return `https://github.com/${github}`;
  const [, place] = /(?:\/\/|@)(?:[^@/]*@)?([\w.-]+\.\w+[/:].+?)(?:\.git)?(?:[#?].*)?$/.exec(repository ?? '') ?? [];
  return place ? `https://${place.replace(':', '/')}` : null;
}
