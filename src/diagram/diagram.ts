/**
 * Puts the map into a page and keeps it up to date: nodes are patched in place, so they keep focus; the dots are drawn on a
 * canvas between the two SVG layers, or as SVG when the system forces its colours, which a canvas would not follow.
 */
import type { Frame } from '../trace/frame.ts';
import type { Dot, Palette, Tone } from './dots.ts';
import { dotsOf, dotsSvg, paintDots } from './dots.ts';
import type { Layout } from './layout.ts';
import { layoutFor } from './layout.ts';
import type { Values } from './svg.ts';
import { BINDINGS, edgesSvg, nodesSvg, roomsFor, valuesOf } from './svg.ts';

export interface Diagram {
  /** Shows a frame; `followed` is the key of the request in the accent. */
  show(frame: Frame, followed: string | null): void;
  destroy(): void;
}

export interface DiagramOptions {
  /** A worker's room (its number) or a dot (the key of its request) was chosen. */
  onChoose(choice: { worker: number } | { request: string }): void;
}

const TONES: Record<Tone | 'paper' | 'ink', string> = {
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
  ink: '--ink',
};

/** Mounts the map in `element`, in place of a first paint that may be there. */
export function mountDiagram(element: HTMLElement, options: DiagramOptions): Diagram {
  const forced = matchMedia('(forced-colors: active)');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let layout: Layout | null = null;
  let rooms = 0;
  let last: { frame: Frame; followed: string | null } | null = null;
  let shown: Values = {};
  let bound: { element: Element; kind: string; name: string }[] = [];
  let canvas: HTMLCanvasElement | null = null;
  let dotLayer: Element | null = null;
  let palette: Palette | null = null;
  let font = '';
  let dots: Dot[] = [];

  function build(frame: Frame, followed: string | null): void {
    rooms = Math.max(rooms, roomsFor(frame));
    const focused = element.contains(document.activeElement) ? document.activeElement?.getAttribute('data-node') : null;
    layout = layoutFor(element.clientWidth, rooms);
    shown = valuesOf(frame, layout, followed);
    element.innerHTML = `<div class="map is-live">${edgesSvg(layout, shown, [])}<canvas aria-hidden="true"></canvas>${nodesSvg(layout, shown)}</div>`;
    canvas = element.querySelector('canvas');
    dotLayer = element.querySelector('.dots');
    palette = null;
    bound = [...element.querySelectorAll('[data-v]')].flatMap((one) =>
      (one.getAttribute('data-v') as string).split(';').map((part) => ({ element: one, kind: part[0] as string, name: part.slice(2) })),
    );
    if (focused) nodeOf(focused)?.focus();
  }

  function patch(values: Values): void {
    for (const { element: one, kind, name } of bound) {
      const value = values[name] ?? '';
      if (shown[name] === value) continue;
      if (kind === 't') one.textContent = value;
      else one.setAttribute(BINDINGS[kind] as string, value);
    }
    shown = values;
  }

  function draw(map: Layout): void {
    const svg = forced.matches;
    if (dotLayer && (svg || dotLayer.firstChild)) dotLayer.innerHTML = svg ? dotsSvg(dots) : '';
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const scale = (canvas.clientWidth / map.width) * Math.min(devicePixelRatio, dots.length > 500 ? 1.5 : 3);
    const width = Math.round(map.width * scale);
    const height = Math.round(map.height * scale);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (svg) return;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    palette ??= readPalette();
    paintDots(context, dots, palette, font);
  }

  function readPalette(): Palette {
    const style = getComputedStyle(element);
    font = style.getPropertyValue('--font-mono').trim() || 'monospace';
    return Object.fromEntries(Object.entries(TONES).map(([tone, name]) => [tone, style.getPropertyValue(name).trim()])) as Palette;
  }

  function show(frame: Frame, followed: string | null): void {
    last = { frame, followed };
    if (!layout || roomsFor(frame) > rooms) build(frame, followed);
    else patch(valuesOf(frame, layout, followed));
    const map = layout as unknown as Layout;
    dots = dotsOf(frame, map, followed, calm.matches);
    draw(map);
  }

  const again = (): void => {
    palette = null;
    if (last) show(last.frame, last.followed);
  };
  const resized = new ResizeObserver(() => {
    layout = null;
    again();
  });
  const themed = new MutationObserver(again);
  const nodeOf = (id: string | null | undefined): SVGElement | null =>
    id ? element.querySelector<SVGElement>(`[data-node="${id}"]`) : null;

  function choose(event: MouseEvent | KeyboardEvent, target: Element): boolean {
    const id = target.closest('[data-node]')?.getAttribute('data-node');
    if (event instanceof MouseEvent && event.detail > 0 && layout && canvas) {
      const box = canvas.getBoundingClientRect();
      const scale = layout.width / box.width;
      const x = (event.clientX - box.left) * scale;
      const y = (event.clientY - box.top) * scale;
      const hit = dots.find((dot) => Math.hypot(dot.x - x, dot.y - y) < 14);
      if (hit) {
        options.onChoose({ request: hit.key });
        return true;
      }
    }
    if (!id?.startsWith('w')) return false;
    options.onChoose({ worker: Number(id.slice(1)) });
    return true;
  }

  const clicked = (event: MouseEvent): void => void choose(event, event.target as Element);

  /** One tab stop for all nodes; arrows go from one to the next in the order a request meets them. */
  const pressed = (event: KeyboardEvent): void => {
    const nodes = [...element.querySelectorAll<SVGElement>('[data-node]')];
    const here = nodes.indexOf(event.target as SVGElement);
    if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const next = nodes[(here + step + nodes.length) % nodes.length];
      nodes[here]?.setAttribute('tabindex', '-1');
      next?.setAttribute('tabindex', '0');
      next?.focus();
    } else if (!(event.key === 'Enter' || event.key === ' ') || !choose(event, event.target as Element)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  resized.observe(element);
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  const queries = [forced, dark, calm];
  for (const query of queries) query.addEventListener('change', again);
  element.addEventListener('click', clicked);
  element.addEventListener('keydown', pressed);

  return {
    show,
    destroy() {
      resized.disconnect();
      themed.disconnect();
      for (const query of queries) query.removeEventListener('change', again);
      element.removeEventListener('click', clicked);
      element.removeEventListener('keydown', pressed);
    },
  };
}
