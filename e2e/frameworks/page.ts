/** A page with nothing but the embedded engine in it, driven from outside through `globalThis.shop`. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { startEmbedded } from '../../src/runtime/embedded.ts';
import type { Runtime, StartProgress } from '../../src/runtime/runtime.ts';

let runtime: Runtime | null = null;
const progress: StartProgress[] = [];
const events: TraceEvent[] = [];

const opened = (): Runtime => {
  if (runtime === null) throw new Error('no sandbox is open');
  return runtime;
};

const driver = {
  /** `files` is the address of a JSON object: base64 by path. */
  async open(files: string, wheels: readonly string[]): Promise<void> {
    const encoded = (await (await fetch(files)).json()) as Readonly<Record<string, string>>;
    const bytes = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    runtime = await startEmbedded({
      files: Object.fromEntries(Object.entries(encoded).map(([path, text]) => [path, bytes(text)])),
      wheels,
      onProgress: (step) => progress.push(step),
    });
    runtime.on('trace', (batch) => events.push(...batch));
  },

  progress: (): readonly StartProgress[] => progress,

  count: (type: TraceEvent['type']): number => events.filter((event) => event.type === type).length,

  async spawn(program: string, args: readonly string[]): Promise<void> {
    await opened().spawn(program, args);
  },

  /** SHA-256 of a file of the sandbox, in hexadecimal. */
  async sha256(path: string): Promise<string> {
    const digest = await crypto.subtle.digest('SHA-256', (await opened().readFile(path)) as BufferSource);
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  },

  async ask(path: string, form?: string): Promise<{ status: number; text: string }> {
    const answer = await opened().request({
      method: form === undefined ? 'GET' : 'POST',
      url: `http://localhost${path}`,
      ...(form === undefined ? {} : { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: form }),
    });
    return { status: answer.status, text: answer.failed ?? new TextDecoder().decode(answer.body) };
  },
};

declare global {
  var shop: ShopPage;
}
export type ShopPage = typeof driver;
globalThis.shop = driver;
