/**
 * The engine's frame: a document of opaque origin without network. It starts the kernel's worker, hands it the page's port
 * and has no other part: everything that runs, runs in workers below.
 */
import { BOOTSTRAP, type Boot } from './channel.ts';
import type { Bundles } from './protocol.ts';

// The page that made this frame, and nobody else, opens the conversation, once: with the bundles' texts and a port.
const open = ({ source, data, ports }: MessageEvent<Bundles>): void => {
  if (source !== window.parent || ports[0] === undefined) return;
  window.removeEventListener('message', open);
  const blobUrl = (code: string): string => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const kernel = new Worker(blobUrl(BOOTSTRAP), { name: 'kernel' });
  const modules = { python: blobUrl(data.python), plain: blobUrl(data.plain) };
  kernel.postMessage({ module: blobUrl(data.kernel), as: 'kernel', modules } satisfies Boot, [ports[0]]);
};
window.addEventListener('message', open);
window.parent.postMessage('engine ready', '*');
