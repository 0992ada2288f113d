/** Looks whether every link of the built site leads to a page or file of it, and every fragment to a place on that page. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a link may stand; the site's own tools write attributes in double quotes. */
const LINK = /\s(?:href|src|action)="([^"]*)"/g;
const ID = /\sid="([^"]*)"/g;

/** The files of a site by their address: `/lessons/` for `lessons/index.html`. Texts of pages only, of other files ''. */
export type Site = ReadonlyMap<string, string>;

/** The site in a folder, as if it lay below the address `base`. */
export function readSite(folder: string, base = '/'): Site {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = `${base}${file.slice(folder.length + 1).replaceAll('\\', '/')}`;
      return [path.replace(/\/index\.html$/, '/'), path.endsWith('.html') ? readFileSync(file, 'utf8') : ''];
    }),
  );
}

/** A line for each link that leads nowhere: `/lessons/: /lessons/iis/#step-9: no such place on that page`. */
export function brokenLinks(site: Site): string[] {
  const places = new Map([...site].map(([path, text]) => [path, new Set([...text.matchAll(ID)].map(([, id]) => id))]));
  return [...site].flatMap(([path, text]) => {
    const links = new Set([...text.matchAll(LINK)].map(([, link = '']) => link.replaceAll('&amp;', '&')));
    return [...links].flatMap((link) => {
      const to = URL.canParse(link, `site:${path}`) ? new URL(link, `site:${path}`) : null;
      if (to?.protocol !== 'site:') return to ? [] : [`${path}: ${link}: no address`];
      const ids = places.get(to.pathname);
      if (!ids) return [`${path}: ${link}: no such page or file`];
      const id = decodeURIComponent(to.hash.slice(1));
      return id === '' || ids.has(id) ? [] : [`${path}: ${link}: no such place on that page`];
    });
  });
}
