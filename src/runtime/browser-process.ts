/** Sends requests through the sandbox's `browser` process. */
import { BrowserClient } from '../../sandboxes/programs/browser/client.ts';
import type { HttpRequest, HttpResponse, Proc } from './runtime.ts';

export class BrowserProcess {
  #client: BrowserClient;

  constructor(process: Proc) {
    this.#client = new BrowserClient((text) => process.write(text));
    process.onOutput((text, stream) => {
      // Errors are no answers; if it breaks, it ends.
      if (stream === 'stdout') this.#client.read(text);
    });
    void process.exited.then(() =>
      this.#client.end(new Error('The sandbox’s browser process ended. Send the request again: that starts a new one.')),
    );
  }

  async request({ method, url, headers, body, accept }: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    const command = {
      method,
      url,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
      ...(accept === undefined ? {} : { accept }),
    };
    const { id: _, body: base64, ...answer } = await this.#client.send(command, signal);
    return { ...answer, body: Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)) };
  }
}
