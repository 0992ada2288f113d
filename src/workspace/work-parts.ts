/** Parts of the work area that few need, fetched when they are wanted, and once the sandbox runs, as the network may go then. */
export const workParts = {
  share: () => import('./share/ShareDialog.svelte'),
  incoming: () => import('./share/OpenDialog.svelte'),
  zip: () => import('./zip/download.ts'),
};
