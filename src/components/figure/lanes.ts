/**
 * The lanes view: time runs to the right as on the story clock, labelled with the real times; the shown moment stays in its place
 * and the paper moves beneath it. Only what is in sight is drawn, with some to spare on both sides.
 */
import { WORDS } from '../../diagram/words.ts';
import { markersOf } from '../../trace/markers.ts';
import { Story } from '../../trace/story.ts';
import { indexOf, longestQueue } from '../../trace/trace-index.ts';
import lanesCss from './lanes.css?inline';
import { stretchOf } from './lanes-data.ts';
import type { LanesLayout } from './lanes-layout.ts';
import { layLanes, Tracks } from './lanes-layout.ts';
import { namesSvg, paperSvg } from './lanes-svg.ts';
import { addStyle } from './style.ts';
import type { Seen, View, ViewEvents } from './view.ts';

/** Pixels per screen millisecond. */
const ZOOM = { start: 0.14, min: 0.004, max: 2, step: 1.4 } as const;
/** So much of its width is drawn on either side of what is in sight. */
const SPARE = 0.75;
/** A pointer that has moved less has pressed what is under it. */
const DRAG_FROM = 4;

export function mountLanes(element: HTMLElement, events: ViewEvents): View {
  addStyle(lanesCss);
  element.innerHTML = `<div class="lanes" tabindex="0" role="group" aria-label="Lanes, one for each process. Arrow left and right move in time, up and down go through the requests, Enter opens one.">
    <svg class="lanes-drawing"><g class="names"></g><svg class="window"><g class="paper"></g><rect class="veil ahead" y="0"/><rect class="veil unknown" y="0"/></svg><path class="head"/></svg>
    <span class="zoom"><button type="button" aria-label="Less time, larger">+</button><button type="button" aria-label="More time, smaller">−</button></span>
  </div>`;
  const part = <E extends Element>(selector: string): E => element.querySelector(selector) as E;
  const root = part<HTMLElement>('.lanes');
  const paper = part<SVGGElement>('.paper');
  const window = part<SVGSVGElement>('.window');
  let zoom: number = ZOOM.start;
  let seen: Seen | null = null;
  let story: Story | null = null;
  let tracks = new Tracks(2);
  let longest = 0;
  let layout: LanesLayout | null = null;
  let box = { width: element.clientWidth, height: element.clientHeight };
  /** Screen times between which the paper is drawn, and what it was drawn for. */
  let drawn = { from: 0, to: 0, of: '' };
  let read = { log: seen as Seen['log'] | null, clock: undefined as Story | undefined, version: -1 };
  let namesShown = '';
  /** Words in the spans: those of a span that began before what is in sight stay at its edge. */
  let words: readonly { readonly element: SVGElement; readonly from: number; readonly to: number }[] = [];
  let times: readonly { readonly element: SVGElement; readonly x: number }[] = [];

  function show(now: Seen): void {
    seen = now;
    if (read.log !== now.log || read.clock !== now.clock) {
      story = now.clock ?? new Story(now.log);
      tracks = new Tracks(0);
      drawn = { from: 0, to: 0, of: '' };
    }
    if (read.log !== now.log || read.clock !== now.clock || read.version !== now.log.version) {
      read = { log: now.log, clock: now.clock, version: now.log.version };
      story?.update();
      longest = longestQueue(now.log);
      layout = null;
    }
    if (box.width === 0) return;
    layout ??= lay(now);
    const names = namesSvg(layout, now.frame, now.names);
    if (names !== namesShown) part('.names').innerHTML = names;
    namesShown = names;
    move(now);
  }

  function lay(now: Seen): LanesLayout {
    const { lanes } = stretchOf(now.log, now.t, now.t);
    const next = layLanes(box.width, box.height, lanes, now.log.header !== null);
    const count = next.rows.find((row) => row.lane.worker === null)?.tracks ?? 2;
    if (count !== tracks.count) tracks = new Tracks(count);
    tracks.take(indexOf(now.log).requests.list);
    const set = (selector: string, values: Readonly<Record<string, number | string>>): void => {
      for (const [name, value] of Object.entries(values)) part(selector).setAttribute(name, String(value));
    };
    set('.lanes-drawing', { width: box.width, height: box.height });
    set('.window', { x: next.left, width: box.width - next.left, height: box.height });
    set('.head', { d: `M${next.head} 0V${box.height - next.axis}` });
    for (const veil of ['.ahead', '.unknown']) set(veil, { height: box.height - next.axis });
    return next;
  }

  function move(now: Seen): void {
    seen = now;
    if (!layout || !story) return;
    const at = story.screenTime(now.t);
    const before = (layout.head - layout.left) / zoom;
    const after = (box.width - layout.head) / zoom;
    const of = `${read.version} ${now.followed} ${now.names} ${zoom} ${box.width} ${box.height}`;
    if (of !== drawn.of || at - before < drawn.from || at + after > drawn.to) {
      const spare = (before + after) * SPARE;
      drawn = { from: at - before - spare, to: at + after + spare, of };
      draw(now, layout, story);
    }
    const head = layout.head - layout.left;
    /** The left edge of the window, on the paper. */
    const edge = (at - drawn.from) * zoom - head;
    paper.setAttribute('transform', `translate(${(-edge).toFixed(2)} 0)`);
    // half a time would be read as another one
    for (const { element: text, x } of times) text.toggleAttribute('data-cut', x < edge);
    for (const { element: text, from, to } of words)
      text.setAttribute('x', Math.min(Math.max(from, edge + 6), Math.max(from, to)).toFixed(1));
    const known = Math.min(box.width, Math.max(head, head + (story.screenTime(now.log.end) - at) * zoom));
    place('.ahead', head, known - head);
    place('.unknown', known, Math.max(0, box.width - known));
  }

  function place(selector: string, x: number, width: number): void {
    part(selector).setAttribute('x', x.toFixed(1));
    part(selector).setAttribute('width', width.toFixed(1));
  }

  function draw(now: Seen, lay: LanesLayout, clock: Story): void {
    const { from, to } = drawn;
    const stretch = stretchOf(now.log, clock.traceTime(from), clock.traceTime(to));
    const rows = lay.rows.map((row, at) => ({ ...row, lane: stretch.lanes[at] ?? row.lane }));
    const focused = document.activeElement?.closest('.paper') ? (document.activeElement as SVGElement).dataset : null;
    paper.innerHTML = paperSvg({
      stretch,
      layout: { ...lay, rows },
      scale: { x: (t) => (clock.screenTime(t) - from) * zoom, t: (x) => clock.traceTime(from + x / zoom), width: (to - from) * zoom },
      tracks,
      names: now.names,
      followed: now.followed,
      longest,
      marks: markersOf(now.log, WORDS[now.names].told),
    });
    words = [...paper.querySelectorAll<SVGElement>('.words')].map((one) => ({
      element: one,
      from: Number(one.dataset['from']),
      to: Number(one.dataset['to']),
    }));
    times = [...paper.querySelectorAll<SVGElement>('.time')].map((one) => ({ element: one, x: Number(one.getAttribute('x')) }));
    if (!focused) return;
    const again = spans().find(({ dataset }) => dataset['key'] === focused['key'] && dataset['lane'] === focused['lane']);
    (again ?? root).focus({ preventScroll: true });
  }

  const spans = (): SVGElement[] => [...paper.querySelectorAll<SVGElement>('[role="button"]')];

  function rezoom(by: number): void {
    zoom = Math.max(ZOOM.min, Math.min(ZOOM.max, zoom * by));
    if (seen) move(seen);
  }

  function seekBy(pixels: number, from = seen?.t ?? 0): void {
    if (story) events.seek(story.traceTime(Math.max(0, story.screenTime(from) + pixels / zoom)));
  }

  /** Up and down, to the request before and after in time; from outside to the one nearest to the shown moment. */
  function walk(by: 1 | -1): void {
    const middle = root.getBoundingClientRect().left + (layout?.head ?? 0);
    const boxes = spans().map((span) => ({ span, left: span.getBoundingClientRect().left }));
    const all = boxes.sort((a, b) => a.left - b.left).map(({ span }) => span);
    const here = all.indexOf(document.activeElement as SVGElement);
    const nearest = Math.max(
      0,
      boxes.findLastIndex(({ left }) => left <= middle),
    );
    all[here < 0 ? nearest : Math.max(0, Math.min(all.length - 1, here + by))]?.focus({ preventScroll: true });
  }

  root.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = event.target instanceof SVGElement ? event.target.dataset['key'] : undefined;
    if (event.key === 'ArrowDown') walk(1);
    else if (event.key === 'ArrowUp') walk(-1);
    else if (event.key === '+' || event.key === '=') rezoom(ZOOM.step);
    else if (event.key === '-') rezoom(1 / ZOOM.step);
    else if (focused !== undefined && (event.key === 'Enter' || event.key === ' ')) events.open(focused);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  let drag: { x: number; t: number; moved: boolean } | null = null;
  window.addEventListener('pointerdown', (event) => {
    if (event.button === 0 && seen) drag = { x: event.clientX, t: seen.t, moved: false };
  });
  window.addEventListener('pointermove', (event) => {
    if (!drag || (!drag.moved && Math.abs(event.clientX - drag.x) < DRAG_FROM)) return;
    if (!drag.moved) window.setPointerCapture(event.pointerId);
    drag.moved = true;
    seekBy(drag.x - event.clientX, drag.t);
  });
  const dropped = (): void => {
    drag = null;
  };
  window.addEventListener('pointerup', (event) => {
    const key = event.target instanceof Element ? event.target.closest<SVGElement>('[data-key]')?.dataset['key'] : undefined;
    if (drag && !drag.moved && key !== undefined) events.open(key);
    dropped();
  });
  window.addEventListener('pointercancel', dropped);
  // down the page the wheel belongs to the page
  root.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey) rezoom(event.deltaY < 0 ? ZOOM.step : 1 / ZOOM.step);
      else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) seekBy(event.deltaX || event.deltaY);
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
  const [larger, smaller] = element.querySelectorAll('.zoom button');
  larger?.addEventListener('click', () => rezoom(ZOOM.step));
  smaller?.addEventListener('click', () => rezoom(1 / ZOOM.step));

  const resized = new ResizeObserver(() => {
    box = { width: element.clientWidth, height: element.clientHeight };
    layout = null;
    if (seen) show(seen);
  });
  resized.observe(element);

  return { show, move, destroy: () => resized.disconnect() };
}
