/**
 * Where the site lies. What is built does not know: the same files serve `/`, `/courses/web/` and a folder of a learning platform, so that
 * every address is relative, and scripts ask the page they run in (scripts/lib/relocatable.ts puts the answer into it).
 */

/** The site's first address, with a slash at its end: whole in a browser; while pages are built, what the build replaces. */
export function siteBase(): string {
  if (import.meta.env.SSR) return import.meta.env.BASE_URL;
  // The development server lies at its root and says nothing.
  return new URL(document.documentElement.dataset['base'] ?? '/', document.baseURI).href;
}

/** A name that another build's pages do not have; nothing while one writes. */
export const siteBuild = (): string | undefined => document.documentElement.dataset['build'];
