/** By itself, because the island's loader (src/components/engage.ts) needs nothing else of after-reload.ts. */

/** Where the tab keeps what it is loaded anew for. */
export const AFTER_RELOAD = 'ftr:after-reload';
