/**
 * Puts the map into a page and keeps it up to date: nodes are patched in place, so they keep focus, and the dots move
 * between the two SVG layers.
 */
import type { Frame } from '../trace/frame.ts';
import type { TraceLog } from '../trace/log.ts';
import { bandsOf } from './bands.ts';
import { isCalm } from './calm.ts';
import { DotLayer } from './dot-layer.ts';
import { dotsOf, NUMBERED } from './dots.ts';
import type { Edge, Layout, Version } from './layout.ts';
import { layoutFor } from './layout.ts';
import { endsTls } from './seal.ts';
import { BINDINGS, edgesSvg, nodesSvg } from './svg.ts';
import type { Values } from './values.ts';
import { roomsFor, valuesOf } from './values.ts';
import type { Arrow } from './walk.ts';
import { neighbour } from './walk.ts';
import type { Names } from './words.ts';

export interface Diagram {
  /** Shows a frame; `followed` is the key of the request in the accent. */
  show(frame: Frame, followed: string | null): void;
  /** Shows of a frame only where the requests are: enough between two frames that are shown whole, and much cheaper. */
  move(frame: Frame, followed: string | null): void;
  /** Calls the parts by other names from now on. */
  rename(names: Names): void;
  /** Draws the same run as it really is, or as the lecture tells it: with a manager who points, which is a model. */
  tell(version: Version): void;
  destroy(): void;
}

/** What was pressed: a worker's room (its number) or a dot (the key of its request). */
export type Choice = { readonly worker: number } | { readonly request: string };

/** Key of the request that was chosen: a room stands for the one that is in it, if any. */
export function chosenRequest(choice: Choice, frame: Frame | undefined): string | null {
  if ('request' in choice) return choice.request;
  return frame?.workers.find((one) => one.worker === choice.worker)?.request ?? null;
}

interface DiagramOptions {
  /** A worker's room (its number) or a dot (the key of its request) was chosen. */
  onChoose(choice: Choice): void;
  /** The log of the frames: what they do not say is found there, the rates of flow bands and whether TLS was spoken. */
  log(): TraceLog | null;
}

/** Mounts the map in `element`, in place of a first paint that may be there. */
export function mountDiagram(element: HTMLElement, options: DiagramOptions): Diagram {
  const forced = matchMedia('(forced-colors: active)');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const paper = matchMedia('print');
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  /** Size of the element in CSS pixels, asked for only when it changes: asking in every frame would cost a layout each. */
  let box = { width: 0, height: 0 };
  let layout: Layout | null = null;
  let dots: DotLayer | null = null;
  let rooms = 0;
  let names: Names = 'python';
  let version: Version = 'real';
  let banded: ReadonlySet<Edge> = new Set();
  let last: { frame: Frame; followed: string | null } | null = null;
  let shown: Values = {};
  let bound: { element: Element; kind: string; name: string }[] = [];

  /** The values of a frame, and which lines are bands until the next one that is shown whole. */
  function valuesNow(frame: Frame, followed: string | null, on: Layout): Values {
    const bands = bandsOf(frame, options.log());
    banded = new Set(bands.map((band) => band.edge));
    return valuesOf(frame, on, followed, names, bands, endsTls(frame, options.log()));
  }

  function build(frame: Frame, followed: string | null): Layout {
    rooms = roomsFor(frame);
    const focused = element.contains(document.activeElement) ? document.activeElement?.getAttribute('data-node') : null;
    const before = element.querySelector('.map:not(.leaving)');
    layout = layoutFor(box.width, box.height, rooms, version);
    shown = valuesNow(frame, followed, layout);
    element.innerHTML = `<div class="map" data-kind="${layout.kind}" data-version="${version}">${edgesSvg(layout, shown, [])}${nodesSvg(layout, shown, names)}</div>`;
    const map = element.firstElementChild as Element;
    dots = new DotLayer(map, layout, box.width, box.height, paper.matches ? 0 : forced.matches ? NUMBERED : Number.POSITIVE_INFINITY);
    bound = [...map.querySelectorAll('[data-v]')].flatMap((one) =>
      (one.getAttribute('data-v') as string).split(';').map((part) => ({ element: one, kind: part[0] as string, name: part.slice(2) })),
    );
    if (focused) map.querySelector<SVGElement>(`[data-node="${focused}"]`)?.focus();
    if (before?.getAttribute('data-version') !== version) fadeOut(before);
    return layout;
  }

  /** The other version goes while this one comes: the map does not jump. */
  function fadeOut(before: Element | null): void {
    if (!before?.hasAttribute('data-version') || isCalm() || paper.matches) return;
    before.classList.add('leaving');
    before.setAttribute('inert', '');
    before.setAttribute('aria-hidden', 'true');
    element.append(before);
    void Promise.allSettled(before.getAnimations().map((one) => one.finished)).then(() => before.remove());
  }

  /** Touches only what changed: each touch is paid for with a repaint. */
  function patch(values: Values): void {
    for (const { element: one, kind, name } of bound) {
      const value = values[name] ?? '';
      if (shown[name] === value) continue;
      if (kind !== 't') one.setAttribute(BINDINGS[kind] as string, value);
      else if (one.firstChild) one.firstChild.nodeValue = value;
      else one.textContent = value;
    }
    shown = values;
  }

  function show(frame: Frame, followed: string | null): void {
    last = { frame, followed };
    if (!box.width) box = { width: element.clientWidth, height: element.clientHeight };
    // hidden: it is drawn when it gets a size
    if (box.width === 0) return;
    if (!layout || roomsFor(frame) !== rooms) build(frame, followed);
    else patch(valuesNow(frame, followed, layout));
    move(frame, followed);
  }

  function move(frame: Frame, followed: string | null): void {
    if (layout) dots?.draw(dotsOf(frame, layout, followed, isCalm(), banded));
    else show(frame, followed);
  }

  const again = (): void => {
    layout = null;
    if (last) show(last.frame, last.followed);
  };
  const resized = new ResizeObserver(() => {
    const now = { width: element.clientWidth, height: element.clientHeight };
    // hidden behind the text view
    if (now.width === 0 || (now.width === box.width && now.height === box.height)) return;
    box = now;
    again();
  });
  const themed = new MutationObserver(again);

  function choose(event: MouseEvent | KeyboardEvent, target: Element): boolean {
    if (event instanceof MouseEvent && event.detail > 0) {
      const area = element.getBoundingClientRect();
      // a page may have enlarged the figure
      const scale = area.width > 0 ? box.width / area.width : 1;
      const hit = dots?.at((event.clientX - area.left) * scale, (event.clientY - area.top) * scale);
      if (hit) {
        options.onChoose({ request: hit.key });
        return true;
      }
    }
    const id = target.closest('[data-node]')?.getAttribute('data-node');
    if (!id?.startsWith('w')) return false;
    options.onChoose({ worker: Number(id.slice(1)) });
    return true;
  }

  const clicked = (event: MouseEvent): void => void choose(event, event.target as Element);

  /** One tab stop for all nodes; arrows go along the lines from one to the next. */
  const pressed = (event: KeyboardEvent): void => {
    const here = (event.target as Element).closest('[data-node]');
    if (!here || !layout || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith('Arrow')) {
      const to = neighbour(layout.kind, version, rooms, here.getAttribute('data-node') ?? '', event.key as Arrow);
      const next = to && element.querySelector<SVGElement>(`.map:not(.leaving) [data-node="${to}"]`);
      if (next) {
        here.setAttribute('tabindex', '-1');
        next.setAttribute('tabindex', '0');
        next.focus();
      }
    } else if (!(event.key === 'Enter' || event.key === ' ') || !choose(event, event.target as Element)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  resized.observe(element);
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  const queries = [forced, dark, calm, paper];
  for (const query of queries) query.addEventListener('change', again);
  element.addEventListener('click', clicked);
  element.addEventListener('keydown', pressed);

  return {
    show,
    move,
    rename(next) {
      if (next === names) return;
      names = next;
      again();
    },
    tell(next) {
      if (next === version) return;
      version = next;
      again();
    },
    destroy() {
      resized.disconnect();
      themed.disconnect();
      for (const query of queries) query.removeEventListener('change', again);
      element.removeEventListener('click', clicked);
      element.removeEventListener('keydown', pressed);
    },
  };
}
