/** The map of a frame as HTML text: for the build, where there is no browser, and for pages whose scripts do not run. */
import type { Frame } from '../trace/frame.ts';
import { dotsOf } from './dots.ts';
import { layoutFor } from './layout.ts';
import { edgesSvg, nodesSvg, roomsFor, valuesOf } from './svg.ts';

/** Both layouts for the first paint; CSS shows the one that fits. The browser replaces them by one of the exact width. */
export function renderDiagram(frame: Frame, followed: string | null = null): string {
  return [760, 360]
    .map((width) => {
      const layout = layoutFor(width, roomsFor(frame));
      const values = valuesOf(frame, layout, followed);
      const dots = dotsOf(frame, layout, followed);
      return `<div class="map ${layout.wide ? 'is-wide' : 'is-narrow'}">${edgesSvg(layout, values, dots)}${nodesSvg(layout, values)}</div>`;
    })
    .join('');
}
