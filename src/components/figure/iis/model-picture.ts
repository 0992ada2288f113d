/** Puts the picture of the model into the page and keeps it up to date: nodes are patched in place, so they keep focus. */
import { isCalm } from '../../../diagram/calm.ts';
import type { Iis } from '../../../model/iis.ts';
import type { IisState } from '../../../model/state.ts';
import { CORES } from '../../../model/steps.ts';
import { DotStage } from './dot-stage.ts';
import type { ModelLayout } from './layout.ts';
import { modelLayout } from './layout.ts';
import type { Values } from './picture.ts';
import { edges, nodes, threadsFor, valuesOf } from './picture.ts';

interface ModelPicture {
  show(iis: Iis, state: IisState, followed: string | null): void;
  /** Only the dots. */
  move(iis: Iis, state: IisState, followed: string | null): void;
  destroy(): void;
}

const ATTRIBUTES: Readonly<Record<string, string>> = { s: 'data-s', f: 'data-f', a: 'aria-label', d: 'd' };
const ARROWS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** `open` is called with the key of a request that was chosen. */
export function mountModelPicture(element: HTMLElement, open: (key: string) => void): ModelPicture {
  let box = { width: 0, height: 0 };
  let built = '';
  let layout: ModelLayout | null = null;
  let dots: DotStage | null = null;
  let bound: { element: Element; kind: string; name: string; value: string }[] = [];
  let last: { iis: Iis; state: IisState; followed: string | null } | null = null;

  function build(iis: Iis, state: IisState): ModelLayout {
    const threads = threadsFor(state, iis.settings, CORES);
    const signature = `${box.width} ${box.height} ${threads.join()}`;
    if (layout && signature === built) return layout;
    built = signature;
    const next = modelLayout(box.width, box.height, threads);
    layout = next;
    const focused = element.contains(document.activeElement) ? document.activeElement?.getAttribute('data-node') : null;
    element.innerHTML = `<div class="map" data-kind="iis">${edges(next)}${nodes(next)}</div>`;
    dots = new DotStage(element.firstElementChild as Element, next);
    bound = [...element.querySelectorAll('[data-v]')].flatMap((one) =>
      (one.getAttribute('data-v') as string)
        .split(';')
        .map((part) => ({ element: one, kind: part[0] as string, name: part.slice(2), value: '' })),
    );
    if (focused) element.querySelector<SVGElement>(`[data-node="${focused}"]`)?.focus();
    return next;
  }

  /** Touches only what changed. */
  function patch(values: Values): void {
    for (const one of bound) {
      const value = values[one.name] ?? '';
      if (one.value === value) continue;
      one.value = value;
      if (one.kind === 't') one.element.textContent = value;
      else one.element.setAttribute(ATTRIBUTES[one.kind] as string, value);
    }
  }

  function show(iis: Iis, state: IisState, followed: string | null): void {
    last = { iis, state, followed };
    if (!box.width) box = { width: element.clientWidth, height: element.clientHeight };
    // hidden: it is drawn when it gets a size
    if (box.width === 0) return;
    patch(valuesOf(state, iis.settings, build(iis, state), followed));
    dots?.draw(state, followed, isCalm());
  }

  const resized = new ResizeObserver(() => {
    const now = { width: element.clientWidth, height: element.clientHeight };
    if (now.width === 0 || (now.width === box.width && now.height === box.height)) return;
    box = now;
    if (last) show(last.iis, last.state, last.followed);
  });

  /** The request that a node stands for: the first in the queue, or the first in a room. */
  function requestOf(node: string | null | undefined): string | undefined {
    if (!last || !node) return undefined;
    const { waiting, processes } = last.state;
    if (node === 'queue') return waiting[0]?.arrival.key;
    return processes.find((one) => `r${one.room}` === node)?.running[0]?.arrival.key;
  }

  const clicked = (event: MouseEvent): void => {
    const area = element.getBoundingClientRect();
    const dot = event.detail > 0 && layout ? dots?.at(event.clientX - area.left, event.clientY - area.top) : undefined;
    const key = dot ?? requestOf((event.target as Element).closest('[data-node]')?.getAttribute('data-node'));
    if (key) open(key);
  };

  /** One tab stop for all nodes; arrows go from one to the next in the order a request meets them. */
  const pressed = (event: KeyboardEvent): void => {
    const all = [...element.querySelectorAll<SVGElement>('[data-node]')];
    const here = all.indexOf(event.target as SVGElement);
    if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = ARROWS[event.key];
    if (step) {
      const next = all[(here + step + all.length) % all.length];
      all[here]?.setAttribute('tabindex', '-1');
      next?.setAttribute('tabindex', '0');
      next?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      const key = requestOf(all[here]?.getAttribute('data-node'));
      if (!key) return;
      open(key);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  resized.observe(element);
  element.addEventListener('click', clicked);
  element.addEventListener('keydown', pressed);

  return {
    show,
    move(iis, state, followed) {
      if (layout) dots?.draw(state, followed, isCalm());
      else show(iis, state, followed);
    },
    destroy() {
      resized.disconnect();
      element.removeEventListener('click', clicked);
      element.removeEventListener('keydown', pressed);
    },
  };
}
