/**
 * The browser of the pane: asks for pages as a browser does (redirects, certificates, forms, history), loads what they show, and says
 * what is to be seen. Every request goes through the sandbox. Framework-free, so that it can be tested as it stands.
 */
import type { CertificateFacts, HttpResponse } from '../../runtime/runtime.ts';
import { completeUrl } from '../answer.ts';
import { Reactive } from '../reactive.ts';
import type { Sending } from '../visitor.ts';
import type { FromPage } from './bridge.ts';
import { type Ask, formAsk, redirected, redirectOf, shapeOf, typeOf } from './content.ts';
import { History } from './history.ts';
import { inTurns } from './in-turns.ts';
import { withoutFragment } from './page-rules.ts';
import { type Kind, type Load, PageContent } from './render.ts';
import type { Rewritten } from './rewrite.ts';
import type { Shown } from './shown.ts';

/** Sends a request into the sandbox; null when there is none. */
export type Send = (url: string, how: Sending) => Promise<HttpResponse | null>;
/** Takes HTML apart: the DOM is not everywhere. */
export type Parse = (response: HttpResponse, url: string) => Rewritten;

/** As many connections to one server as browsers have. */
export const CONNECTIONS = 6;
const MOST_REDIRECTS = 20;
/** A page is shown without what has not come by then, in milliseconds; that is added when it comes. */
const SHOW_WITHIN_MS = 3000;

export class Tab {
  readonly #state = new Reactive();
  readonly #send: Send;
  readonly #parse: Parse;
  readonly #history = new History();
  /** Certificates taken though they are not trusted, by host and port. */
  readonly #accepted = new Map<string, string>();
  #loading: AbortController | null = null;
  #shown: Shown | null = null;
  #url = '';
  #version = 0;

  constructor(send: Send, parse: Parse) {
    this.#send = send;
    this.#parse = parse;
  }

  /** What is to be seen; null before the first page. */
  get shown(): Shown | null {
    this.#state.read();
    return this.#shown;
  }
  /** The address in the bar: of what is seen, or of what is coming. */
  get url(): string {
    this.#state.read();
    return this.#url;
  }
  get isLoading(): boolean {
    this.#state.read();
    return this.#loading !== null;
  }
  get canGoBack(): boolean {
    this.#state.read();
    return this.#history.at(-1) !== null;
  }
  get canGoForward(): boolean {
    this.#state.read();
    return this.#history.at(1) !== null;
  }

  /** Goes to an address as it was typed. False when it is none. */
  go(typed: string): boolean {
    const url = completeUrl(typed);
    if (url === null) return false;
    if (!this.#isHere(url) || !new URL(url).hash) void this.#load({ url, method: 'GET' }, 'new');
    else this.#moveTo(url);
    return true;
  }

  back(): void {
    this.#travel(-1);
  }
  forward(): void {
    this.#travel(1);
  }
  /** Asks again for what is seen. What a form sent is not sent twice without asking. */
  reload(): void {
    const ask = this.#history.current;
    if (ask) this.#again(ask, 0);
  }
  /** Sends a form again, after the warning. */
  resend(): void {
    if (this.#shown?.kind === 'resend') void this.#load(this.#shown.ask, this.#shown.step);
  }

  /** Of a page that has come by now is shown what is there of it. */
  stop(): void {
    this.#loading?.abort(new Error('cancelled'));
  }

  /** Takes the certificate that the warning is about, until the sandbox's page is left. */
  proceed(): void {
    if (this.#shown?.kind !== 'certificate') return;
    this.#accepted.set(new URL(this.#shown.url).host, this.#shown.certificate.fingerprint);
    void this.#load(this.#history.current ?? { url: this.#shown.url, method: 'GET' }, 0);
  }

  /** A click in the page. A number that the page does not have does nothing. */
  hear(message: FromPage): void {
    const { shown } = this;
    if (message.ftr === 'key') {
      if (message.key === 'ArrowLeft') this.back();
      else this.forward();
    } else if (shown?.kind === 'page' && message.ftr === 'link') {
      const url = shown.page.links[message.n];
      if (url !== undefined) this.go(url);
    } else if (shown?.kind === 'page' && message.ftr === 'form') {
      const form = shown.page.forms[message.n];
      if (!form) return;
      const button = message.by === null ? null : shown.page.forms[message.by];
      const url = button?.url ?? form.url ?? shown.url;
      const method = button?.method ?? form.method ?? 'GET';
      void this.#load(formAsk({ url, method, multipart: form.multipart || (button?.multipart ?? false) }, message.fields), 'new');
    }
  }

  #travel(step: -1 | 1): void {
    const ask = this.#history.at(step);
    if (!ask) return;
    if (ask.method === 'GET' && this.#isHere(ask.url) && this.#history.current?.method === 'GET') {
      this.#history.go(step);
      this.#scrollTo(ask.url);
    } else this.#again(ask, step);
  }

  #again(ask: Ask, step: -1 | 0 | 1): void {
    if (ask.method === 'GET') void this.#load(ask, step);
    else this.#show({ kind: 'resend', url: ask.url, ask, step, answer: null });
  }

  /** Is that the page that is seen, or a part of it? */
  #isHere(url: string): boolean {
    return this.#shown?.kind === 'page' && withoutFragment(url) === withoutFragment(this.#shown.url);
  }

  /** Another part of the same page. */
  #moveTo(url: string): void {
    this.#history.push({ url, method: 'GET' });
    this.#scrollTo(url);
  }

  #scrollTo(url: string): void {
    this.stop();
    if (this.#shown?.kind === 'page') this.#shown = { ...this.#shown, url };
    this.#url = url;
    this.#state.changed();
  }

  /** `place`: a new one in the history, or so many steps from where it stands. Never throws. */
  async #load(first: Ask, place: 'new' | -1 | 0 | 1): Promise<void> {
    this.#loading?.abort(new Error('cancelled'));
    const loading = new AbortController();
    this.#loading = loading;
    this.#url = first.url;
    this.#state.changed();
    const commit = (ask: Ask, shown: Shown): void => {
      if (place === 'new') this.#history.push(ask);
      else this.#history.replace(ask, place);
      this.#show(shown);
    };
    const { ask, answer } = await this.#follow(first, loading.signal);
    if (this.#loading !== loading) return;
    if (answer && !loading.signal.aborted && answer.status !== 204 && answer.status !== 205) {
      if (answer.failed === null && shapeOf(answer) === 'html') await this.#page(ask, answer, loading, commit);
      else commit(ask, plainly(ask.url, answer));
    }
    if (this.#loading !== loading) return;
    this.#loading = null;
    this.#url = this.#shown?.url ?? this.#url;
    this.#state.changed();
  }

  /** Asks, and goes where redirects lead. */
  async #follow(first: Ask, signal: AbortSignal): Promise<{ ask: Ask; answer: HttpResponse | null }> {
    let ask = first;
    for (let hop = 0; ; hop++) {
      const answer = await this.#request(ask, 'document', signal);
      const next = answer && answer.failed === null ? redirectOf(answer, ask.url) : null;
      if (!answer || next === null) return { ask, answer };
      if (hop === MOST_REDIRECTS)
        return {
          ask,
          answer: { ...answer, failed: `The page redirects too often: ${MOST_REDIRECTS} times, and the last time to ${next}.` },
        };
      ask = redirected(ask, answer.status, next);
      this.#url = ask.url;
      this.#state.changed();
    }
  }

  async #page(ask: Ask, answer: HttpResponse, loading: AbortController, commit: (ask: Ask, shown: Shown) => void): Promise<void> {
    const page = this.#parse(answer, ask.url);
    const content = new PageContent(page, this.#loader(loading.signal));
    const draw = (): Shown => ({
      kind: 'page',
      url: ask.url,
      answer,
      page,
      notes: content.notes,
      write: (nonce) => content.write(nonce),
      version: ++this.#version,
    });
    let committed = false;
    const show = (): void => {
      if (this.#loading !== loading) return;
      if (committed) this.#show(draw());
      else commit(ask, draw());
      committed = true;
    };
    const early = setTimeout(show, SHOW_WITHIN_MS);
    await content.collect();
    clearTimeout(early);
    show();
  }

  /** Loads what a page shows, over at most six connections to each server. */
  #loader(signal: AbortSignal): Load {
    const inLine = inTurns(CONNECTIONS);
    return (url, kind) =>
      inLine(new URL(url).origin, async () => {
        if (signal.aborted) return null;
        const { ask, answer } = await this.#followPart(url, kind, signal);
        if (!answer || answer.failed !== null || answer.status < 200 || answer.status > 299) return null;
        return { url: ask.url, type: typeOf(answer), body: answer.body };
      });
  }

  async #followPart(url: string, kind: Kind, signal: AbortSignal): Promise<{ ask: Ask; answer: HttpResponse | null }> {
    let ask: Ask = { url, method: 'GET' };
    for (let hop = 0; ; hop++) {
      const answer = await this.#request(ask, kind, signal);
      const next = answer && answer.failed === null ? redirectOf(answer, ask.url) : null;
      if (!answer || next === null || hop === MOST_REDIRECTS) return { ask, answer };
      ask = { url: next, method: 'GET' };
    }
  }

  #request({ url, method, body, contentType }: Ask, purpose: Kind, signal: AbortSignal): Promise<HttpResponse | null> {
    const accept = this.#accepted.get(new URL(url).host);
    const how = {
      method,
      purpose,
      accept,
      signal,
      ...(body === undefined ? {} : { body }),
      ...(contentType === undefined ? {} : { contentType }),
    };
    return this.#send(withoutFragment(url), how);
  }

  #show(shown: Shown): void {
    this.#shown = shown;
    this.#url = shown.url;
    this.#state.changed();
  }
}

/** What is no page of HTML. */
function plainly(url: string, answer: HttpResponse): Shown {
  if (answer.failed === null) return { kind: 'plain', url, answer };
  const { certificate } = answer as { certificate?: CertificateFacts };
  return certificate?.trouble ? { kind: 'certificate', url, answer, certificate } : { kind: 'trouble', url, answer, failed: answer.failed };
}
