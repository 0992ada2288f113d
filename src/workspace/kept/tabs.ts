/** The tabs that show the same lesson, as they hear of each other. */

export type Notice =
  /** A tab was opened; the others answer `here`. */
  | { readonly kind: 'open' }
  | { readonly kind: 'here' }
  | { readonly kind: 'left' }
  /** It has kept its work as this revision. */
  | { readonly kind: 'kept'; readonly revision: number };

/** A line to the other tabs. */
export interface Line {
  say(notice: Notice): void;
  hear: (notice: Notice) => void;
  close(): void;
}

const KINDS: readonly unknown[] = ['open', 'here', 'left', 'kept'];

/** The line for a lesson. Where the browser has none, nothing is heard: then the store tells when a tab saves. */
export function openLine(slug: string): Line {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`ftr:work:${slug}`);
  const line: Line = {
    say: (notice) => channel?.postMessage(notice),
    hear: () => {},
    close: () => channel?.close(),
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isNotice(data)) line.hear(data);
  });
  return line;
}

function isNotice(data: unknown): data is Notice {
  if (typeof data !== 'object' || data === null || !('kind' in data) || !KINDS.includes(data.kind)) return false;
  return data.kind !== 'kept' || ('revision' in data && typeof data.revision === 'number');
}
