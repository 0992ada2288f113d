/** What becomes of a lesson's built text on paper: no scripts, addresses as numbered notes, links that hold where the sheet lies. */

/** Addresses in the order in which a sheet names them; a number is a place in it. */
export class Sources {
  readonly #numbers = new Map<string, number>();

  /** The number of an address, from 1; the same for the same address. */
  number(address: string): number {
    const known = this.#numbers.get(address) ?? this.#numbers.size + 1;
    this.#numbers.set(address, known);
    return known;
  }

  get addresses(): readonly string[] {
    return [...this.#numbers.keys()];
  }
}

export interface Sheet {
  readonly sources: Sources;
  /** In front of the ids of its lesson. */
  readonly before: string;
  /** From the sheet to the site's root, and to the folder of lessons, both with a slash at their ends. */
  readonly root: string;
  readonly lessons: string;
}

/** A piece of a lesson's page, `/lessons/slug/`, as it stands on a sheet. */
export function onPaper(html: string, { sources, before, root, lessons }: Sheet): string {
  return html
    .replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, '')
    .replace(/(<a\b[^>]*?\shref=")([^"]*)("[^>]*>)([\s\S]*?)<\/a>/g, (_, open: string, address: string, close: string, text: string) => {
      if (/^https?:/.test(address)) {
        const n = sources.number(address.replaceAll('&amp;', '&'));
        return `${open}${address}${close}${text}</a><sup class="ref">${n}</sup>`;
      }
      return `${open}${moved(address, before, root, lessons)}${close}${text}</a>`;
    });
}

/** Links of a lesson's text are relative to it. */
function moved(address: string, before: string, root: string, lessons: string): string {
  if (address.startsWith('#')) return before && !address.startsWith(`#${before}`) ? `#${before}${address.slice(1)}` : address;
  if (address.startsWith('../../')) return root + address.slice('../../'.length);
  return address.startsWith('../') ? lessons + address.slice('../'.length) : address;
}

/** `A`, `B`, … for the answers of a question. */
export const letter = (index: number): string => String.fromCharCode(65 + index);
