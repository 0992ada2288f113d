/**
 * The frame in which a page from the sandbox is shown, and how a click comes out of it.
 *
 * The page's own code must never run, and none of it may reach this site. A frame without `allow-scripts` would promise the first, but
 * then nobody hears of clicks: WebKit runs no listener in such a frame, not even the parent's (its bug 218086); and for the parent to
 * put one there the frame would have to have this site's origin, which it cannot have when a course page shows the site in a sandboxed
 * frame. So it is a frame of *opaque origin* in which exactly one script runs, ours:
 * - `sandbox="allow-scripts allow-forms"` without `allow-same-origin`: no storage, cookies, DOM or name of this site, no new windows;
 * - its policy lets only the script with this page's random nonce run; the site's own policy, which the frame inherits, knows that script
 *   by its hash. Nothing is loaded but data: images and fonts, no form goes anywhere;
 * - rewrite.ts leaves nothing in the page that could run, in a page that is written anew;
 * - what comes out is a number and text for a form: a message can only do what a link or a form of that page could. Where it leads is
 *   known outside, and led from there it goes to the sandbox's browser, never to the network.
 * `allow-forms` is there because a browser does not even tell of a form that may not be sent; the policy then sends none.
 */

/** What the frame says. */
export type FromPage =
  | { readonly ftr: 'link'; readonly n: number }
  | { readonly ftr: 'form'; readonly n: number; readonly by: number | null; readonly fields: readonly (readonly [string, string])[] }
  | { readonly ftr: 'key'; readonly key: string }
  /** A clicker's key, which is for whatever the page is shown in. */
  | { readonly ftr: 'turn'; readonly key: string };

/** What it is told: to show a part of the page. */
export interface ToPage {
  readonly ftr: 'show';
  readonly id: string;
}

export const SANDBOX = 'allow-scripts allow-forms';

/**
 * Runs before the page's content is there and takes what it needs at once: an element called `getElementById` changes nothing later.
 * Its text is part of the site's policy (scripts/lib/csp.ts).
 */
export const BRIDGE = `(() => {
  const { closest, getAttribute, scrollIntoView } = Element.prototype;
  const byId = document.getElementById.bind(document);
  const tell = parent.postMessage.bind(parent);
  const number = (element) => {
    const text = element && getAttribute.call(element, 'data-ftr');
    return text === null || text === undefined ? null : Number(text);
  };
  addEventListener('click', (event) => {
    if (!event.isTrusted || !(event.target instanceof Element)) return;
    const link = closest.call(event.target, 'a, area');
    if (!link) return;
    event.preventDefault();
    const n = number(link);
    if (n !== null) tell({ ftr: 'link', n }, '*');
  }, true);
  addEventListener('auxclick', (event) => event.preventDefault(), true);
  addEventListener('submit', (event) => {
    event.preventDefault();
    if (!event.isTrusted) return;
    const data = new FormData(event.target, event.submitter);
    const fields = [...data].filter(([, value]) => typeof value === 'string');
    tell({ ftr: 'form', n: number(event.target), by: number(event.submitter), fields }, '*');
  }, true);
  addEventListener('keydown', (event) => {
    const { isTrusted, altKey, ctrlKey, metaKey, key } = event;
    if (!isTrusted) return;
    // the page still scrolls by it
    if (/^Page(Up|Down)$/.test(key) && !altKey && !ctrlKey && !metaKey) tell({ ftr: 'turn', key }, '*');
    if (!altKey || !/^Arrow(Left|Right)$/.test(key)) return;
    event.preventDefault();
    tell({ ftr: 'key', key }, '*');
  }, true);
  addEventListener('message', (event) => {
    if (event.source !== parent || event.data?.ftr !== 'show') return;
    const target = event.data.id === '' ? null : byId(event.data.id);
    if (target) scrollIntoView.call(target);
    else if (event.data.id === '' || event.data.id === 'top') scrollTo(0, 0);
  });
})();`;

/** The policy of the frame: only the script with that nonce, and what is written into the page. */
export function framePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** Is a message one that a page can send? */
export function isFromPage(data: unknown): data is FromPage {
  if (typeof data !== 'object' || data === null || !('ftr' in data)) return false;
  const { ftr, n, by, fields, key } = data as Record<string, unknown>;
  if (ftr === 'link') return Number.isInteger(n);
  if (ftr === 'key') return key === 'ArrowLeft' || key === 'ArrowRight';
  if (ftr === 'turn') return key === 'PageUp' || key === 'PageDown';
  return ftr === 'form' && Number.isInteger(n) && (by === null || Number.isInteger(by)) && Array.isArray(fields) && fields.every(isField);
}

const isField = (field: unknown): boolean => Array.isArray(field) && field.length === 2 && field.every((one) => typeof one === 'string');
