/**
 * What joins the stage and the speaker's windows: a BroadcastChannel, and messages between a window and its opener. Everything goes both
 * ways at once and is heard once, because a channel may be there and still reach nobody: a stage in a frame of another site has a channel
 * of its own, and a sandboxed one none.
 */

/** `hello` asks the stage for its state. */
export type Message =
  | { readonly kind: 'hello' }
  | { readonly kind: 'show'; readonly show: unknown }
  | { readonly kind: 'wish'; readonly wish: unknown };

interface Letter {
  readonly ftr: 'present/1';
  /** Which of several lessons that are presented. */
  readonly about: string;
  readonly from: string;
  /** Counts the sender's letters, so that one which comes twice is known. */
  readonly n: number;
  readonly message: Message;
}

/** The other window of a pair. */
export type Peer = Pick<Window, 'postMessage'>;

export interface Link {
  send(message: Message): void;
  /** A window that was opened from here. */
  join(peer: Peer): void;
  close(): void;
}

interface Around {
  /** Undefined or throwing where there is none. */
  readonly channel: () => BroadcastChannel;
  readonly window: Pick<Window, 'addEventListener' | 'removeEventListener'> & { readonly opener: Peer | null };
  /** `null` where it has no name, as in a sandboxed frame. */
  readonly origin: string;
}

const here = (): Around => ({ channel: () => new BroadcastChannel('ftr:present'), window, origin: window.origin });

/** Tells `heard` what the other windows say about this lesson. `around` is the page, unless a test has another. */
export function openLink(about: string, heard: (message: Message) => void, around: Around = here()): Link {
  const from = `${Date.now()}-${Math.random()}`;
  const seen = new Map<string, number>();
  const peers = new Set<Peer>(around.window.opener ? [around.window.opener] : []);
  let sent = 0;
  let channel: BroadcastChannel | null = null;
  try {
    channel = around.channel();
  } catch {
    // the letters between the windows must do
  }

  function take(value: unknown): void {
    if (!isLetter(value) || value.about !== about || value.from === from) return;
    if (value.n <= (seen.get(value.from) ?? 0)) return;
    seen.set(value.from, value.n);
    heard(value.message);
  }

  const onChannel = ({ data }: MessageEvent): void => take(data);
  const onPost = ({ data, source, origin }: MessageEvent): void => {
    // only from a window that belongs to this one, and to this site: any page can open a stage, and is its opener then
    if (source && peers.has(source as Peer) && origin === around.origin) take(data);
  };
  channel?.addEventListener('message', onChannel);
  around.window.addEventListener('message', onPost as EventListener);
  // an opaque origin has no name, and then the window itself is the address
  const target = around.origin === 'null' ? '*' : around.origin;

  return {
    send(message) {
      const letter: Letter = { ftr: 'present/1', about, from, n: ++sent, message };
      channel?.postMessage(letter);
      for (const peer of peers) peer.postMessage(letter, target);
    },
    join: (peer) => peers.add(peer),
    close() {
      channel?.close();
      around.window.removeEventListener('message', onPost as EventListener);
    },
  };
}

function isLetter(value: unknown): value is Letter {
  if (typeof value !== 'object' || value === null) return false;
  const { ftr, about, from, n, message } = value as Partial<Letter>;
  const kinds: readonly string[] = ['hello', 'show', 'wish'] satisfies Message['kind'][];
  const isMessage = typeof message === 'object' && message !== null && kinds.includes(message.kind);
  return ftr === 'present/1' && typeof about === 'string' && typeof from === 'string' && typeof n === 'number' && isMessage;
}
