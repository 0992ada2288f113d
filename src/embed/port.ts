/**
 * The lesson's end of the connection to the page that it is in. Whoever is the parent may connect: what the lesson tells and does for it
 * is public. Without a parent, or with one that never answers, nothing happens.
 */
import { HELLO_WANTED, isHello, message, readCall } from './messages.ts';
import { type Detail, type EventName, type MethodName, Refusal } from './protocol.ts';

/** Carries out a call; the arguments have been checked. Throws a Refusal, or any error. */
export type Carry = (method: MethodName, args: readonly unknown[]) => Promise<unknown>;

export interface Port {
  /** Is there a host that listens? */
  readonly connected: boolean;
  /** Tells the host; when there is none it is lost. */
  tell<E extends EventName>(event: E, detail: Detail<E>): void;
}

/** reveal.js says these to the frames of its slides, in plain text. */
const SLIDES: Readonly<Record<string, MethodName>> = { 'slide:start': 'play', 'slide:stop': 'pause' };

interface Options {
  readonly carry: Carry;
  /** A host has connected: it gets to know how things stand. */
  readonly onConnect: () => void;
  readonly here?: Window;
}

/** Offers the connection to the parent, and again whenever it asks. */
export function openPort({ carry, onConnect, here = window }: Options): Port {
  let port: MessagePort | null = null;
  const tell: Port['tell'] = (event, detail) => port?.postMessage(message({ event, detail }));

  async function answer(to: MessagePort, data: unknown): Promise<void> {
    const call = readCall(data);
    if (!call) return;
    try {
      if ('refusal' in call) throw call.refusal;
      to.postMessage(message({ reply: call.id, value: await carry(call.method, call.args) }));
    } catch (error) {
      const code = error instanceof Refusal ? error.code : 'failed';
      to.postMessage(message({ reply: call.id, error: { code, message: error instanceof Error ? error.message : String(error) } }));
    }
  }

  if (here.parent !== here) {
    here.addEventListener('message', ({ source, data, ports }) => {
      if (source !== here.parent) return;
      const wish = typeof data === 'string' ? SLIDES[data] : undefined;
      // a slide without a picture has nothing to play
      if (wish) void carry(wish, []).catch(() => {});
      const [given] = ports;
      if (!given || !isHello(data)) return;
      port?.close();
      port = given;
      given.onmessage = (event) => void answer(given, event.data);
      onConnect();
    });
    here.parent.postMessage(HELLO_WANTED, '*');
  }

  return {
    get connected() {
      return port !== null;
    },
    tell,
  };
}
