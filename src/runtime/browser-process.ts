/** Sends requests through the sandbox's `browser` process: commands and answers are JSON, one a line. */
import type { HttpAnswer, HttpCommand } from '../../sandboxes/programs/browser/messages.ts';
import type { HttpRequest, HttpResponse, Proc } from './runtime.ts';

export class BrowserProcess {
  #process: Proc;
  #waiting = new Map<number, { resolve: (response: HttpResponse) => void; reject: (error: Error) => void }>();
  #next = 1;
  #rest = '';

  constructor(process: Proc) {
    this.#process = process;
    process.onOutput((text) => this.#read(text));
    void process.exited.then(() => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The sandbox’s browser process ended. Restart the sandbox.'));
      this.#waiting.clear();
    });
  }

  request({ method, url, headers, body }: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    const id = this.#next++;
    const command: HttpCommand = { id, method, url, headers: { ...headers }, ...(body === undefined ? {} : { body }) };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      signal?.addEventListener('abort', () => this.#process.write(`${JSON.stringify({ id, abort: true })}\n`), { once: true });
      this.#process.write(`${JSON.stringify(command)}\n`);
    });
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const { id, body, ...answer } = JSON.parse(line) as HttpAnswer;
      const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
      this.#waiting.get(id)?.resolve({ ...answer, body: bytes });
      this.#waiting.delete(id);
    }
  }
}
