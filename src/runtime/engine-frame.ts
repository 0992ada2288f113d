/**
 * Makes the engine's frame and talks to it: an iframe of opaque origin whose policy allows scripts from blobs and nothing
 * else, no network at all. Code from a shared link runs in there and can reach neither this site nor the page around it.
 */
import { eventsOf } from '../../sandboxes/host/trace-lines.ts';
import type { Bundles, FrameCall, FrameCalls, FromFrame } from '../../sandboxes/host/worker/protocol.ts';
import { CLOSED, type Engine, type EngineNotice } from './engine-runtime.ts';

const POLICY = "default-src 'none'; script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'; worker-src blob:";
const READY_WITHIN_MS = 15_000;

/** What the engine says of itself. */
export type Notice = EngineNotice | Extract<FromFrame, { op: 'pythonBase' }>;

export class EngineFrame implements Engine {
  #element: HTMLIFrameElement;
  #port: MessagePort;
  #calls = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #next = 1;
  #closed = false;
  #onNotice: (notice: Notice) => void;

  private constructor(element: HTMLIFrameElement, port: MessagePort, onNotice: (notice: Notice) => void) {
    this.#element = element;
    this.#port = port;
    this.#onNotice = onNotice;
    port.onmessage = ({ data }: MessageEvent<readonly FromFrame[]>): void => {
      for (const message of data) {
        try {
          this.#receive(message);
        } catch (error) {
          // A fault of one listener must not cost the rest of the batch.
          reportError(error);
        }
      }
    };
  }

  /** `script` is the bundled frame.ts. Errors: the frame did not answer in 15 s. */
  static async open(script: string, bundles: Bundles, onNotice: (notice: Notice) => void): Promise<EngineFrame> {
    const element = document.createElement('iframe');
    element.setAttribute('sandbox', 'allow-scripts');
    element.hidden = true;
    element.title = 'Sandbox engine';
    const safe = script.replaceAll('</script', '<\\/script');
    element.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><script>${safe}</script>`;
    const ready = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        window.removeEventListener('message', listen);
        reject(new Error('The sandbox did not start: the browser kept its frame from running. Reload the page, or try another browser.'));
      }, READY_WITHIN_MS);
      const listen = (event: MessageEvent): void => {
        if (event.source !== element.contentWindow) return;
        clearTimeout(timer);
        window.removeEventListener('message', listen);
        resolve();
      };
      window.addEventListener('message', listen);
    });
    document.body.append(element);
    try {
      await ready;
    } catch (error) {
      element.remove();
      throw error;
    }
    const { port1, port2 } = new MessageChannel();
    // The frame's origin is opaque: '*' is the only target that reaches it, and the element is ours.
    element.contentWindow?.postMessage(bundles, '*', [port2]);
    return new EngineFrame(element, port1, onNotice);
  }

  call<K extends keyof FrameCalls>(name: K, args: FrameCalls[K][0], transfer: Transferable[] = []): Promise<FrameCalls[K][1]> {
    if (this.#closed) return Promise.reject(new Error(CLOSED));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#port.postMessage({ op: 'call', id, name, args } as FrameCall, transfer);
    });
  }

  #receive(message: FromFrame): void {
    if (message.op === 'trace') {
      this.#onNotice({ op: 'trace', events: eventsOf(message.lines) });
      return;
    }
    if (message.op !== 'reply' && message.op !== 'error') {
      this.#onNotice(message);
      return;
    }
    const call = this.#calls.get(message.id);
    this.#calls.delete(message.id);
    if (message.op === 'reply') call?.resolve(message.value as never);
    else call?.reject(new Error(message.message));
  }

  /** Removing the frame ends every process in it. */
  close(): void {
    this.#closed = true;
    this.#port.close();
    this.#element.remove();
    for (const call of this.#calls.values()) call.reject(new Error(CLOSED));
    this.#calls.clear();
  }
}
