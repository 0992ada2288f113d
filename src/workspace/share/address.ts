/** The address of a page with what it begins with: of the playground's presets one, and of a lesson the work in a link. */
const PRESET = 'play-';
const QUERY = 'begin';
/** In the address of an embed, see ../../embed/params.ts. */
const EMBEDDED = 'start';

/** `two-workers`: a preset's slug as addresses have it. */
export function nameOf(slug: string): string {
  return slug.slice(PRESET.length);
}

/** The preset an address asks for, in its hash or, where that holds work, in its query; null when it asks for none of these. */
export function presetIn({ hash, search }: { readonly hash: string; readonly search: string }, slugs: readonly string[]): string | null {
  const query = new URLSearchParams(search);
  const wanted = [hash.slice(1), query.get(QUERY), query.get(EMBEDDED)];
  return wanted.flatMap((name) => slugs.find((slug) => nameOf(slug) === name) ?? [])[0] ?? null;
}

/** A link to the page at `href` that carries work; the page then begins with what the work is of. */
export function linkWith(href: string, slug: string, hash: string): string {
  const address = new URL(href);
  address.search = slug.startsWith(PRESET) ? `?${QUERY}=${nameOf(slug)}` : '';
  address.hash = hash;
  return address.href;
}
