/**
 * The dots in the page. Up to a crowd each is an element of its own that is only ever moved, which the browser does without
 * painting anything; a crowd is drawn on a canvas, or as SVG when the system forces its colours, which a canvas would not follow.
 */
import type { Crowd } from './crowd.ts';
import type { Dot } from './dots.ts';
import { dotsSvg, NUMBERED, sameDots } from './dots.ts';
import type { Layout } from './layout.ts';

/** Half of what a dot and its halo take up. */
const HALF = 16;

interface Mark {
  readonly element: HTMLElement;
  looks: string;
  place: string;
}

export class DotLayer {
  readonly #map: Element;
  readonly #layout: Layout;
  readonly #width: number;
  readonly #height: number;
  readonly #svgFrom: number;
  readonly #marks = new Map<string, Mark>();
  #crowd: Crowd | null = null;
  #asked = false;
  #drawn: readonly Dot[] = [];

  /** For the map in `map`, a box of `width` by `height` CSS pixels. More dots than `svgFrom` are SVG, and no canvas. */
  constructor(map: Element, layout: Layout, width: number, height: number, svgFrom: number) {
    this.#map = map;
    this.#layout = layout;
    this.#width = width;
    this.#height = height;
    this.#svgFrom = svgFrom;
  }

  /** CSS pixels of one unit of the layout. */
  get #scale(): number {
    return Math.min(this.#width / this.#layout.width, this.#height / this.#layout.height);
  }

  draw(dots: readonly Dot[]): void {
    if (sameDots(this.#drawn, dots)) return;
    this.#drawn = dots;
    const crowd = dots.length > NUMBERED && dots.length <= this.#svgFrom;
    // until the code for crowds is here, and it is asked for only when there is one
    const svg = dots.length > this.#svgFrom || (crowd && !this.#crowd);
    if (crowd && !this.#crowd) void this.#expectCrowds();
    this.#move(svg || crowd ? [] : dots);
    const layer = this.#map.querySelector('.dots');
    if (layer && (svg || layer.firstChild)) layer.innerHTML = svg ? dotsSvg(dots) : '';
    this.#crowd?.paint(crowd ? dots : []);
  }

  async #expectCrowds(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    const loaded = await import('./crowd.ts').catch(() => null);
    // no connection: it stays SVG, and the next map asks again
    if (!loaded) return;
    this.#crowd = new loaded.Crowd(this.#layout, this.#scale);
    this.#map.querySelector('.nodes')?.before(this.#crowd.canvas);
    const now = this.#drawn;
    this.#drawn = [];
    this.draw(now);
  }

  /** The dot at a point of the map's box, in CSS pixels from its corner. */
  at(x: number, y: number): Dot | undefined {
    const scale = this.#scale;
    // the drawing stands in the middle of its box
    const u = (x - this.#width / 2) / scale + this.#layout.width / 2;
    const v = (y - this.#height / 2) / scale + this.#layout.height / 2;
    return this.#drawn.find((dot) => Math.hypot(dot.x - u, dot.y - v) < 14);
  }

  #move(dots: readonly Dot[]): void {
    const gone = new Set(this.#marks.keys());
    const scale = this.#scale;
    const left = (this.#width - this.#layout.width * scale) / 2;
    const top = (this.#height - this.#layout.height * scale) / 2;
    for (const dot of dots) {
      gone.delete(dot.key);
      const mark = this.#marks.get(dot.key) ?? this.#make(dot.key);
      const looks = `${dot.shape} ${dot.tone} ${dot.number} ${dot.followed} ${dot.sealed}`;
      if (mark.looks !== looks) {
        mark.looks = looks;
        mark.element.innerHTML = picture(dot);
      }
      const place = `translate(${(left + dot.x * scale - HALF).toFixed(1)}px, ${(top + dot.y * scale - HALF).toFixed(1)}px) scale(${scale.toFixed(3)})`;
      if (mark.place !== place) {
        mark.place = place;
        mark.element.style.transform = place;
      }
    }
    for (const key of gone) {
      this.#marks.get(key)?.element.remove();
      this.#marks.delete(key);
    }
  }

  #make(key: string): Mark {
    const element = document.createElement('i');
    element.className = 'mark';
    // between the lines and the nodes
    this.#map.querySelector('.nodes')?.before(element);
    const mark: Mark = { element, looks: '', place: '' };
    this.#marks.set(key, mark);
    return mark;
  }
}

/** A dot around the middle of its own little drawing. */
function picture(dot: Dot): string {
  return `<svg viewBox="${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}">${dotsSvg([{ ...dot, x: 0, y: 0 }])}</svg>`;
}
