/** The map of a frame as HTML text: for the build, where there is no browser, and for pages whose scripts do not run. */
import type { Frame } from '../trace/frame.ts';
import { dotsOf } from './dots.ts';
import { layoutFor } from './layout.ts';
import { edgesSvg, nodesSvg, roomsFor, valuesOf } from './svg.ts';

/** One size for each kind of box that CSS tells apart, in the middle of those it stands for. */
const SIZES = { tall: [840, 424], low: [620, 300], narrow: [344, 524], strip: [352, 172] } as const;
export type FirstPaint = keyof typeof SIZES;

/** The map in several sizes; CSS shows the one that fits its box. The browser replaces them by one of the exact size. */
export function renderDiagram(frame: Frame, sizes: readonly FirstPaint[]): string {
  return sizes
    .map((size) => {
      const [width, height] = SIZES[size];
      const layout = layoutFor(width, height, roomsFor(frame));
      const values = valuesOf(frame, layout, null);
      const dots = dotsOf(frame, layout, null);
      return `<div class="map for-${size}" data-kind="${layout.kind}">${edgesSvg(layout, values, dots)}${nodesSvg(layout, values)}</div>`;
    })
    .join('');
}
