/** The slides of a stage or of the speaker's window: a lesson's own text, of which one part is shown at a time. */

export class Slides {
  readonly #parts: readonly (readonly HTMLElement[])[];

  /** `deck` holds the opening, the text with its steps, and the closing; what stands before the first step belongs to the title. */
  constructor(deck: HTMLElement) {
    const parts: HTMLElement[][] = [[]];
    for (const child of deck.children) {
      if (!(child instanceof HTMLElement)) continue;
      if (child.matches('.step, .closing')) parts.push([]);
      parts.at(-1)?.push(child);
    }
    this.#parts = parts;
  }

  get count(): number {
    return this.#parts.length;
  }

  /** Shows one slide, and of a text in two places the one after it as well. */
  show(slide: number, place?: HTMLElement): void {
    for (const [index, part] of this.#parts.entries()) {
      for (const element of part) {
        element.hidden = index !== slide;
        if (place && index === slide) place.append(element);
      }
    }
  }

  /** The parts of a slide. */
  of(slide: number): readonly HTMLElement[] {
    return this.#parts[slide] ?? [];
  }

  /** Has it code beside code, or an exercise? That needs the whole width. */
  isWide(slide: number): boolean {
    const wide = '.pair, .sort, .growth, table, .opening, .closing';
    return this.of(slide).some((element) => element.matches(wide) || element.querySelector(wide) !== null);
  }
}

/** The slide that `#3` or `#step-3` means, of so many; null when it means none. */
export function slideIn(hash: string, count: number): number | null {
  const slide = /^#(?:step-)?(\d+)$/.exec(hash)?.[1];
  return slide === undefined ? null : Math.min(count - 1, Number(slide));
}
