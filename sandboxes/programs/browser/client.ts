/**
 * The other side of the browser program's pipe: sends commands, matches answers to them. For the page, scripts and tests;
 * how text gets to the program and back is theirs.
 */
import type { HttpAbort, HttpAnswer, HttpCommand } from './messages.ts';

interface Waiting {
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: Error) => void;
}

export class BrowserClient {
  #write: (text: string) => void;
  #waiting = new Map<number, Waiting>();
  #next = 1;
  #rest = '';
  #ended: Error | null = null;

  /** `write` carries text to the program's standard input. */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Errors: the program has ended, before or while it works on this. `signal` makes it give the request up; it then answers so. */
  send(command: Omit<HttpCommand, 'id'>, signal?: AbortSignal): Promise<HttpAnswer> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#next++;
    const abort = (): void => this.#say({ id, abort: true });
    const answered = new Promise<HttpAnswer>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#say({ id, ...command });
    if (signal === undefined) return answered;
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    // A signal may outlive its request by far: nothing may be said then.
    return answered.finally(() => signal.removeEventListener('abort', abort));
  }

  /** Takes what the program wrote to standard output, in pieces of any size. */
  read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const answer = JSON.parse(line) as HttpAnswer;
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
    }
  }

  /** The program is no more: nobody waits in vain. */
  end(reason: Error): void {
    this.#ended = reason;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }

  #say(message: HttpCommand | HttpAbort): void {
    this.#write(`${JSON.stringify(message)}\n`);
  }
}
