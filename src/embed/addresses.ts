/** Where embeds are. A version's addresses keep its protocol and parameters as long as the site is there; without one it is the newest. */
import { VERSION } from './protocol.ts';

/** Folders below `/embed/`; `undefined` is `/embed/` itself. */
export const VERSIONS: readonly (string | undefined)[] = [`v${VERSION}`, undefined];

/** `embed/v1/which-worker/`, below the site's base. */
export const embedPath = (slug: string): string => `embed/v${VERSION}/${slug}/`;

/** The element's script: the newest, and the one that belongs to the version's addresses. */
export const ELEMENT_FILES: readonly string[] = ['request-flow.js', `embed/v${VERSION}/request-flow.js`];
