/**
 * `<request-flow src="https://…/embed/v1/which-worker/">`: the lesson in a frame, as high as it is, with its events as `rf-…` and its
 * methods as promises. This file becomes `/request-flow.js`, one small classic script for pages of other people: no dependencies.
 */
import { HELLO, message, NO_LESSON, ours, problemOf, readEvent, readReply } from './messages.ts';
import {
  type Code,
  type Detail,
  METHODS,
  type MethodName,
  type Methods,
  PARAM_NAMES,
  type ParamName,
  Refusal,
  VERSION,
} from './protocol.ts';

/** Height (px) until the lesson has told its own. */
const FIRST_HEIGHT = 480;
/** A page that has loaded says hello at once. */
const HELLO_WITHIN_MS = 10_000;
/** The checks may have to start the server first. */
const ANSWER_WITHIN_MS = 120_000;
/** Attributes that are told to a lesson that is there already; a change of the others loads it anew. */
const TOLD: Partial<Record<string, (value: string) => readonly [MethodName, unknown]>> = {
  theme: (value) => ['setTheme', value],
  speed: (value) => ['setSpeed', Number(value)],
  step: (value) => ['gotoStep', Number(value)],
};

interface Pending {
  readonly method: MethodName;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Refusal) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

interface Connection {
  readonly port: MessagePort;
  readonly pending: Map<number, Pending>;
}

class RequestFlow extends HTMLElement {
  static readonly observedAttributes = ['src', 'sandbox', 'height', ...PARAM_NAMES];
  /** What the lesson told of itself; null until it is there. */
  info: Detail<'ready'> | null = null;
  #frame: HTMLIFrameElement | null = null;
  #connection: Connection | null = null;
  /** Called with the reason when there will be none. */
  #waiting: ((connection: Connection | Refusal) => void)[] = [];
  /** Why there is no lesson, until another is asked for: calls that come now need not wait. */
  #broken: Refusal | null = null;
  #late: ReturnType<typeof setTimeout> | undefined;
  #next = 1;
  /** What the lesson told last (px); null before. */
  #told: number | null = null;
  /** The frame's place, what is said where there is no lesson, and the author's own content, for then and for readers without scripts. */
  readonly #place = Object.assign(document.createElement('slot'), { name: 'frame' });
  readonly #said = document.createElement('p');
  readonly #otherwise = document.createElement('slot');

  connectedCallback(): void {
    if (!this.shadowRoot) {
      // the frame is the page's own, so that slide shows find it
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(':host{display:block}[hidden]{display:none}::slotted(iframe){display:block;width:100%;border:0}');
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [sheet];
      root.append(this.#place, this.#said, this.#otherwise);
    }
    addEventListener('message', this.#hear);
    this.#load();
  }

  /** The lesson ends when the element is taken out of the page. */
  disconnectedCallback(): void {
    removeEventListener('message', this.#hear);
    this.#drop();
    this.#release(new Refusal('closed', 'The element was taken out of the page, and the lesson with it.'));
    this.#broken = null;
    this.#frame?.remove();
    this.#frame = null;
    this.#told = null;
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    // without a frame there is no lesson yet, or no address so far, which may come now
    if (before === now || !(this.#frame || (this.#broken && name === 'src'))) return;
    const tell = TOLD[name];
    if (name === 'height') this.#resize();
    else if (tell && now !== null && this.#connection)
      this.call(...tell(now)).catch((error: Refusal) => this.#fail(error.code, error.message));
    else this.#load();
  }

  /** Calls a method by its name. Waits for a lesson that is not there yet; a lazy one loads when it is nearly in sight. */
  async call(method: MethodName, ...args: readonly unknown[]): Promise<unknown> {
    const problem = problemOf(method, args);
    if (problem) throw problem;
    const connection =
      this.#connection ?? this.#broken ?? (await new Promise<Connection | Refusal>((resolve) => this.#waiting.push(resolve)));
    if (connection instanceof Refusal) throw connection;
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const late = (): void => {
        connection.pending.delete(id);
        reject(new Refusal('no-answer', `The lesson did not answer ${method} within ${ANSWER_WITHIN_MS / 1000} s.`));
      };
      connection.pending.set(id, { method, resolve, reject, timer: setTimeout(late, ANSWER_WITHIN_MS) });
      connection.port.postMessage(message({ id, call: method, args }));
    });
  }

  #address(): URL | null {
    const src = this.getAttribute('src') ?? '';
    if (!URL.canParse(src, document.baseURI)) return null;
    const address = new URL(src, document.baseURI);
    for (const name of PARAM_NAMES) {
      const value = this.getAttribute(name);
      if (value !== null) address.searchParams.set(name satisfies ParamName, value);
    }
    return address;
  }

  #load(): void {
    this.#drop();
    this.#broken = null;
    this.#sayInstead('');
    const address = this.getAttribute('src') ? this.#address() : null;
    if (!address) {
      this.#without('no-address', 'A <request-flow> needs a src: the address of an embedded lesson, as https://…/embed/v1/which-worker/.');
      return;
    }
    const frame = this.#frame ?? document.createElement('iframe');
    frame.title = this.getAttribute('label') ?? 'Interactive lesson';
    frame.loading = this.getAttribute('loading') === 'eager' ? 'eager' : 'lazy';
    frame.allow = 'fullscreen; clipboard-write';
    frame.referrerPolicy = 'strict-origin-when-cross-origin';
    const sandbox = this.getAttribute('sandbox');
    if (sandbox === null) frame.removeAttribute('sandbox');
    else frame.setAttribute('sandbox', sandbox);
    frame.src = address.href;
    if (this.#frame) return;
    frame.slot = 'frame';
    frame.onload = () => this.#expect();
    this.#frame = frame;
    this.#resize();
    this.append(frame);
  }

  /** The page is there: it must speak soon. */
  #expect(): void {
    clearTimeout(this.#late);
    if (this.#connection || this.#broken) return;
    const say = (): void =>
      this.#break(
        'no-answer',
        `No lesson answered at ${this.#frame?.src}. Open that address by itself; if it works there, this page's Content-Security-Policy may lack it under frame-src.`,
      );
    this.#late = setTimeout(say, HELLO_WITHIN_MS);
  }

  #hear = ({ source, origin, data }: MessageEvent): void => {
    const frame = this.#frame;
    const body = ours(data);
    if (!frame || !body || source !== frame.contentWindow) return;
    const home = new URL(frame.src).origin;
    // a sandboxed frame has no origin that a message could be sent to
    if (origin !== home && origin !== 'null') return;
    if (body['event'] === NO_LESSON['event']) {
      clearTimeout(this.#late);
      this.#drop();
      this.#without('no-lesson', `There is no lesson at ${home}${new URL(frame.src).pathname}.`);
    }
    if (body['event'] !== 'hello?') return;
    clearTimeout(this.#late);
    if (body['v'] !== VERSION) {
      const speaks = `The lesson speaks version ${body['v']}, request-flow.js version ${VERSION}.`;
      this.#break('other-version', `${speaks} Take both from the same site.`);
      return;
    }
    this.#drop();
    this.#broken = null;
    const { port1: port, port2 } = new MessageChannel();
    const connection: Connection = { port, pending: new Map() };
    port.onmessage = (event) => this.#take(connection, event.data);
    this.#connection = connection;
    frame.contentWindow?.postMessage(HELLO, origin === 'null' ? '*' : home, [port2]);
    this.#release(connection);
  };

  #take({ pending }: Connection, data: unknown): void {
    const told = readEvent(data);
    if (told) {
      if (told.event === 'ready') this.info = told.detail as Detail<'ready'>;
      if (told.event === 'resize') {
        this.#told = (told.detail as Detail<'resize'>).height;
        this.#resize();
      }
      this.#tell(told.event, told.detail);
      return;
    }
    const reply = readReply(data, (id) => pending.get(id)?.method);
    const call = reply && pending.get(reply.id);
    if (!reply || !call) return;
    pending.delete(reply.id);
    clearTimeout(call.timer);
    if (reply.value instanceof Refusal) call.reject(reply.value);
    else call.resolve(reply.value);
  }

  #resize(): void {
    const fixed = Number(this.getAttribute('height'));
    if (this.#frame) this.#frame.style.height = `${fixed > 0 ? fixed : (this.#told ?? FIRST_HEIGHT)}px`;
  }

  #tell(name: string, detail: object): boolean {
    return this.dispatchEvent(new CustomEvent(`rf-${name}`, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  /** Says what is wrong: to whoever listens, or else in the console. */
  #fail(code: Code, text: string): void {
    if (this.#tell('error', { code, message: text })) console.warn(`request-flow: ${text}`);
  }

  /** There will be no lesson: whoever waits for it learns why. */
  #break(code: Code, text: string): void {
    this.#broken = new Refusal(code, text);
    this.#release(this.#broken);
    this.#fail(code, text);
  }

  /** Nothing in the frame is worth seeing: what the author wrote for that takes its place. */
  #without(code: Code, text: string): void {
    this.#sayInstead(text);
    this.#break(code, text);
  }

  #sayInstead(text: string): void {
    this.#said.textContent = text;
    this.#place.hidden = text !== '';
    this.#said.hidden = this.#otherwise.hidden = text === '';
  }

  #release(connection: Connection | Refusal): void {
    for (const go of this.#waiting.splice(0)) go(connection);
  }

  /** Ends the connection, and with it what was asked and has not been answered. */
  #drop(): void {
    clearTimeout(this.#late);
    const { port, pending } = this.#connection ?? {};
    this.#connection = null;
    this.info = null;
    port?.close();
    for (const { method, reject, timer } of pending?.values() ?? []) {
      clearTimeout(timer);
      reject(new Refusal('closed', `The lesson was left before it had answered ${method}.`));
    }
  }
}

for (const method of Object.keys(METHODS) as MethodName[])
  Object.defineProperty(RequestFlow.prototype, method, {
    value(this: RequestFlow, ...args: unknown[]) {
      return this.call(method, ...args);
    },
  });

// the script may stand in a page twice
if (!customElements.get('request-flow')) customElements.define('request-flow', RequestFlow);

export type RequestFlowElement = RequestFlow & Methods;
