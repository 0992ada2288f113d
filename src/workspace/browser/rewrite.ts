/**
 * Takes a page from the sandbox apart and writes a new one from what may be shown: known elements with known attributes, text escaped,
 * nothing that runs and no address. Links and forms become numbers, which the frame reports (bridge.ts); what the page loads becomes
 * a place to be filled (render.ts). It copies instead of deleting, so that what it does not know is not there. Without a DOM of its own.
 */
import { escaped } from '../../escaped.ts';
import { GONE, isDataImage, isPlain, isShown, resolveUrl, VOID } from './page-rules.ts';

/** What of a DOM node is read here. */
export interface PageNode {
  readonly nodeType: number;
  readonly nodeValue: string | null;
  readonly childNodes: Iterable<PageNode>;
}
export interface PageElement extends PageNode {
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
}

export interface FormTarget {
  /** Null: as the form has it, for a button with an address or method of its own. */
  readonly url: string | null;
  readonly method: 'GET' | 'POST' | null;
  readonly multipart: boolean;
}

/** A piece of the new page: text, or a place for what has to be fetched. */
export type Chunk =
  | string
  | { readonly kind: 'image'; readonly attribute: 'src'; readonly url: string }
  | { readonly kind: 'sheet'; readonly url: string; readonly media: string }
  | { readonly kind: 'css'; readonly text: string; readonly media: string }
  | { readonly kind: 'style'; readonly text: string };

export interface Rewritten {
  readonly title: string;
  /** Against this the addresses in it are resolved. */
  readonly base: string;
  readonly htmlAttributes: readonly Chunk[];
  readonly bodyAttributes: readonly Chunk[];
  readonly head: readonly Chunk[];
  readonly body: readonly Chunk[];
  /** Where its links lead, by number. */
  readonly links: readonly string[];
  readonly forms: readonly FormTarget[];
  /** What is not shown, and how many of it there are: `script`, `iframe`, … */
  readonly left: Readonly<Record<string, number>>;
}

const HTML = 'http://www.w3.org/1999/xhtml';
const SVG = 'http://www.w3.org/2000/svg';
const ELEMENT = 1;
const TEXT = 3;
const TOLD = ['script', 'iframe', 'frame', 'object', 'embed', 'video', 'audio', 'canvas'];

/** `drawing` gives the source of an SVG element: it is shown as an image, and images cannot run anything. */
export function rewritePage(root: PageElement, url: string, drawing: (svg: PageElement) => string): Rewritten {
  return new Rewriter(root, url, drawing).run(root);
}

class Rewriter {
  readonly #drawing: (svg: PageElement) => string;
  readonly #base: string;
  readonly #links: string[] = [];
  readonly #forms: FormTarget[] = [];
  readonly #left: Record<string, number> = {};
  readonly #head: Chunk[] = [];
  readonly #body: Chunk[] = [];
  #out: Chunk[] = this.#body;
  #htmlAttributes: readonly Chunk[] = [];
  #bodyAttributes: readonly Chunk[] = [];
  #title = '';

  constructor(root: PageElement, url: string, drawing: (svg: PageElement) => string) {
    this.#drawing = drawing;
    this.#base = resolveUrl(firstBase(root) ?? '', url) ?? url;
  }

  run(root: PageElement): Rewritten {
    this.#element(root);
    return {
      title: this.#title,
      base: this.#base,
      htmlAttributes: this.#htmlAttributes,
      bodyAttributes: this.#bodyAttributes,
      head: this.#head,
      body: this.#body,
      links: this.#links,
      forms: this.#forms,
      left: this.#left,
    };
  }

  #children(node: PageNode): void {
    for (const child of node.childNodes) {
      if (child.nodeType === TEXT) this.#out.push(escaped(child.nodeValue ?? ''));
      else if (isElement(child)) this.#element(child);
    }
  }

  #element(element: PageElement): void {
    const { localName: tag } = element;
    if (element.namespaceURI === SVG && tag === 'svg') this.#picture(element);
    else if (element.namespaceURI !== HTML) this.#children(element);
    else if (tag === 'html') {
      this.#htmlAttributes = this.#attributes(element);
      this.#children(element);
    } else if (tag === 'head') {
      this.#out = this.#head;
      this.#children(element);
      this.#out = this.#body;
    } else if (tag === 'body') {
      this.#bodyAttributes = this.#attributes(element);
      this.#children(element);
    } else if (tag === 'title') this.#title ||= textOf(element).trim();
    else if (tag === 'style') this.#out.push({ kind: 'css', text: textOf(element), media: valueOf(element, 'media') ?? '' });
    else if (tag === 'link') this.#sheet(element);
    else if (GONE.has(tag)) this.#leave(element);
    else if (isShown(tag)) this.#shown(element);
    else this.#children(element);
  }

  #shown(element: PageElement): void {
    const { localName: tag } = element;
    this.#out.push(`<${tag}`, ...this.#attributes(element), ...this.#targets(element), '>');
    if (VOID.has(tag)) return;
    // a line break at the start of these is not read
    if (tag === 'pre' || tag === 'textarea') this.#out.push('\n');
    this.#children(element);
    this.#out.push(`</${tag}>`);
  }

  #attributes(element: PageElement): Chunk[] {
    const chunks: Chunk[] = [];
    for (const { name, value } of element.attributes) {
      if (name === 'style') chunks.push(' style="', { kind: 'style', text: value }, '"');
      else if (isPlain(name)) chunks.push(` ${name}="${escaped(value)}"`);
    }
    return chunks;
  }

  /** Where an element leads, or what it shows. */
  #targets(element: PageElement): Chunk[] {
    const { localName: tag } = element;
    const value = (name: string) => valueOf(element, name);
    if (tag === 'a' || tag === 'area') return this.#link(value('href'));
    if (tag === 'form') return this.#form(value('action') ?? '', value('method') ?? 'get', value('enctype') ?? '');
    if (tag === 'img')
      return this.#image(
        value('src') ??
          value('srcset')
            ?.trim()
            .split(/[\s,]+/)[0] ??
          null,
      );
    const isImage = tag === 'input' && value('type')?.toLowerCase() === 'image';
    const button = (tag === 'button' || tag === 'input') && (value('formaction') ?? value('formmethod')) !== null;
    return [
      ...(isImage ? this.#image(value('src')) : []),
      ...(button ? this.#form(value('formaction'), value('formmethod'), value('formenctype') ?? '') : []),
    ];
  }

  #link(href: string | null): Chunk[] {
    const url = href === null ? null : resolveUrl(href.trim(), this.#base);
    return url === null ? [] : [` href="#" data-ftr="${this.#links.push(url) - 1}"`];
  }

  #form(action: string | null, method: string | null, enctype: string): Chunk[] {
    const post = method?.toLowerCase() === 'post';
    const url = action === null ? null : (resolveUrl(action.trim(), this.#base) ?? this.#base);
    const target: FormTarget = { url, method: method === null ? null : post ? 'POST' : 'GET', multipart: /multipart/i.test(enctype) };
    return [` data-ftr="${this.#forms.push(target) - 1}"`];
  }

  #image(source: string | null): Chunk[] {
    if (source === null) return [];
    if (isDataImage(source.trim())) return [` src="${escaped(source.trim())}"`];
    const url = resolveUrl(source.trim(), this.#base);
    return url === null ? [] : [{ kind: 'image', attribute: 'src', url }];
  }

  /** Only `rel=stylesheet`: what else a link asks for is not to be seen. */
  #sheet(element: PageElement): void {
    const rel = (valueOf(element, 'rel') ?? '').toLowerCase().split(/\s+/);
    const url = resolveUrl((valueOf(element, 'href') ?? '').trim(), this.#base);
    if (!rel.includes('stylesheet') || rel.includes('alternate') || url === null || valueOf(element, 'href') === null) return;
    this.#out.push({ kind: 'sheet', url, media: valueOf(element, 'media') ?? '' });
  }

  #picture(svg: PageElement): void {
    const size = ['width', 'height', 'class', 'id'].flatMap((name) => {
      const value = valueOf(svg, name);
      return value === null ? [] : [` ${name}="${escaped(value)}"`];
    });
    this.#out.push(`<img alt=""${size.join('')} src="data:image/svg+xml,${encodeURIComponent(this.#drawing(svg))}">`);
  }

  #leave(element: PageElement): void {
    const { localName: tag } = element;
    if (TOLD.includes(tag)) this.#left[tag] = (this.#left[tag] ?? 0) + 1;
    const source = tag === 'iframe' ? valueOf(element, 'src') : null;
    if (source === null) return;
    this.#out.push('<a', ...this.#link(source), `>[a frame that is not shown here: ${escaped(source)}]</a>`);
  }
}

const isElement = (node: PageNode): node is PageElement => node.nodeType === ELEMENT;

function valueOf(element: PageElement, name: string): string | null {
  for (const attribute of element.attributes) if (attribute.name === name) return attribute.value;
  return null;
}

function textOf(node: PageNode): string {
  return Array.from(node.childNodes, (child) => (child.nodeType === TEXT ? (child.nodeValue ?? '') : textOf(child))).join('');
}

function firstBase(node: PageNode): string | null {
  for (const child of node.childNodes) {
    if (!isElement(child)) continue;
    const own = child.localName === 'base' && child.namespaceURI === HTML ? valueOf(child, 'href') : null;
    const found = own ?? firstBase(child);
    if (found !== null) return found;
  }
  return null;
}
