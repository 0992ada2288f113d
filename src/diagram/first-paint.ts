/** The map of a frame as HTML text: for the build, where there is no browser, and for pages whose scripts do not run. */
import type { Frame } from '../trace/frame.ts';
import type { TraceLog } from '../trace/log.ts';
import { bandsOf } from './bands.ts';
import { dotsOf } from './dots.ts';
import type { Version } from './layout.ts';
import { layoutFor } from './layout.ts';
import { endsTls } from './seal.ts';
import { edgesSvg, nodesSvg } from './svg.ts';
import { roomsFor, valuesOf } from './values.ts';
import type { Names } from './words.ts';

/** One size for each kind of box that CSS tells apart, in the middle of those it stands for. */
const SIZES = { tall: [840, 424], low: [620, 300], narrow: [344, 524], strip: [352, 172] } as const;
export type FirstPaint = keyof typeof SIZES;

/** What else there is to say of a first paint. */
interface How {
  /** The log of the frame: for the rates of flow bands, and for the padlock. */
  readonly log?: TraceLog;
  readonly followed?: string;
  readonly names?: Names;
  readonly version?: Version;
}

/** The map in several sizes; CSS shows the one that fits its box. The browser replaces them by one of the exact size. */
export function renderDiagram(frame: Frame, sizes: readonly FirstPaint[], how: How = {}): string {
  const { log = null, followed, names = 'python', version = 'real' } = how;
  const bands = bandsOf(frame, log);
  const banded = new Set(bands.map((band) => band.edge));
  return sizes
    .map((size) => {
      const [width, height] = SIZES[size];
      const layout = layoutFor(width, height, roomsFor(frame), version);
      const values = valuesOf(frame, layout, followed ?? null, names, bands, endsTls(frame, log));
      const dots = dotsOf(frame, layout, followed ?? null, false, banded);
      return `<div class="map for-${size}" data-kind="${layout.kind}" data-version="${version}">${edgesSvg(layout, values, dots)}${nodesSvg(layout, values, names)}</div>`;
    })
    .join('');
}
