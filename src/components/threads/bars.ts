/** Requests as bars over time, as the text of an SVG that is stretched to its place. Only numbers come in, so it can be put into a page as it is. */

export interface Lane {
  /** Waits in the queue from here to where its bars begin. */
  readonly queued?: number;
  /** The darker, the more of that time the processor was at it: 0 to 1. */
  readonly bars: readonly { readonly from: number; readonly to: number; readonly share: number }[];
}

/** Of the drawing's own units, as the CSS gives it its size: the width is that of the place. */
const WIDTH = 1000;
const LANE = 14;
const BAR = 10;

/** The lanes between two times, with a line at every `tick`; all in the same unit. */
export function barsSvg(lanes: readonly Lane[], from: number, to: number, tick: number): string {
  const height = lanes.length * LANE;
  const x = (t: number): number => Math.round(((Math.min(Math.max(t, from), to) - from) / (to - from)) * WIDTH * 10) / 10;
  const ticks: string[] = [];
  for (let t = from; t <= to; t += tick) ticks.push(`<path class="tick" d="M${x(t)} 0V${height}"/>`);
  const drawn = lanes.map(({ queued, bars }, lane) => {
    const top = lane * LANE + (LANE - BAR) / 2;
    const first = bars[0]?.from ?? from;
    const line = queued !== undefined && first > queued ? `<path class="queue" d="M${x(queued)} ${top + BAR / 2}H${x(first)}"/>` : '';
    return line + bars.map((bar) => rectangle(x(bar.from), x(bar.to), top, bar.share)).join('');
  });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none" aria-hidden="true">${ticks.join('')}${drawn.join('')}</svg>`;
}

function rectangle(from: number, to: number, top: number, share: number): string {
  const width = Math.round(Math.max(to - from, 1) * 10) / 10;
  return `<rect x="${from}" y="${top}" width="${width}" height="${BAR}" fill-opacity="${Math.round(share * 100) / 100}"/>`;
}

/** Of lines at a distance of 1, 2 or 5 times a power of ten, those that make the fewest but not fewer than two. */
export function tickFor(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length));
  return [5, 2, 1, 0.5, 0.2].map((times) => times * power).find((tick) => length / tick >= 2) ?? length;
}

/** How far the lines are from each other: `200 ms apart`, `1 s apart` */
export function apart(tick: number): string {
  return `${tick < 1000 ? `${tick} ms` : `${tick / 1000} s`} apart`;
}

/** `1.04 s`, `380 ms`, with a space that no line ends at. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)}\u00a0ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)}\u00a0s`;
}
