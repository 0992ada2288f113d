/** A crowd of dots on a canvas. Each look is drawn once and then copied: thousands of paths in every frame would be too slow without a GPU. */
import type { Dot, Tone } from './dots.ts';
import { radiusOf } from './dots.ts';
import type { Layout } from './layout.ts';
import { sealPath, shapePath } from './shapes.ts';

/** Custom properties of the colours, by tone, and that of the paper. */
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

/** So many dots cost less when they are less sharp. */
const MANY = 500;
/** Half of what a small dot with its seal and its ring takes up, in units of the layout. */
const HALF = 11;

export class Crowd {
  readonly canvas = document.createElement('canvas');
  readonly #layout: Layout;
  readonly #fit: number;
  #scale = 0;
  #looks = new Map<string, HTMLCanvasElement>();
  #palette: Record<string, string> | null = null;

  /** `fit`: CSS pixels of one unit of the layout. */
  constructor(layout: Layout, fit: number) {
    this.#layout = layout;
    this.#fit = fit;
  }

  /** Draws these dots and no others. The canvas has to be in the page, for its colours. */
  paint(dots: readonly Dot[]): void {
    const { canvas } = this;
    const context = canvas.getContext('2d');
    if (!context) return;
    const scale = this.#fit * Math.min(devicePixelRatio, dots.length > MANY ? 1.5 : 3);
    if (scale !== this.#scale) {
      this.#scale = scale;
      this.#looks.clear();
      canvas.width = Math.round(this.#layout.width * scale);
      canvas.height = Math.round(this.#layout.height * scale);
    } else context.clearRect(0, 0, canvas.width, canvas.height);
    const half = Math.ceil(HALF * scale);
    const r = radiusOf(dots.length);
    let followed: Dot | undefined;
    for (const dot of dots) {
      if (dot.followed) followed = dot;
      else context.drawImage(this.#look(dot, r), Math.round(dot.x * scale) - half, Math.round(dot.y * scale) - half);
    }
    // on top of the others
    if (followed) context.drawImage(this.#look(followed, r), Math.round(followed.x * scale) - half, Math.round(followed.y * scale) - half);
  }

  #look({ shape, tone, sealed, followed }: Dot, r: number): HTMLCanvasElement {
    const name = `${shape} ${tone} ${sealed} ${r}`;
    const known = this.#looks.get(name);
    if (known) return known;
    const look = document.createElement('canvas');
    const half = Math.ceil(HALF * this.#scale);
    look.width = 2 * half;
    look.height = 2 * half;
    const context = look.getContext('2d');
    if (context) {
      this.#palette ??= this.#readPalette();
      context.setTransform(this.#scale, 0, 0, this.#scale, half, half);
      context.fillStyle = this.#palette['paper'] ?? '';
      context.fill(new Path2D(shapePath(shape === 'ring' ? 'disc' : shape, 0, 0, r + (sealed ? 4.5 : 2))));
      context.fillStyle = this.#palette[tone] ?? '';
      context.fill(new Path2D(shapePath(shape, 0, 0, r) + (sealed ? sealPath(0, 0, r) : '')), 'evenodd');
      context.strokeStyle = context.fillStyle;
      context.lineWidth = 1.5;
      if (followed) context.stroke(new Path2D(shapePath('disc', 0, 0, r + (sealed ? 6.5 : 4))));
    }
    this.#looks.set(name, look);
    return look;
  }

  #readPalette(): Record<string, string> {
    const style = getComputedStyle(this.canvas);
    return Object.fromEntries(Object.entries(TONES).map(([tone, name]) => [tone, style.getPropertyValue(name).trim()]));
  }
}
