/** What the built site consists of, as the service worker knows it; the build makes it (scripts/lib/offline.ts). */

export interface OfflineList {
  /** The build's name, as `data-build` of its pages has it. */
  readonly build: string;
  /** Every file by its address below the site's root (`lessons/iis/` for a page), how many bytes it has, and how many are sent. */
  readonly files: readonly (readonly [address: string, bytes: number, sent: number])[];
  /** What makes the site open at all: places in `files`, as in the two below. */
  readonly shell: readonly number[];
  /** What any lesson may load when its server runs, but for the engine. */
  readonly tools: readonly number[];
  /** By address of each page: what it shows at once, and what is its own of what it may load. */
  readonly pages: Readonly<Record<string, { readonly now: readonly number[]; readonly later: readonly number[] }>>;
}

/** The engine's files are kept by whoever runs it (src/runtime/engine-files.ts), under this name. */
export const ENGINE_CACHE = 'sandbox-engine';
/** Among them, and made by the page itself: Python's base snapshots, below this folder. */
export const SNAPSHOTS = 'engine/base-snapshot/';

const SITE_CACHE = 'ftr:site';
/** All caches of a site's builds begin with this; an origin may hold more than one site. */
export const cachesOf = (scope: string): string => `${SITE_CACHE} ${new URL(scope).pathname} `;
export const cacheOf = (scope: string, build: string): string => cachesOf(scope) + build;

/** Whose name carries a hash of its content: what lies in another build's cache is good as well. */
export const isHashed = (address: string): boolean => /^(assets|engine|search)\//.test(address);
export const isEngine = (address: string): boolean => address.startsWith('engine/');

/** What a lesson's page fetches by the lesson's name: the one file without a hash that must be of the page's own build. */
export const isTask = (address: string): boolean => /^lessons\/[^/]+\/task\.json$/.test(address);

/** May this text of the host stand in the build's cache? A host that is being updated sends another build's already. */
export function isOfBuild({ build, pages }: OfflineList, address: string, text: string): boolean {
  if (address in pages) return text.includes(`data-build="${build}"`);
  return !isTask(address) || text.includes(`"build":"${build}"`);
}

/** Which cache a file is kept in. */
export const cacheFor = (scope: string, build: string, address: string): string =>
  isEngine(address) ? ENGINE_CACHE : cacheOf(scope, build);

/** Stands in a build's cache when the learner has asked for the whole course. */
export const WHOLE_MARK = 'offline/whole-course';

/** What a page says to the worker. `keep`: this page's files, with those of its server when it `runs`. `list`: answered with an OfflineList. */
export type ToWorker =
  | { readonly op: 'keep'; readonly address: string; readonly build: string; readonly runs: boolean }
  | { readonly op: 'list' }
  | { readonly op: 'use' };

/** The addresses that a page needs. */
export function neededBy({ files, tools, pages }: OfflineList, address: string, runs: boolean): string[] {
  const page = pages[address];
  if (page === undefined) return [];
  const places = runs ? [...page.now, ...tools, ...page.later] : page.now;
  return places.flatMap((place) => files[place]?.[0] ?? []);
}
