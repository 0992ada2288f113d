/**
 * The dots in the page. Up to a crowd each is an element of its own that is only ever moved, which the browser does without
 * painting anything; a crowd is drawn on a canvas, or as SVG when the system forces its colours, which a canvas would not follow.
 */
import type { Dot, Palette, Tone } from './dots.ts';
import { dotsSvg, NUMBERED, paintDots, radiusOf, sameDots } from './dots.ts';
import type { Layout } from './layout.ts';

/** Half of what a dot and its halo take up. */
const HALF = 16;

const TONES: Record<Tone | 'paper', string> = {
  travel: '--ink',
  wait: '--status-wait',
  busy: '--ink',
  ok: '--status-ok',
  redirect: '--status-redirect',
  'client-error': '--status-client-error',
  'server-error': '--status-server-error',
  failed: '--status-server-error',
  follow: '--accent',
  paper: '--paper-raised',
};

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
  readonly #forced: boolean;
  readonly #marks = new Map<string, Mark>();
  #canvas: HTMLCanvasElement | null = null;
  #palette: Palette | null = null;
  #drawn: readonly Dot[] = [];

  /** For the map in `map`, a box of `width` by `height` CSS pixels. */
  constructor(map: Element, layout: Layout, width: number, height: number, forced: boolean) {
    this.#map = map;
    this.#layout = layout;
    this.#width = width;
    this.#height = height;
    this.#forced = forced;
  }

  /** CSS pixels of one unit of the layout. */
  get #scale(): number {
    return Math.min(this.#width / this.#layout.width, this.#height / this.#layout.height);
  }

  draw(dots: readonly Dot[]): void {
    if (sameDots(this.#drawn, dots)) return;
    this.#drawn = dots;
    const crowd = dots.length > NUMBERED;
    this.#move(crowd ? [] : dots);
    if (this.#forced) {
      const layer = this.#map.querySelector('.dots');
      if (layer && (crowd || layer.firstChild)) layer.innerHTML = crowd ? dotsSvg(dots) : '';
    } else if (crowd || this.#canvas) this.#paint(crowd ? dots : []);
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
      const looks = `${dot.shape} ${dot.tone} ${dot.number} ${dot.followed}`;
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

  #paint(dots: readonly Dot[]): void {
    if (!this.#canvas) {
      this.#canvas = document.createElement('canvas');
      this.#map.querySelector('.nodes')?.before(this.#canvas);
    }
    const canvas = this.#canvas;
    const context = canvas.getContext('2d');
    if (!context) return;
    const scale = this.#scale * Math.min(devicePixelRatio, dots.length > 500 ? 1.5 : 3);
    const width = Math.round(this.#layout.width * scale);
    const height = Math.round(this.#layout.height * scale);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    this.#palette ??= this.#readPalette();
    paintDots(context, dots, this.#palette);
  }

  #readPalette(): Palette {
    const style = getComputedStyle(this.#map);
    return Object.fromEntries(Object.entries(TONES).map(([tone, name]) => [tone, style.getPropertyValue(name).trim()])) as Palette;
  }
}

/** A dot around the middle of its own little drawing. */
function picture(dot: Dot): string {
  const r = radiusOf(1);
  const ring = dot.followed ? `<circle class="dot-ring" r="${r + 4}"/>` : '';
  return `<svg viewBox="${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}">${dotsSvg([{ ...dot, x: 0, y: 0 }])}${ring}</svg>`;
}
