/**
 * Fills a page that was written anew (rewrite.ts) with what it loads, and makes the frame's document of it. Style sheets, images and
 * fonts become part of the page, so that its frame needs no network. It can be written at any time, with what has come by then.
 */
import { escaped } from '../../escaped.ts';
import { BRIDGE, framePolicy } from './bridge.ts';
import { bothMedia, type Css, readCss } from './css.ts';
import { resolveUrl, withoutFragment } from './page-rules.ts';
import type { Chunk, Rewritten } from './rewrite.ts';

export type Kind = 'document' | 'stylesheet' | 'image';

/** Something that a page asked for. */
export interface Loaded {
  /** Where it came from in the end. */
  readonly url: string;
  /** Its content type without parameters, in small letters; empty when it has none. */
  readonly type: string;
  readonly body: Uint8Array;
}

/** Null: it did not come, or not with a success. */
export type Load = (url: string, kind: Kind) => Promise<Loaded | null>;

interface Sheet {
  readonly css: Css;
  readonly base: string;
  readonly media: string;
}

/** Sheets that ask for sheets, so deep. */
const IMPORT_DEPTH = 5;
/** A page may load so many things, and so many bytes. */
const MOST_LOADS = 120;
const MOST_BYTES = 16_000_000;

export class PageContent {
  /** What a developer would read in the console: sheets of the wrong type, limits. */
  readonly notes: string[] = [];
  readonly #page: Rewritten;
  readonly #load: Load;
  readonly #sheets = new Map<Chunk, readonly Sheet[]>();
  readonly #assets = new Map<string, Promise<void>>();
  readonly #data = new Map<string, string>();
  readonly #styles = new Map<string, Css>();
  #loads = 0;
  #bytes = 0;

  constructor(page: Rewritten, load: Load) {
    this.#page = page;
    this.#load = load;
  }

  /** Fetches all that the page shows. Its sheets are all asked for at once, and what they ask for when they have come. */
  async collect(): Promise<void> {
    const { head, body, htmlAttributes, bodyAttributes, base } = this.#page;
    await Promise.all(
      [...htmlAttributes, ...bodyAttributes, ...head, ...body].map(async (chunk) => {
        if (typeof chunk === 'string') return;
        if (chunk.kind === 'image') await this.#asset(chunk.url);
        else if (chunk.kind === 'style') await this.#assetsOf(this.#styleOf(chunk.text), base);
        else if (chunk.kind === 'css') this.#sheets.set(chunk, await this.#read(chunk.text, base, chunk.media, 0));
        else this.#sheets.set(chunk, await this.#sheet(chunk.url, chunk.media, 0));
      }),
    );
  }

  /** The frame's document. `nonce`: see bridge.ts. */
  write(nonce: string): string {
    const { title, htmlAttributes, bodyAttributes, head, body } = this.#page;
    const text = (chunks: readonly Chunk[]): string => chunks.map((chunk) => this.#text(chunk)).join('');
    return (
      `<!doctype html><html${text(htmlAttributes)}><head><meta charset="utf-8">` +
      `<meta http-equiv="Content-Security-Policy" content="${framePolicy(nonce)}"><meta name="color-scheme" content="light">` +
      `<title>${escaped(title)}</title><script nonce="${nonce}">${BRIDGE}</script>${text(head)}</head><body${text(bodyAttributes)}>${text(body)}</body></html>`
    );
  }

  #text(chunk: Chunk): string {
    if (typeof chunk === 'string') return chunk;
    if (chunk.kind === 'image') return ` src="${this.#data.get(chunk.url) ?? 'data:,'}"`;
    if (chunk.kind === 'style') return escaped(this.#styleOf(chunk.text).write((url) => this.#placed(url, this.#page.base)));
    return (this.#sheets.get(chunk) ?? [])
      .map(
        ({ css, base, media }) =>
          `<style${media ? ` media="${escaped(media)}"` : ''}>${css.write((url) => this.#placed(url, base))}</style>`,
      )
      .join('');
  }

  #placed(url: string, base: string): string | null {
    if (/^data:/i.test(url.trim())) return url.trim();
    const address = resolveUrl(url, base);
    return address === null ? null : (this.#data.get(address) ?? null);
  }

  #styleOf(text: string): Css {
    const css = this.#styles.get(text) ?? readCss(text);
    this.#styles.set(text, css);
    return css;
  }

  /** The sheets that a sheet asks for, and then itself: the order in which they count. */
  async #read(text: string, base: string, media: string, depth: number): Promise<readonly Sheet[]> {
    const css = readCss(text);
    const [imported] = await Promise.all([
      Promise.all(
        css.imports.map((one) => {
          const url = resolveUrl(one.url, base);
          return url === null || depth >= IMPORT_DEPTH ? [] : this.#sheet(url, bothMedia(media, one.media), depth + 1);
        }),
      ),
      this.#assetsOf(css, base),
    ]);
    return [...imported.flat(), { css, base, media }];
  }

  async #sheet(url: string, media: string, depth: number): Promise<readonly Sheet[]> {
    const sheet = await this.#fetch(url, 'stylesheet');
    if (!sheet) return [];
    if (sheet.type !== 'text/css') {
      this.notes.push(
        `${new URL(sheet.url).pathname} is not used: it came as ${sheet.type || 'nothing in particular'}, and browsers take a style sheet only as text/css.`,
      );
      return [];
    }
    return this.#read(new TextDecoder().decode(sheet.body), sheet.url, media, depth);
  }

  async #assetsOf(css: Css, base: string): Promise<void> {
    await Promise.all(
      css.assets.map((one) => {
        const url = /^\s*(data:|#|$)/i.test(one) ? null : resolveUrl(one, base);
        return url === null ? undefined : this.#asset(url);
      }),
    );
  }

  /** Each address is asked for once. */
  #asset(url: string): Promise<void> {
    const known = this.#assets.get(url);
    if (known) return known;
    const coming = this.#fetch(withoutFragment(url), 'image').then((loaded) => {
      if (loaded) this.#data.set(url, dataUrl(loaded));
    });
    this.#assets.set(url, coming);
    return coming;
  }

  async #fetch(url: string, kind: Kind): Promise<Loaded | null> {
    if (this.#loads >= MOST_LOADS || this.#bytes >= MOST_BYTES) {
      const limit = 'This page asks for more than is loaded here: the first 120 files, or 16 MB.';
      if (!this.notes.includes(limit)) this.notes.push(limit);
      return null;
    }
    this.#loads++;
    const loaded = await this.#load(url, kind);
    this.#bytes += loaded?.body.length ?? 0;
    return loaded;
  }
}

const SHOWN_TYPE = /^(image|font)\/[a-z0-9.+-]+$/;

/** Bytes as an address of their own. What says that it is anything but an image or a font is only bytes. */
export function dataUrl({ type, body }: Pick<Loaded, 'type' | 'body'>): string {
  let binary = '';
  for (let at = 0; at < body.length; at += 32_768) binary += String.fromCharCode(...body.subarray(at, at + 32_768));
  return `data:${SHOWN_TYPE.test(type) ? type : 'application/octet-stream'};base64,${btoa(binary)}`;
}
