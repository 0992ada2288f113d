/** The repository that every sandbox has at /var/lib/git/shop.git, as its files. */
import { BUNDLED } from './bundled.ts';
import { SHOP } from './repository.ts';

export function bundledRepository(): Record<string, Uint8Array> {
  const files = Object.entries(BUNDLED).map(
    ([path, base64]) => [`${SHOP}/${path}`, Uint8Array.from(atob(base64), (ch) => ch.charCodeAt(0))] as const,
  );
  return Object.fromEntries(files);
}
