import { afterEach, expect, test, vi } from 'vitest';
import type { RequestFlowElement } from './element.ts';
import { message, NO_LESSON } from './messages.ts';

/** As much of a browser's page as the element touches. */
class FakeElement extends EventTarget {
  readonly #attributes = new Map<string, string>();
  getAttribute = (name: string): string | null => this.#attributes.get(name) ?? null;
  setAttribute(name: string, value: string): void {
    const before = this.getAttribute(name);
    this.#attributes.set(name, value);
    (this as Partial<RequestFlowElement>).attributeChangedCallback?.(name, before, value);
  }
  removeAttribute(name: string): void {
    const before = this.getAttribute(name);
    this.#attributes.delete(name);
    (this as Partial<RequestFlowElement>).attributeChangedCallback?.(name, before, null);
  }
  attachShadow = (): object => ({ append() {} });
  append(): void {}
}

const page = new EventTarget();
const inFrame = { postMessage: vi.fn() };
const frame = Object.assign(new FakeElement(), { style: {}, contentWindow: inFrame, remove() {}, src: '', onload() {} });

let define: (one: new () => RequestFlowElement) => void = () => {};
const defined = new Promise<new () => RequestFlowElement>((resolve) => (define = resolve));
vi.stubGlobal('HTMLElement', FakeElement);
vi.stubGlobal(
  'CSSStyleSheet',
  class {
    replaceSync(): void {}
  },
);
vi.stubGlobal('customElements', { get: () => undefined, define: (_: string, one: new () => RequestFlowElement) => define(one) });
/** What the element has made of its own: the frame's place, the sentence, the author's content. */
let made: { hidden?: boolean; textContent?: string }[] = [];
vi.stubGlobal('document', {
  baseURI: 'https://blog.test/',
  createElement(name: string) {
    if (name === 'iframe') return frame;
    made.push({});
    return made.at(-1);
  },
});
vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
await import('./element.ts');
const Element = await defined;

let element: RequestFlowElement;
function placed(src?: string): RequestFlowElement {
  vi.useFakeTimers();
  made = [];
  element = new Element();
  element.addEventListener('rf-error', (event) => event.preventDefault());
  if (src) element.setAttribute('src', src);
  element.connectedCallback();
  return element;
}
/** What the page in the frame says. */
const says = (body: object): boolean =>
  page.dispatchEvent(Object.assign(new Event('message'), { source: inFrame, origin: 'https://course.test', data: body }));

afterEach(() => {
  element.disconnectedCallback();
  vi.useRealTimers();
});

test('without an address a call is refused; with one that comes later it waits for that lesson', async () => {
  placed();
  await expect(element.play()).rejects.toMatchObject({ code: 'no-address', message: expect.stringContaining('needs a src') });
  element.setAttribute('src', 'https://course.test/embed/v1/gil/');
  const later = element.pause();
  expect(frame.src).toBe('https://course.test/embed/v1/gil/');
  element.disconnectedCallback();
  await expect(later).rejects.toMatchObject({ code: 'closed' });
});

test('a page that does not answer: those who wait and those who come later learn it', async () => {
  placed('https://course.test/embed/v1/gil/');
  const early = expect(element.play()).rejects.toMatchObject({ code: 'no-answer', message: expect.stringContaining('frame-src') });
  frame.onload();
  vi.advanceTimersByTime(10_000);
  await early;
  await expect(element.getState()).rejects.toMatchObject({ code: 'no-answer' });
});

test('a lesson of another version: a call is refused; the right one that speaks after it is taken', async () => {
  placed('https://course.test/embed/v1/gil/');
  const early = expect(element.play()).rejects.toMatchObject({ code: 'other-version' });
  says({ ...message({ event: 'hello?' }), v: 2 });
  await early;
  says(message({ event: 'hello?' }));
  const asked = element.play();
  element.disconnectedCallback();
  await expect(asked).rejects.toMatchObject({ code: 'closed', message: expect.stringContaining('before it had answered play') });
});

test('a name that no lesson has: the author’s content and one sentence stand there, until the name is mended', async () => {
  placed('https://course.test/embed/v1/gill/?step=2');
  const shown = () => made.map(({ hidden }) => !hidden);
  expect(shown()).toEqual([true, false, false]);
  const early = expect(element.play()).rejects.toMatchObject({ code: 'no-lesson' });
  says(NO_LESSON);
  await early;
  expect([shown(), made[1]?.textContent]).toEqual([[false, true, true], 'There is no lesson at https://course.test/embed/v1/gill/.']);
  // that it is silent from now on is no other fault
  frame.onload();
  vi.advanceTimersByTime(10_000);
  await expect(element.play()).rejects.toMatchObject({ code: 'no-lesson' });
  element.setAttribute('src', 'https://course.test/embed/v1/gil/');
  expect(shown()).toEqual([true, false, false]);
});

test('a height that is kept no more gives way to the one that the lesson told last', async () => {
  const { style } = placed('https://course.test/embed/v1/gil/') && (frame as unknown as { readonly style: { readonly height: string } });
  expect(style.height).toBe('480px');
  says(message({ event: 'hello?' }));
  const port = inFrame.postMessage.mock.lastCall?.[2][0] as MessagePort;
  element.setAttribute('height', '300');
  vi.useRealTimers();
  const resized = new Promise((resolve) => element.addEventListener('rf-resize', resolve, { once: true }));
  port.postMessage(message({ event: 'resize', detail: { height: 712 } }));
  await resized;
  expect(style.height).toBe('300px');
  element.removeAttribute('height');
  expect(style.height).toBe('712px');
});
