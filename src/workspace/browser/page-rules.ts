/** What of a page's HTML may be shown: an element or an attribute that does not stand here is left out. */

const list = (words: string): ReadonlySet<string> => new Set(words.split(' '));

export const TAGS = list(
  'a abbr acronym address area article aside b bdi bdo big blockquote body br button caption center cite code col colgroup data ' +
    'datalist dd del details dfn dialog dir div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hgroup hr ' +
    'html i img input ins kbd label legend li main map mark menu meter nav ol optgroup option output p pre progress q rp rt ruby s samp search ' +
    'section select small span strike strong sub summary sup table tbody td textarea tfoot th thead time tr tt u ul var wbr',
);

export const VOID = list('area br col hr img input wbr');

/** Elements that go with all that is in them. */
export const GONE = list(
  'applet audio base bgsound canvas embed fencedframe frame frameset iframe link meta noembed noframes object param plaintext portal ' +
    'script source style template title track video xmp',
);

export const ATTRIBUTES = list(
  'abbr align alt bgcolor border cellpadding cellspacing char checked class clear color cols colspan compact coords datetime dir disabled ' +
    'face for form frame headers height hidden high hspace id label lang list low max maxlength min minlength multiple name nowrap open ' +
    'optimum placeholder readonly required reversed role rows rowspan rules scope selected shape size span start step summary tabindex title ' +
    'type usemap valign value vspace width wrap',
);

/** May an attribute with that name stand as it is? */
export const isPlain = (name: string): boolean => ATTRIBUTES.has(name) || /^(aria|data)-(?!ftr)[a-z0-9_.-]+$/.test(name);

/** A custom element is a box like any other, as no script defines it. */
export const isShown = (tag: string): boolean => TAGS.has(tag) || /^[a-z][a-z0-9]*-[a-z0-9-]*$/.test(tag);

/** An image that is part of the page itself. */
export const isDataImage = (url: string): boolean => /^data:image\/(png|jpe?g|gif|webp|avif|bmp|svg\+xml|x-icon)[;,]/i.test(url);

/** The address that one in a page means; null for what is none that the sandbox could be asked for. */
export function resolveUrl(href: string, base: string): string | null {
  try {
    const url = new URL(href, base);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

export const withoutFragment = (url: string): string => url.replace(/#.*$/, '');
